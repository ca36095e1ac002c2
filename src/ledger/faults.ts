import { databaseFault } from '../db/db.ts'
import { Conflict, Refused } from '../errors.ts'
import { formatDay, isDay } from './calendar.ts'

/** The accounts changed between reading their facts and posting: read and decide again. Nothing was posted. */
export class Stale extends Error {
  readonly accountIds: number[]
  constructor(accountIds: number[]) {
    super(`${accountIds.length} accounts changed since they were read`)
    this.name = 'Stale'
    this.accountIds = accountIds
  }
}

const day = (text: string | undefined) => (text && isDay(text) ? formatDay(text) : (text ?? ''))

/** What the database refused, in words (codes of drizzle/functions); an error that is not its refusal comes back as it is. */
export function fault(error: unknown): unknown {
  const said = databaseFault(error)
  if (!said) return error
  const make = WORDS[said.code]
  if (make) return make(said.detail, said.message)
  if (said.constraint_name === 'transaction_reverses') return new Conflict('This transaction is reversed already.')
  if (said.constraint_name?.endsWith('_not_overpaid')) {
    return new Refused('overpaid', 'More would be taken off than is owed there. Nothing was posted.')
  }
  if (said.constraint_name === 'deposit_balance_not_overdrawn') {
    return new Refused('overdrawn', 'More would be taken than the deposit holds. Nothing was posted.')
  }
  return error
}

type Words = (detail: string | undefined, message: string) => Error

const WORDS: Record<string, Words> = {
  LG001: (_, message) => new Refused('unchangeable', `Posted rows never change: ${message}`),
  LG002: (_, message) => new Refused('unknown', message),
  LG003: (detail) =>
    new Refused('period_closed', `The period ending ${day(detail)} is closed. Choose a date in an open period.`),
  LG004: (detail) => new Conflict(`This is posted already (${detail ?? ''}).`),
  // not a refusal but a mistake of ours: it is logged and answered with an id
  LG005: (_, message) => new Error(message),
  LG006: () => new Conflict('A reversal is not reversed, and a transaction only once. Post anew instead.'),
  LG007: () => new Conflict('This is not the preview that was shown. Preview again.'),
  LG008: (_, message) => new Conflict(message),
  LG009: (detail) => new Stale(JSON.parse(detail ?? '[]') as number[]),
  LG010: () => new Conflict('This key was used for another request.'),
  LG011: () => new Conflict('Some of this is certified already and not yet updated. Preview again.'),
  LG012: () =>
    new Refused(
      'account_parked',
      'The ledger proof found a fault on this account: no money is posted to it until it is mended.',
    ),
  LG013: (detail) => new Refused('gl_two_roles', `GL account ${detail ?? ''} cannot serve as two different things.`),
  LG014: () => new Refused('gl_role_used', 'A GL account that was posted to keeps its role.'),
}
