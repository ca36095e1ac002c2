import { type SQL, sql } from 'drizzle-orm'
import { hasUnfinishedPlan } from '../arrangements/plans.ts'
import type { Plan } from '../arrangements/standing-rules.ts'
import { autoPaymentMethod } from '../auto-payment/mark.ts'
import type { Day } from '../ledger/calendar.ts'
import { type MeterOf, meterOf } from '../metering/card.ts'
import { MAP_SITE } from '../organization/settings.ts'
import { OPEN_STATES } from '../runs/states.ts'
import { ofAccount } from './of-account.ts'

/** What the cards mark besides the account's own facts. */
export interface Marks {
  /** From how much on, in buckets of which period and older ones, an account is due for shutoff; null = not set. */
  shutoff: { minimum: string | null; upTo: Day | null }
  conditions: { level: string; icon: string | null; name: string }[]
  openOrders: number
  /** The plan that nobody has ended; whether it still holds is asked of its rule. */
  arrangement: Plan | null
  /** 'Draft' or 'Credit Card' where automatic payments are in place. */
  autoPayment: string | null
  /** The latest payment that waits in a batch. */
  unposted: { date: Day; amount: string } | null
  /** The meter at the location, with its last reading. */
  meter: MeterOf | null
  mapSite: string
  webAccess: boolean
  /** The organization has deferred charges switched on. */
  deferredCharges: boolean
}

/** As read with the account: of the plan, only whether there is one. */
export type ReadMarks = Omit<Marks, 'arrangement'> & { arrangement: boolean }

const setting = (name: string): SQL => sql`(select nullif(value, '') from setting where name = ${name})`

/** The latest period that counts as `back` periods behind the current one. */
const behind = (current: SQL, back: SQL): SQL => sql`(select end_date from ledger.period
  where end_date <= ${current} and end_date <> 'infinity' order by end_date desc offset ${back} limit 1)`

/** Json of the marks, with the account in `a`; `current` is the current period, `day` inclusive. */
export const marksOf = (current: SQL, day: Day): SQL => sql`(select json_build_object(
  'shutoff', json_build_object('minimum', ${setting('shutoff_minimum_balance')},
    'upTo', ${behind(current, sql`coalesce(${setting('shutoff_periods')}::int, 0)`)}),
  'conditions', (select coalesce(json_agg(json_build_object('level', o.level, 'icon', k.icon, 'name', k.name) order by k.code), '[]')
    from special_condition o join condition_code k on k.id = o.condition_code_id
    where o.active and o.effective_date <= ${day} and (o.expiration_date is null or o.expiration_date >= ${day}) and ${ofAccount}),
  'autoPayment', ${autoPaymentMethod(sql`a.customer_id`)},
  'unposted', (select json_build_object('date', e.date, 'amount', (-e.amount)::text) from ledger.batch_entry e join ledger.run r on r.id = e.run_id
    where e.account_id = a.id and e.type = 'Pmt' and e.removed_at is null and r.state in ${OPEN_STATES} order by e.date desc, e.id desc limit 1),
  'meter', ${meterOf},
  'openOrders', (select count(*) from service_order o where o.location_id = a.location_id and o.completed is null),
  'arrangement', ${hasUnfinishedPlan(day)},
  'mapSite', coalesce((select value from setting where name = 'map_site'), ${MAP_SITE}), 'webAccess', coalesce(${setting('customer_web_access')}, 'no') = 'yes',
  'deferredCharges', coalesce(${setting('deferred_charges')}, 'no') = 'yes'))`
