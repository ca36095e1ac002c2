import type { Permission } from '../auth/permissions.ts'
import { Forbidden, NotFound, Refused } from '../errors.ts'
import { type Day, isDay } from '../ledger/calendar.ts'
import { type AccountFacts, accountFacts, bucketsOf } from '../ledger/facts.ts'
import type { RequestKey } from '../ledger/post.ts'
import type { Context } from '../web/context.ts'
import type { Books } from './change-rules.ts'
import { plain } from './document.ts'
import { type Movement, movement } from './movement-store.ts'

/** Who asks: rows this person may see, the person, the town's day, rights. */
export type Who = Pick<Context, 'db' | 'actor' | 'today' | 'may'>

export function demandRight(who: Who, permission: Permission): void {
  if (!who.may(permission)) throw new Forbidden(permission)
}

export async function mustBeMovement(who: Pick<Who, 'db'>, number: string): Promise<Movement> {
  const found = await movement(who.db, number)
  if (!found) throw new NotFound('transaction')
  return found
}

export async function mustHaveFacts(who: Pick<Who, 'db'>, number: string): Promise<AccountFacts> {
  const facts = await accountFacts(who.db, number)
  if (!facts) throw new NotFound('account')
  return facts
}

/** An account's books as the rules ask for them. */
export const booksOf = (account: AccountFacts): Books => [
  { service: null, buckets: bucketsOf(account, 0) },
  ...account.services.map(({ id, code }) => ({ service: code, buckets: bucketsOf(account, id) })),
]

export function dayOf(date: Day): Day {
  if (isDay(date)) return date
  throw new Refused('no_such_day', `${date} is not a day.`, { date: 'Write a date like 2026-03-31.' })
}

export const requestOf = (path: string, key: string | undefined, body: unknown): RequestKey | undefined =>
  key === undefined ? undefined : { path, key, body: plain(body) }

/** A refusal that stands at one field. */
export const atField = (code: string, field: string, sentence: string): Refused =>
  new Refused(code, sentence, { [field]: sentence })
