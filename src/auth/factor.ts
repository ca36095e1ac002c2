import { recordEvent } from '../audit/service.ts'
import type { Db } from '../db/db.ts'
import { NotFound, Refused } from '../errors.ts'
import { fieldKeys } from '../secrets/keys.ts'
import { openField, placeOf, sealField } from '../secrets/seal.ts'
import * as store from './factor-store.ts'
import { endSessions } from './login-sessions.ts'
import { newRecoveryCodes, newSeed, recoveryHash, stepOfCode } from './totp.ts'

/** Whose factor it is: the name is the place of the sealed seed, and never changes. */
export interface Owner {
  id: number
  name: string
}

const place = (owner: Owner) => placeOf('user', owner.name, 'totp')
const MINUTES_TO_CONFIRM = 15
const seconds = (): number => Date.now() / 1000

/** Whether a user has a second factor that was confirmed with a code. */
export async function hasFactor(db: Db, userId: number): Promise<boolean> {
  return ((await store.findFactor(db, userId))?.confirmedAt ?? null) !== null
}

/** Makes a seed and keeps it until a code confirms it. Refuses a user who has a second factor, and a server without keys. */
export async function startFactor(db: Db, owner: Owner): Promise<void> {
  const sealed = sealField(fieldKeys(), place(owner), newSeed())
  if (!(await store.keepSeed(db, owner.id, sealed)))
    throw new Refused('factor_exists', 'You have a second factor. Remove it first, then set up another.')
}

const opened = (owner: Owner, row: store.FactorRow): string => openField(fieldKeys(), place(owner), row.seedSealed)

/** The seed that waits for its first code; undefined when there is none, or it has waited longer than 15 minutes. */
export async function newSeedOf(db: Db, owner: Owner): Promise<string | undefined> {
  const row = await store.findFactor(db, owner.id)
  const waits = row?.confirmedAt === null && Date.now() - row.createdAt.getTime() < MINUTES_TO_CONFIRM * 60_000
  return waits ? opened(owner, row) : undefined
}

/** The seed in force, for another device of its owner. */
export async function seedInForce(db: Db, owner: Owner): Promise<string> {
  const row = await store.findFactor(db, owner.id)
  if (!row?.confirmedAt) throw new NotFound('second factor')
  return opened(owner, row)
}

const WRONG_CODE = 'That is not the code that the app shows now.'

/**
 * Confirms a new seed with a code from the app: from now on sign-in asks for one. Answers ten recovery codes, which are
 * shown once; ends the user's other sessions (S-8).
 */
export async function confirmFactor(db: Db, owner: Owner, code: string, session: string): Promise<string[]> {
  const seed = await newSeedOf(db, owner)
  if (seed === undefined) throw new NotFound('second factor')
  const step = stepOfCode(seed, code, 0, seconds())
  if (step === undefined || !(await store.takeStep(db, owner.id, step)))
    throw new Refused('factor_code', WRONG_CODE, { code: WRONG_CODE })
  await recordEvent(db, { actor: owner.id, action: 'second factor set', subject: 'user', subjectKey: owner.name })
  await store.markSession(db, session, true)
  await endSessions(db, owner.id, session)
  return makeRecoveryCodes(db, owner)
}

/** Ten new recovery codes; the earlier ones stop working. */
export async function makeRecoveryCodes(db: Db, owner: Owner): Promise<string[]> {
  const codes = newRecoveryCodes()
  await store.replaceRecoveryCodes(db, owner.id, codes.map(recoveryHash))
  await recordEvent(db, { actor: owner.id, action: 'recovery codes made', subject: 'user', subjectKey: owner.name })
  return codes
}

/** Looks at a code of the app or a recovery code, and takes it: neither works twice (S-6). */
export async function takeCode(db: Db, owner: Owner, typed: string): Promise<boolean> {
  const code = typed.replace(/\s/g, '')
  if (/^\d{6}$/.test(code)) return takeAppCode(db, owner, code)
  if (!(await store.takeRecoveryCode(db, owner.id, recoveryHash(code)))) return false
  await recordEvent(db, { actor: owner.id, action: 'recovery code used', subject: 'user', subjectKey: owner.name })
  return true
}

async function takeAppCode(db: Db, owner: Owner, code: string): Promise<boolean> {
  const row = await store.findFactor(db, owner.id)
  if (!row?.confirmedAt) return false
  const step = stepOfCode(opened(owner, row), code, row.lastStep, seconds())
  return step !== undefined && store.takeStep(db, owner.id, step)
}

/** The user's own removal, after password and code were shown; ends the other sessions. */
export async function removeFactor(db: Db, owner: Owner, session: string): Promise<void> {
  if (!(await store.dropFactor(db, owner.id))) throw new NotFound('second factor')
  await store.markSession(db, session, false)
  await endSessions(db, owner.id, session)
  await recordEvent(db, { actor: owner.id, action: 'second factor removed', subject: 'user', subjectKey: owner.name })
}

/** An administrator, or the command line, takes away the factor of somebody who has lost it; ends the user's sessions. */
export async function resetFactor(db: Db, owner: Owner, by: number, reason: string, address = ''): Promise<void> {
  if (!(await store.dropFactor(db, owner.id))) throw new NotFound('second factor')
  await endSessions(db, owner.id)
  await recordEvent(db, {
    actor: by,
    action: 'second factor reset',
    subject: 'user',
    subjectKey: owner.name,
    reason,
    address,
  })
}

export { recoveryCodesLeft, usersWithFactor } from './factor-store.ts'
