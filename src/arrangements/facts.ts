import { sql } from 'drizzle-orm'
import { ofAccount } from '../accounts/of-account.ts'
import { type Db, one } from '../db/db.ts'
import { NotFound } from '../errors.ts'
import type { Day } from '../ledger/calendar.ts'
import { money } from '../ledger/money.ts'
import { type Settings, settings } from '../organization/settings.ts'
import { unpostedJson } from '../payments/unposted.ts'
import { type PlanRow, plansOf } from './plans.ts'
import { type Billing, type Obstacle, type Owed, obstacles } from './rules.ts'
import { standing } from './standing-rules.ts'

export interface Note {
  created: Day
  type: string
  subject: string
  text: string | null
}

/** What a plan of an account is decided from. */
export interface ArrangementFacts {
  accountId: number
  number: string
  name: string
  serviceAddress: string
  owed: Owed[]
  balance: string
  plans: PlanRow[]
  unposted: number
  against: Obstacle[]
  billing: Billing
  notes: Note[]
  warnings: string[]
  settings: Settings
  today: Day
}

interface Raw {
  accountId: number
  name: string
  serviceAddress: string
  bankrupt: boolean
  doNotAcceptPayments: boolean
  balance: string
  owed: { code: string; name: string; balance: string }[]
  plans: PlanRow[]
  unposted: unknown[]
  billed: Day | null
  dueDays: number | null
  frequencies: string[]
  periods: Day[]
  notes: Note[]
  alerts: string[]
  conditions: string[]
}

const EVERY: Record<string, number> = { monthly: 1, bimonthly: 2, quarterly: 3, semiannual: 6, annual: 12 }

/** Reads an account for the wizard; absent and hidden answer 404 alike. */
export async function arrangementFacts(db: Db, number: string, today: Day): Promise<ArrangementFacts> {
  const [raw, set] = [await one<Raw>(db, query(number, today)), await settings(db)]
  if (!raw) throw new NotFound('account')
  const { accountId, name, serviceAddress, balance, plans, notes } = raw
  const unfinished = plans.some((plan) => standing(plan, today).state === 'current')
  const unposted = raw.unposted.length
  const every = Math.min(12, ...raw.frequencies.map((each) => EVERY[each] ?? 1))
  return {
    ...{ accountId, number, name, serviceAddress, balance, plans, notes, unposted, settings: set, today },
    owed: raw.owed.map((each) => ({ ...each, balance: money(each.balance) })),
    against: obstacles({ balance: money(balance), unfinished, unposted }),
    billing: {
      currentPeriod: set.currentPeriod,
      periods: raw.periods,
      billed: raw.billed,
      every: raw.frequencies.length === 0 ? 1 : every,
      dueDays: raw.dueDays ?? set.dueDays,
    },
    warnings: warningsOf(raw, today),
  }
}

function warningsOf({ bankrupt, doNotAcceptPayments, alerts, conditions, plans }: Raw, today: Day): string[] {
  const broken = plans.filter((plan) => standing(plan, today).state === 'broken').map((plan) => plan.number)
  return [
    ...(bankrupt ? ['The account has a bankruptcy.'] : []),
    ...(doNotAcceptPayments ? ['No payments are to be taken from this customer.'] : []),
    ...(broken.length > 0 ? [`Earlier arrangements were broken: ${broken.join(', ')}.`] : []),
    ...conditions.map((name) => `Special condition: ${name}.`),
    ...alerts,
  ]
}

const query = (number: string, today: Day) => sql`
  select a.id as "accountId", c.name, n.service_address as "serviceAddress", c.bankrupt, c.do_not_accept_payments as "doNotAcceptPayments",
    (select coalesce(sum(i.unpaid), 0)::numeric(14,2)::text from ledger.open_item i where i.account_id = a.id) as balance,
    (select coalesce(json_agg(json_build_object('code', s.code, 'name', s.name, 'balance', o.unpaid::text) order by s.sort, s.code), '[]')
      from (select service_id, sum(unpaid) as unpaid from ledger.open_item where account_id = a.id and service_id <> 0 group by 1 having sum(unpaid) <> 0) o
      join service s on s.id = o.service_id) as owed,
    ${plansOf} as plans, ${unpostedJson} as unposted,
    (select max(t.period)::text from ledger.transaction t where t.account_id = a.id and t.type = 'Bill'
      and not exists (select from ledger.transaction v where v.reverses_id = t.id)) as billed,
    (select y.due_days from cycle y where y.id = n.cycle_id) as "dueDays",
    (select coalesce(json_agg(x.frequency), '[]') from account_service x where x.account_id = a.id
      and (x.disconnect_date is null or x.disconnect_date >= ${today})) as frequencies,
    (select coalesce(json_agg(p.end_date order by p.end_date), '[]') from ledger.period p where p.end_date <> 'infinity') as periods,
    (select coalesce(json_agg(json_build_object('created', o.created, 'type', coalesce(y.name, ''), 'subject', o.subject, 'text', o.text)
        order by o.created desc, o.id desc), '[]') from note o left join note_type y on y.id = o.note_type_id
      where ${ofAccount} and (y.code = 'arrangement' or o.message_center or o.payment_center
        or o.subject ilike '%arrangement%' or o.text ilike '%arrangement%')) as notes,
    (select coalesce(json_agg(m.text order by m.id), '[]') from customer_alert m where m.customer_id = a.customer_id and m.ended_at is null) as alerts,
    (select coalesce(json_agg(k.name order by k.code), '[]') from special_condition o join condition_code k on k.id = o.condition_code_id
      where ${ofAccount} and o.active and o.effective_date <= ${today} and coalesce(o.expiration_date >= ${today}, true)) as conditions
  from account a join customer c on c.id = a.customer_id join location n on n.id = a.location_id where a.number = ${number}`
