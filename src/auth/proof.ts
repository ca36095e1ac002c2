import { recordEvent } from '../audit/service.ts'
import type { Db } from '../db/db.ts'
import { NotFound, Refused } from '../errors.ts'
import { hasFactor, takeCode } from './factor.ts'
import { verifyPassword } from './passwords.ts'
import { findUser } from './store.ts'
import { enter, succeeded } from './throttle.ts'

export interface Shown {
  password: string
  /** Of the app, or a recovery code; looked at only where the user has a second factor. */
  code?: string | undefined
}

/** What the sign-in page and every form that asks for the password say of too many tries. */
export function tooManyTries(wait: number): string {
  if (!Number.isFinite(wait)) return 'Too many tries. An administrator has to make a new password link.'
  const time = wait < 90 ? `${wait} seconds` : `${Math.ceil(wait / 60)} minutes`
  return `Too many tries. Wait ${time}, then try again.`
}

/**
 * Is it still the person who signed in? Password, and the second factor where there is one, within this one request (S-8,
 * S-37). Tries count with those of signing in. Refuses with the sentence at its field: `password` or `code`.
 */
export async function proveIdentity(
  db: Db,
  userId: number,
  shown: Shown,
  address: string,
  field = 'password',
): Promise<void> {
  const user = await findUser(db, userId)
  if (!user) throw new NotFound('user')
  const entered = await enter(db, user.name, address)
  if (!('attempt' in entered)) throw refused(field, tooManyTries(entered.wait))
  const wrong = await whatIsWrong(db, user, shown, field)
  if (!wrong) return succeeded(db, entered.attempt)
  await recordEvent(db, { actor: userId, action: 'step-up failed', subject: 'user', subjectKey: user.name, address })
  throw refused(...wrong)
}

type User = { id: number; name: string; passwordHash: string | null }

async function whatIsWrong(db: Db, user: User, shown: Shown, field: string): Promise<[string, string] | undefined> {
  if (!(await verifyPassword(user.passwordHash, shown.password))) return [field, 'That is not your password now.']
  if (!(await hasFactor(db, user.id))) return undefined
  if (!shown.code) return ['code', 'The code of your authenticator app is needed.']
  if (await takeCode(db, user, shown.code)) return undefined
  return ['code', 'That is not the code that the app shows now. A code works once; wait for the next.']
}

const refused = (field: string, says: string) => new Refused('identity', says, { [field]: says })
