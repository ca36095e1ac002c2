import { Refused } from '../errors.ts'
import type { Refusal } from '../ledger/result.ts'
import { moneyText } from '../web/format.ts'
import type { ArrangementFacts } from './facts.ts'
import type { Frequency } from './rules.ts'

export const FREQUENCY_WORDS: Record<Frequency, string> = {
  weekly: 'Weekly',
  biweekly: 'Every two weeks',
  monthly: 'Monthly',
  quarterly: 'Quarterly',
}

/** How a plan's payments fall due. */
export const dueWords = (regular: boolean, frequency: string | null | undefined): string =>
  regular ? 'With regular billing' : (FREQUENCY_WORDS[frequency as Frequency] ?? '')

/** What stands against a new plan, a sentence for each condition that fails [001-477]. */
export function againstWords({
  against,
  balance,
  unposted,
}: Pick<ArrangementFacts, 'against' | 'balance' | 'unposted'>): string[] {
  const said = {
    no_balance: `The account has no balance to arrange: it stands at ${moneyText(balance)}.`,
    unfinished:
      'The account has an arrangement that is not finished yet. A new one can be made when it is completed or cancelled.',
    unposted: `The account has ${unposted} unposted transaction${unposted === 1 ? '' : 's'}. Post or delete ${unposted === 1 ? 'it' : 'them'} first.`,
  }
  return against.map((each) => said[each])
}

const TERMS: Record<string, [field: string, says: (detail: Record<string, string>) => string]> = {
  no_service: ['services', () => 'Tick at least one service.'],
  over_balance: [
    'amount',
    ({ amount = '', balance = '' }) =>
      `${moneyText(amount)} is more than the account balance of the ticked services, ${moneyText(balance)}.`,
  ],
  instalment_too_small: [
    'payments',
    ({ amount = '', count = '' }) => `${moneyText(amount)} in ${count} payments would be less than 0.01 each.`,
  ],
  no_frequency: ['frequency', () => 'Choose a frequency, or tick Due with regular billing.'],
  no_start: ['startDate', () => 'Write the day the first payment is due.'],
  start_past: ['startDate', () => 'The first payment cannot be due before today.'],
}

/** A refusal of the terms, beside its field. */
export function refusedTerms({ refusal, detail }: Refusal): Refused {
  const [field, says] = TERMS[refusal] ?? ['', () => refusal]
  return new Refused(refusal, says(detail), { [field]: says(detail) })
}
