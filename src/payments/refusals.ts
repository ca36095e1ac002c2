import { Refused } from '../errors.ts'
import type { Refusal } from '../ledger/result.ts'

/** Names the setting that is needed and missing, as the organization's screen and `organization.csv` call it. */
function settingMissing({ setting = '', service }: Record<string, string>): Refused {
  const where = service ? `The service ${service} has no ${setting}` : `The setting ${setting} is missing`
  const sentence = `${where}, and this cannot be posted without it.`
  return new Refused('setting_missing', sentence, { [setting]: sentence })
}

const SAYS: Record<string, (detail: Record<string, string>) => [field: string, sentence: string]> = {
  amount_not_positive: ({ service }) =>
    service
      ? ['allocations', `The amount for ${service} must be more than 0.00.`]
      : ['amount', 'The amount must be more than 0.00.'],
  amount_too_large: () => ['amount', 'The amount may be at most 9999999.99.'],
  service_not_on_account: ({ service }) => [
    'allocations',
    `The account does not have ${service} and owes nothing on it.`,
  ],
  service_listed_twice: ({ service }) => ['allocations', `${service} is named twice.`],
  above_balance: ({ service, balance }) => [
    'allocations',
    `${service} owes ${balance}; no more can be allocated to it.`,
  ],
  allocations_above_amount: ({ allocated, amount }) => [
    'allocations',
    `Allocated are ${allocated}, the payment is ${amount}.`,
  ],
}

/** A rule's refusal as an error with a sentence, and with the field it belongs to. */
export function refused(refusal: Refusal): Refused {
  if (refusal.refusal === 'setting_missing') return settingMissing(refusal.detail)
  const says = SAYS[refusal.refusal]
  if (!says) return new Refused(refusal.refusal, `This is refused: ${refusal.refusal}.`)
  const [field, sentence] = says(refusal.detail)
  return new Refused(refusal.refusal, sentence, { [field]: sentence })
}

const ADJUSTMENTS: Record<string, (detail: Record<string, string>) => string> = {
  nothing_changed: () => 'Nothing is changed.',
  service_listed_twice: ({ service }) => `${service} is named twice.`,
  service_not_charged: ({ service }) => `${service} is not part of this charge.`,
  below_zero: ({ service, left }) => `${service} is ${left}: no more than that can be taken off it.`,
  bill_line_paid: ({ service }) => `A posted payment lies on ${service}: its part of the bill is locked.`,
}

/** A refused adjustment, at the box of its service where it names one: `change-WA`. */
export function refusedAdjustment({ refusal, detail }: Refusal): Refused {
  const sentence = ADJUSTMENTS[refusal]?.(detail) ?? `This is refused: ${refusal}.`
  return new Refused(refusal, sentence, { [detail.service ? `change-${detail.service}` : '']: sentence })
}
