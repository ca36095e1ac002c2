import { type SQL, sql } from 'drizzle-orm'
import type { Day } from '../ledger/calendar.ts'
import { type Money, money, text } from '../ledger/money.ts'
import { type Presenting, personTabs } from '../panel/person.ts'
import { maskOf } from '../secrets/rules.ts'
import type { FormView } from '../web/form.ts'
import { withSeen } from '../web/seen.ts'
import { DRAFT_FACTS, draftFactsOf, type RawDraft } from './facts.ts'
import { autoPaymentForm } from './form.ts'
import { draftAmount, type PrenoteState, type Special } from './rules.ts'

/** What is kept of a customer's automatic payment; of protected values no more than their last four. */
export interface Kept {
  id: number
  version: number
  reference: string
  type: 'none' | 'draft' | 'card'
  notifyInAdvance: boolean
  accountType: string | null
  routing: string | null
  bank: string | null
  bankAccountLast4: string | null
  tokenLast4: string | null
  special: Special
  maximum: string | null
  fixed: string | null
  state: PrenoteState
  stateSince: Day
}

export interface Raw {
  kept: Kept | null
  banks: { code: string; name: string }[]
  drafts: RawDraft[]
  hostedForm: string
}

/** Json of the automatic payment of the customer with this id, null without one. */
export const keptFacts = (who: SQL): SQL =>
  sql`(select json_build_object('id', p.id, 'version', p.version, 'reference', p.reference, 'type', p.type,
      'notifyInAdvance', p.notify_in_advance, 'accountType', p.account_type, 'routing', b.code, 'bank', b.name,
      'bankAccountLast4', p.bank_account_last4, 'tokenLast4', p.token_last4, 'special', p.special,
      'maximum', p.maximum::text, 'fixed', p.fixed::text, 'state', p.state, 'stateSince', p.state_since)
    from auto_payment p left join bank_code b on b.id = p.bank_code_id where p.customer_id = ${who})`

/** Its accounts, at most ten: each is drafted by itself. */
const drafts = (who: SQL): SQL =>
  sql`(select (select coalesce(json_agg(x.facts), '[]') from (select ${DRAFT_FACTS} as facts from account a
    where a.customer_id = w.id order by a.number limit 10) x) from (select ${who} as id) w)`

/** Customer and Owner > Auto Payment: bank draft or card, and what it would draft now [001]. */
export const autoPaymentTab = personTabs<Raw>({
  path: 'auto-payment',
  label: 'Auto Payment',
  need: 'customers.view',
  template: 'auto-payment/tab',
  sql: (who) => sql`json_build_object('kept', ${keptFacts(who)}, 'drafts', ${drafts(who)},
    'banks', (select coalesce(json_agg(json_build_object('code', b.code, 'name', b.name) order by b.code), '[]') from bank_code b),
    'hostedForm', coalesce((select value from setting where name = 'hosted_payment_form'), ''))`,
  present: (raw, of) => ({
    ownSave: true,
    form: openAutoPayment(raw.kept, of),
    ...beside(raw, of.asked),
  }),
  count: (who) => sql`select count(*) from auto_payment p where p.customer_id = ${who} and p.type <> 'none'`,
})

/** What stands around the fields, whatever is typed in them. */
function beside({ kept, banks, drafts, hostedForm }: Raw, { may, today, asOf }: Presenting['asked']) {
  return {
    masks: masksOf(kept),
    banks,
    hostedForm,
    bank: kept?.bank ?? '',
    stateSince: kept?.stateSince ?? '',
    mayReveal: may('customers.reveal'),
    drafts: asOf === undefined && kept && kept.type !== 'none' ? drafts.map((raw) => explained(kept, raw, today)) : [],
  }
}

/** What would be drafted of an account now, and why. */
export function explained(
  kept: Pick<Kept, 'special' | 'maximum' | 'fixed' | 'state' | 'type'>,
  raw: RawDraft,
  day: Day,
) {
  const { amount, why } = draftAmount(optionOf(kept), draftFactsOf(raw, day))
  const waits =
    kept.state === 'active' ? '' : WAITS[kept.type === 'card' && kept.state === 'pending' ? 'token' : kept.state]
  return { account: raw.account, amount: text(amount), why, waits }
}

const WAITS: Record<Exclude<PrenoteState, 'active'> | 'token', string> = {
  pending: 'It is not drafted yet: the prenote is pending.',
  sent: 'It is not drafted yet: the prenote was sent and the banking days are not over.',
  suspended: 'It is not drafted: automatic payment is suspended.',
  ended: 'It is not drafted: automatic payment has ended.',
  token: 'It is not charged yet: there is no payment token.',
}

const read = (amount: string | null): Money | null => (amount === null ? null : money(amount))

export const optionOf = ({ special, maximum, fixed }: Pick<Kept, 'special' | 'maximum' | 'fixed'>) => ({
  special,
  maximum: read(maximum),
  fixed: read(fixed),
})

export const masksOf = (kept: Pick<Kept, 'bankAccountLast4' | 'tokenLast4'> | null) => ({
  bankAccount: maskOf('bank', kept?.bankAccountLast4 ?? null),
  token: maskOf('bank', kept?.tokenLast4 ?? null),
})

/** The record as the form shows it; without one, None. */
export function valuesOf(kept: Kept | null) {
  if (!kept) return { type: 'none', version: 0, special: 'balance' }
  const { version, type, notifyInAdvance, accountType, routing, special, maximum, fixed, state } = kept
  return { version, type, notifyInAdvance, accountType, routing, special, maximum, fixed, state }
}

function openAutoPayment(kept: Kept | null, { asked }: Presenting): FormView {
  const edit = asked.may('customers.edit') && asked.asOf === undefined
  return withSeen(autoPaymentForm.show(valuesOf(kept), {}, { readonly: edit ? [] : 'all' }))
}
