import { type SQL, sql } from 'drizzle-orm'
import { type Db, one, rows } from '../db/db.ts'
import { cutoff } from '../ledger/aging.ts'
import { type Day, previousPeriod } from '../ledger/calendar.ts'
import { text } from '../ledger/money.ts'
import type { Settings } from './settings.ts'

/** Accounts that a threshold touches today, and what makes them so, as an amount. */
export interface Count {
  accounts: number
  amount: string
}

export const COUNTED = ['penalty', 'shutoff', 'delinquent', 'utilityBill', 'certifiable'] as const
export type Counts = Record<(typeof COUNTED)[number], Count> & { accounts: number }

interface Facts {
  services: { id: number; certification: number | null; penalty: number | null }[]
  periods: Day[]
}

/**
 * How many accounts each threshold of these settings touches now (product.md 3.3-3.7): the rules of
 * `organization/rules.ts` and `tax-certification/rules.ts` over all accounts that this pool may see, in one statement.
 * Delinquent and Shutoff: what is unpaid their number of periods or more back reaches the minimum. Penalty: the past due
 * of the services subject to it does. Utility bill: the balance does. Certifiable: what Create would certify.
 */
export async function touchedAccounts(db: Db, settings: Settings): Promise<Counts> {
  const found = await one<Record<string, string>>(db, countQuery(settings, await countFacts(db)))
  const count = (name: string) => ({
    accounts: Number(found?.[name] ?? 0),
    amount: found?.[`${name}_amount`] ?? '0.00',
  })
  return {
    accounts: Number(found?.accounts ?? 0),
    penalty: count('penalty'),
    shutoff: count('shutoff'),
    delinquent: count('delinquent'),
    utilityBill: count('bill'),
    certifiable: count('certifiable'),
  }
}

async function countFacts(db: Db): Promise<Facts> {
  const [services, periods] = await Promise.all([
    rows<Facts['services'][number]>(
      db,
      sql`select id::int, case when subject_to_certification then certification_periods end::int as certification,
        case when subject_to_penalty then greatest(penalty_periods, 1) end::int as penalty from service where id <> 0`,
    ),
    rows<{ end: Day }>(
      db,
      sql`select end_date::text as end from ledger.period where end_date <> 'infinity' order by 1`,
    ),
  ])
  return { services, periods: periods.map((period) => period.end) }
}

// Open credit stands in the period infinity and is never reached; without a limit every period is.
const ALL = '9999-12-31'
const NONE = '-infinity'

function countQuery(settings: Settings, { services, periods }: Facts): SQL {
  const limit = (back: number | null) => (back === null ? NONE : (cutoff(back, settings.currentPeriod, periods) ?? ALL))
  const ids = services.map((service) => service.id)
  const penalty = services.map((service) => limit(service.penalty))
  const certification = services.map((service) => limit(service.certification))
  const minimum = text(settings.certificationMinimumBalance)
  const check = settings.certificationMinimumCheck
  return sql`
    with cut as materialized (select service_id, penalty::date, certification::date
        from unnest(${sql.param(ids)}::int[], ${sql.param(penalty)}::text[], ${sql.param(certification)}::text[]) as t(service_id, penalty, certification)),
      item as (select o.account_id, o.service_id, sum(o.unpaid) as balance,
          sum(o.unpaid) filter (where o.aging_period <= ${limit(settings.shutoffPeriods)}::date) as shutoff,
          sum(o.unpaid) filter (where o.aging_period <= ${limit(settings.delinquentPeriods)}::date) as delinquent,
          sum(o.unpaid) filter (where o.aging_period <= c.penalty) as penalty,
          sum(o.unpaid) filter (where o.aging_period <= c.certification and m.account_id is null) as certifiable
        from ledger.open_item o left join cut c on c.service_id = o.service_id
        left join ledger.certification_claim m on m.account_id = o.account_id and m.service_id = o.service_id and m.aging_period = o.aging_period
        group by 1, 2),
      per as (select account_id, sum(balance) as balance, sum(shutoff) as shutoff, sum(delinquent) as delinquent, sum(penalty) as penalty,
          sum(certifiable) filter (where ${check} <> 'service' or certifiable >= ${minimum}::numeric) as certifiable
        from item group by 1)
    select count(*) as accounts,
      ${counted('penalty', text(settings.penaltyMinimumBalance))},
      ${counted('shutoff', text(settings.shutoffMinimumBalance))},
      ${counted('delinquent', text(settings.delinquentMinimumBalance))},
      ${tally('bill', 'balance', sql`coalesce(per.balance, 0) >= ${text(settings.utilityBillMinimumBalance)}::numeric`)},
      ${tally('certifiable', 'certifiable', certifiable(settings, periods))}
    from account a left join per on per.account_id = a.id`
}

/** Equal counts, and with a minimum of 0.00 there must still be something owed. */
const counted = (name: string, minimum: string): SQL =>
  tally(name, name, sql`per.${sql.raw(name)} > 0 and per.${sql.raw(name)} >= ${minimum}::numeric`)

const tally = (
  name: string,
  column: string,
  passes: SQL,
): SQL => sql`count(*) filter (where ${passes}) as ${sql.raw(name)},
  coalesce(sum(per.${sql.raw(column)}) filter (where ${passes}), 0)::numeric(16, 2) as ${sql.raw(`${name}_amount`)}`

function certifiable(settings: Settings, periods: Day[]): SQL {
  const minimum = sql`${text(settings.certificationMinimumBalance)}::numeric`
  const reached: Record<Settings['certificationMinimumCheck'], SQL> = {
    ignore: sql`true`,
    service: sql`true`,
    delinquent: sql`per.certifiable >= ${minimum}`,
    current: sql`per.balance >= ${minimum}`,
    prior: sql`per.balance - coalesce((select sum(p.amount) from ledger.transaction t
        join ledger.posting p on p.period = t.period and p.transaction_id = t.id and p.subledger = 'utility'
        where t.account_id = a.id and t.period > ${previousPeriod(settings.currentPeriod, periods)}), 0) >= ${minimum}`,
  }
  const allowed = settings.certifyBankrupt
    ? sql`true`
    : sql`not exists (select from customer c where c.id = a.customer_id and c.bankrupt)`
  return sql`per.certifiable > 0 and ${reached[settings.certificationMinimumCheck]} and ${allowed}`
}
