import Big from 'big.js'
import { type SQL, sql } from 'drizzle-orm'
import { ofAccount } from '../accounts/of-account.ts'
import { changedSince, PAYING } from '../accounts/sums.ts'
import { effectiveValue } from '../demographics/rules.ts'
import type { Day } from '../ledger/calendar.ts'
import { money } from '../ledger/money.ts'
import type { DraftFacts } from './rules.ts'

interface RawBudget {
  multiplier: string
  values: { from: Day; value: string }[]
  variances: { amount: string; value: string; effective: Day; expires: Day | null }[]
}

/** What drafting an account asks, as text; `draftFactsOf` makes numbers of it. */
export interface RawDraft {
  account: string
  balance: string
  statement: { number: string; date: Day; amount: string; paidSince: string } | null
  budget: RawBudget | null
  skipFixed: boolean
}

const setting = (name: string) => sql`coalesce((select value from setting where name = ${name}), '')`

/** The latest statement by its Statement Date [001-173], with what was paid after it was read. */
const STATEMENT = sql`(select json_build_object('number', k.number, 'date', k.date, 'amount', k.amount::text,
    'paidSince', (select greatest(-sum(e.amount), 0)::numeric(14,2)::text
      from (${changedSince(sql`a.id`, PAYING, (header) => sql`${header}.posted_at > k.made_at`)}) e))
  from ledger.statement k where k.account_id = a.id order by k.date desc, k.made_at desc, k.id desc limit 1)`

/** The account level budget: the demographic item that the organization names, the account's own before the customer's and the location's. */
const BUDGET = sql`(select json_build_object('multiplier', i.multiplier::text,
    'values', (select coalesce(json_agg(json_build_object('from', v.effective_date, 'value', v.value::text)), '[]')
      from demographic_value v where v.demographic_id = o.id),
    'variances', (select coalesce(json_agg(json_build_object('amount', x.amount::text, 'value', x.value::text,
        'effective', x.effective_date, 'expires', x.expiration_date)), '[]')
      from demographic_variance x where x.demographic_id = o.id))
  from demographic o join demographic_item i on i.id = o.demographic_item_id
  where i.code = ${setting('budget_demographic_item')} and ${setting('account_level_budgets')} = 'yes' and ${ofAccount}
  order by o.level = 'account' desc, o.level = 'customer' desc, o.id limit 1)`

/** Json of what drafting the account in `a` asks. */
export const DRAFT_FACTS: SQL = sql`json_build_object('account', a.number,
  'balance', (select coalesce(sum(i.unpaid), 0)::numeric(14,2)::text from ledger.open_item i where i.account_id = a.id),
  'statement', ${STATEMENT}, 'budget', ${BUDGET}, 'skipFixed', ${setting('skip_fixed_on_credit')} = 'yes')`

export const draftFactsOf = (raw: RawDraft, day: Day): DraftFacts => ({
  balance: money(raw.balance),
  statement: raw.statement && {
    ...raw.statement,
    amount: money(raw.statement.amount),
    paidSince: money(raw.statement.paidSince),
  },
  budget: raw.budget && money(budgetOn(raw.budget, day).toFixed(2)),
  skipFixedOnCredit: raw.skipFixed,
})

function budgetOn({ multiplier, values, variances }: RawBudget, day: Day): Big {
  return effectiveValue(
    new Big(multiplier),
    values.map(({ from, value }) => ({ from, value: new Big(value) })),
    variances.map((each) => ({ ...each, amount: new Big(each.amount), value: new Big(each.value) })),
    day,
  )
}
