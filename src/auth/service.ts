import { recordEvent } from '../audit/service.ts'
import type { Db } from '../db/db.ts'
import { Conflict, NotFound, Refused } from '../errors.ts'
import { townFacts } from '../web/town.ts'
import { hasFactor } from './factor.ts'
import { endSessions } from './login-sessions.ts'
import { hashPassword, isWeak, verifyPassword } from './passwords.ts'
import type { Role } from './permissions.ts'
import { passwordRefusal } from './rules.ts'
import { hasAdministrator, takeLink } from './setup-link.ts'
import * as store from './store.ts'
import { enter, forgive, succeeded } from './throttle.ts'

/** A user name as it is kept and compared: small letters, no spaces around it. */
export const userName = (typed: string): string => typed.normalize('NFC').trim().toLowerCase()

/** `second`: the password is right, and the second factor is still to be shown. */
export type SignIn = { ok: true; userId: number; second: boolean } | { ok: false; wait: number }

/**
 * Looks at a name and a password. `wait` > 0: too many tries, nothing was looked at. Unknown, disabled and wrong are one
 * answer, with the same work done.
 */
export async function signIn(db: Db, typedName: string, password: string, address: string): Promise<SignIn> {
  const name = userName(typedName).slice(0, 100)
  const entered = await enter(db, name, address)
  if (!('attempt' in entered)) return { ok: false, wait: entered.wait }
  const user = await store.findUserByName(db, name)
  const right = await verifyPassword(user && !user.disabledAt ? user.passwordHash : null, password)
  const actor = right && user ? user.id : 0
  const second = actor > 0 && (await hasFactor(db, actor))
  await recordEvent(db, {
    actor,
    action: right ? (second ? 'password right' : 'sign-in') : 'sign-in failed',
    subject: 'user',
    subjectKey: name,
    address,
  })
  if (!right || !user?.passwordHash) return { ok: false, wait: 0 }
  // with a second factor the try is not a success yet: guesses at the code count on
  if (!second) await succeeded(db, entered.attempt)
  if (isWeak(user.passwordHash)) await store.setPasswordHash(db, user.id, await hashPassword(password), 0)
  return { ok: true, userId: user.id, second }
}

export interface NewUser {
  name: string
  role: Role
  fullName?: string
  /** Left out, the user sets it with a link. */
  password?: string
}

/** Adds a user; its id. Refuses a name that is taken or no name, and a password that is too easy. */
export async function addUser(db: Db, user: NewUser, by = 0): Promise<number> {
  const name = userName(user.name)
  if (!/^[a-z0-9][a-z0-9._@-]{0,59}$/.test(name)) {
    throw new Refused('user_name', 'A user name has letters, digits, dots and hyphens, at most 60.', {
      name: 'Not a user name.',
    })
  }
  if (user.password !== undefined) await requireGoodPassword(db, user.password, name)
  const passwordHash = user.password === undefined ? null : await hashPassword(user.password)
  const id = await store.insertUser(db, { name, fullName: user.fullName ?? '', role: user.role, passwordHash }, by)
  if (id === undefined)
    throw new Refused('user_name_taken', `There is a user ${name} already.`, { name: 'This name is taken.' })
  return id
}

async function requireGoodPassword(db: Db, password: string, name: string): Promise<void> {
  const refusal = passwordRefusal(password, [(await townFacts(db)).name, name])
  if (refusal) throw new Refused('password', refusal, { password: refusal })
}

/** The first administrator, with the link of the first start. Refuses a link that is used or old, and a town that has one. */
export async function setUp(
  db: Db,
  token: string,
  user: { name: string; fullName: string; password: string },
): Promise<number> {
  await requireGoodPassword(db, user.password, userName(user.name))
  return db.transaction(async (tx) => {
    const link = await takeLink(tx as unknown as Db, token)
    if (!link || link.userId !== null || (await hasAdministrator(tx as unknown as Db))) {
      throw new Refused('link', 'This link has been used or is too old. Start the application again for a new one.')
    }
    return addUser(tx as unknown as Db, { ...user, role: 'administrator' })
  })
}

/** Sets a user's own new password with the link an administrator made; ends every session of the user. Refuses a used link. */
export async function setPasswordByLink(db: Db, token: string, userId: number, password: string): Promise<void> {
  const user = await store.findUser(db, userId)
  if (!user) throw new NotFound('user')
  await requireGoodPassword(db, password, user.name)
  const link = await takeLink(db, token)
  if (link?.userId !== userId) throw new Refused('link', 'This link has been used or is too old. Ask for a new one.')
  await replacePassword(db, user, password, '')
}

/** The user's own change, once who it is was proven (S-8): ends the user's other sessions. */
export async function changePassword(db: Db, userId: number, password: string, session: string): Promise<void> {
  const user = await store.findUser(db, userId)
  if (!user) throw new NotFound('user')
  await requireGoodPassword(db, password, user.name)
  await replacePassword(db, user, password, session)
}

async function replacePassword(db: Db, user: store.UserRow, password: string, keptSession: string): Promise<void> {
  await store.setPasswordHash(db, user.id, await hashPassword(password), user.id)
  await forgive(db, user.name)
  await endSessions(db, user.id, keptSession)
  await recordEvent(db, { actor: user.id, action: 'password changed', subject: 'user', subjectKey: user.name })
}

const LAST = 'This is the last administrator. Make somebody else one first.'

/** Changes name and role; a changed role ends the user's sessions. Refuses to take the last administrator away. */
export async function editUser(
  db: Db,
  id: number,
  version: number,
  values: { fullName: string; role: Role },
  by: number,
) {
  await db.transaction(async (tx) => {
    const inside = tx as unknown as Db
    const user = await store.findUser(inside, id)
    if (!user) throw new NotFound('user')
    const leaves = user.role === 'administrator' && values.role !== 'administrator' && !user.disabledAt
    if (leaves && (await store.otherAdministrators(inside, id)) === 0)
      throw new Refused('last_administrator', LAST, { role: LAST })
    if (!(await store.updateUser(inside, id, version, values, by))) {
      throw new Conflict('Somebody else has changed this user since you opened the page. Reload it and look again.')
    }
    if (user.role !== values.role) await endSessions(inside, id)
  })
}

/** Lets a user in no more, at once, or again. Refuses to take the last administrator away. */
export async function disableUser(db: Db, id: number, disabled: boolean, by: number): Promise<void> {
  await db.transaction(async (tx) => {
    const inside = tx as unknown as Db
    const user = await store.findUser(inside, id)
    if (!user) throw new NotFound('user')
    const last = disabled && user.role === 'administrator' && (await store.otherAdministrators(inside, id)) === 0
    if (last) throw new Refused('last_administrator', LAST)
    await store.setDisabled(inside, id, disabled, by)
    await endSessions(inside, id)
  })
}

export { findUserByName } from './store.ts'
