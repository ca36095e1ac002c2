import type { Db } from '../db/db.ts'
import { NotFound, Refused } from '../errors.ts'
import { type AccountFacts, accountFacts } from '../ledger/facts.ts'
import { type Money, text } from '../ledger/money.ts'
import { type AdjustmentReason, otherSide, ownSide, type Side } from '../ledger/other-side.ts'
import type { Refusal, Result } from '../ledger/result.ts'
import type { NewPosting } from '../ledger/transaction.ts'
import type { CertifiedLine } from './rules.ts'

const WORDS: Record<string, (detail: Record<string, string>) => [field: string, sentence: string]> = {
  no_certification_balance: ({ taxYear }) => ['taxYear', `There is no certification balance of tax year ${taxYear}.`],
  above_balance: ({ amount, balance, taxYear }) => [
    'amount',
    `${amount} is more than the certification balance ${balance} of tax year ${taxYear}.`,
  ],
  above_certified: ({ service, amount, certified }) => [
    service ? 'service' : 'amount',
    `${amount} is more than the ${certified} certified${service ? ` of ${service}` : ''}.`,
  ],
  amount_not_positive: () => ['amount', 'The amount must be more than 0.00.'],
  service_not_certified: ({ service }) => ['service', `Nothing of ${service} is certified here.`],
  setting_missing: ({ setting, service }) => [
    '',
    service ? `The service ${service} has no ${setting}.` : `The setting ${setting} names no GL account.`,
  ],
}

/** What a rule refused, in words, at its field. */
export function refused({ refusal, detail }: Refusal): Refused {
  const [field, sentence] = WORDS[refusal]?.(detail) ?? ['', refusal.replaceAll('_', ' ')]
  return new Refused(refusal, sentence, { [field]: sentence })
}

export function accepted<T>(result: Result<T>): T {
  if (result.ok) return result.value
  throw refused(result)
}

/** The account's facts; an account that is not there, or not to be seen, is not found. */
export async function mustHaveAccount(db: Db, number: string): Promise<AccountFacts> {
  const facts = await accountFacts(db, number)
  if (!facts) throw new NotFound('account')
  return facts
}

export function balanceOf(facts: AccountFacts, taxYear: number): Money | undefined {
  return facts.certified.find((year) => year.taxYear === taxYear)?.balance
}

const glOf = (facts: AccountFacts, side: Side): number => {
  const id = facts.gl[side.gl]
  if (id === undefined) throw new Refused('unknown_gl', `There is no GL account ${side.gl} (${side.from}).`)
  return id
}

/** The line on the certification book of a tax year. */
export function certifiedPosting(facts: AccountFacts, taxYear: number, amount: Money): NewPosting {
  const side = accepted(ownSide('certification', { settings: facts.settings }))
  return { gl: glOf(facts, side), book: 'certified', taxYear, amount }
}

/** Lines on the utility book, one per service and bucket. */
export function utilityPostings(facts: AccountFacts, lines: CertifiedLine[], sign: '1' | '-1'): NewPosting[] {
  return lines.map((line) => {
    const service = facts.services.find((each) => each.code === line.service)
    if (!service) throw new Error(`no service ${line.service}`)
    const side = accepted(ownSide('utility', { settings: facts.settings, service }))
    return {
      gl: glOf(facts, side),
      book: 'utility',
      service: service.id,
      aging: line.period,
      amount: line.amount.times(sign),
    }
  })
}

/** The line against cash, the write-off account or the fee revenue. Refuses an unknown payment method. */
export function counterPosting(
  facts: AccountFacts,
  type: 'CertPmt' | 'Pmt' | 'CertAdj',
  amount: Money,
  given: { method?: string | undefined; adjustment?: { reason: AdjustmentReason; feePart: boolean } },
): NewPosting {
  const { adjustment } = given
  const method = methodNamed(facts, given.method)
  const side = accepted(otherSide(type, { settings: facts.settings, method, adjustment }))
  if (side === null) throw new Error(`${type} of ${text(amount)} has no other side`)
  return { gl: glOf(facts, side), book: 'general', amount }
}

function methodNamed(facts: AccountFacts, code: string | undefined) {
  if (code === undefined) return undefined
  const method = facts.methods.find((each) => each.code === code && each.active)
  if (method) return { code: method.code, gl: method.gl }
  const sentence = `There is no payment method ${code}.`
  throw new Refused('unknown_method', sentence, { method: sentence })
}
