import { sql } from 'drizzle-orm'
import { type Db, one, rows } from '../db/db.ts'
import { shownName } from '../db/shown-name.ts'
import type { Day } from '../ledger/calendar.ts'
import { LISTS, type ListName } from './picker.ts'
import type { AllocationLists } from './rules.ts'

/** The five lists of the Payment Allocation tab, service codes in their order. */
export async function allocationLists(db: Db): Promise<AllocationLists> {
  const found = await rows<{ list: ListName; code: string }>(
    db,
    sql`select p.list, s.code from payment_allocation p join service s on s.id = p.service_id order by p.list, p.position`,
  )
  const lists: AllocationLists = { first: [], second: [], third: [], overpayment: [], exclude: [] }
  for (const { list, code } of found) lists[list].push(code)
  return lists
}

/**
 * Replaces the lists, audited through `by`; call it in a transaction. Rows that stay keep their place in the audit
 * trail: only what moves, comes or goes is written. Services are known to exist.
 */
export async function storeLists(db: Db, lists: AllocationLists, by: number): Promise<void> {
  const wanted = LISTS.flatMap((list) => lists[list].map((code, at) => ({ list, code, position: at + 1 })))
  const column = (name: 'list' | 'code' | 'position') => sql.param(wanted.map((row) => row[name]))
  const target = sql`(select t.list, s.id as service_id, t.position
    from unnest(${column('list')}::text[], ${column('code')}::text[], ${column('position')}::int[]) as t(list, code, position)
    join service s on s.code = t.code)`
  const gone = sql`not exists (select from ${target} w where w.list = p.list and w.service_id = p.service_id and w.position = p.position)`
  await db.execute(sql`update payment_allocation p set changed_by = ${by}, version = version + 1 where ${gone}`)
  await db.execute(sql`delete from payment_allocation p where ${gone}`)
  await db.execute(sql`
    insert into payment_allocation (list, position, service_id, changed_by)
    select w.list, w.position, w.service_id, ${by} from ${target} w
    where not exists (select from payment_allocation p where p.list = w.list and p.position = w.position)
    order by w.list, w.position`)
}

export interface ServiceRow {
  code: string
  name: string
  kind: string
  active: boolean
  sort: number
  subjectToCertification: boolean
  certificationPeriods: number
  subjectToPenalty: boolean
  receivableGl: string | null
  revenueGl: string | null
}

/** Every service in the order of the screens, with its columns of `services.csv`. */
export function serviceList(db: Db): Promise<ServiceRow[]> {
  return rows<ServiceRow>(
    db,
    sql`select s.code, s.name, s.kind, s.active, s.sort, s.subject_to_certification as "subjectToCertification",
        s.certification_periods::int as "certificationPeriods", s.subject_to_penalty as "subjectToPenalty",
        r.number as "receivableGl", v.number as "revenueGl"
      from service s left join gl_account r on r.id = s.receivable_gl left join gl_account v on v.id = s.revenue_gl
      where s.id <> 0 order by s.sort, s.code`,
  )
}

/** The listed periods, newest first, with when they were closed. */
export function periodList(db: Db): Promise<{ end: Day; closedAt: string | null }[]> {
  return rows(
    db,
    sql`select end_date::text as end, closed_at::text as "closedAt" from ledger.period where end_date <> 'infinity' order by end_date desc`,
  )
}

export interface SettingChange {
  at: string
  who: string
  name: string
  was: string | null
  now: string
}

/** The latest changes of settings, newest first. */
export function recentChanges(db: Db, limit: number): Promise<SettingChange[]> {
  return rows(
    db,
    sql`select a.at::text as at, coalesce(${shownName()}, '') as who, a.subject_key as name, a.old->>'value' as was, a.new->>'value' as now
      from audit a left join app_user u on u.id = a.actor where a.subject = 'setting' and a.new is not null
      order by a.id desc limit ${limit}`,
  )
}

/** When a setting was last stored and by whom; undefined before the first time. */
export function lastSaved(db: Db): Promise<{ at: string; who: string } | undefined> {
  return one(
    db,
    sql`select a.at::text as at, coalesce(${shownName()}, '') as who from audit a left join app_user u on u.id = a.actor
      where a.subject in ('setting', 'payment_allocation') order by a.id desc limit 1`,
  )
}

/** An account with something unpaid on as many services as possible, for the worked example. */
export async function exampleAccount(db: Db): Promise<string | undefined> {
  const found = await one<{ number: string }>(
    db,
    sql`select a.number from account a join ledger.open_item o on o.account_id = a.id and o.aging_period <> 'infinity'
      group by a.id, a.number order by count(distinct o.service_id) desc, a.id limit 1`,
  )
  return found?.number
}
