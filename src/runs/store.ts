import { type SQL, sql } from 'drizzle-orm'
import type { Role } from '../auth/permissions.ts'
import { type Db, one, rows } from '../db/db.ts'
import type { PreviewLine, Test } from './stage.ts'

export interface RunRow {
  id: number
  number: string
  kind: string
  state: 'preparing' | 'prepared' | 'posting' | 'posted' | 'reversed' | 'cancelled' | 'failed'
  options: unknown
  criteria: unknown
  previewHash: string | null
  count: number
  total: string
  fees: string
  posted: number
  preparedBy: number
  preparedByName: string
  /** The role of who prepared it now; null = it came with a town folder. */
  preparedRole: Role | null
  preparedAt: string
  postedBy: number | null
  postedByName: string | null
  postedAt: string | null
  reversedBy: string | null
  reversesRunId: number | null
  reason: string | null
  outsideCriteria: number
  excluded: number
  /** How far preparing has come: accounts, of so many. */
  done: number
  all: number
  /** `done` and `all` are percent: the count of accounts would tell how many are hidden. */
  inPercent?: true
  failure: string | null
  lastPreview: LastPreview | null
}

/** The preview before this one, of the same routine by the same person. */
export interface LastPreview {
  at: string
  count: number
  total: string
  fees: string | null
  /** The same without private customers. */
  publicCount?: number
  publicTotal?: string
  publicFees?: string
  added?: string[]
  removed?: string[]
  changed?: string[]
  /** What stood there of the accounts that alone were prepared again, by account id; of private ones too. */
  again?: Record<string, PreviewLine[]>
}

const RUN = sql`
  select r.id::int, coalesce(r.number, r.id::text) as number, r.kind,
    case when v.id is not null then 'reversed' else r.state end as state,
    r.options, r.criteria, r.preview_hash as "previewHash", coalesce(r.account_count, 0) as count, coalesce(r.total, 0.00)::text as total,
    coalesce(r.fees, 0.00)::text as fees, case when r.state = 'posted' then coalesce(r.account_count, 0) else 0 end as posted,
    r.prepared_by as "preparedBy", case when r.prepared_by_name is null then u.role end as "preparedRole", coalesce(r.prepared_by_name, u.name) as "preparedByName", r.prepared_at as "preparedAt", r.posted_by as "postedBy",
    coalesce(r.posted_by_name, w.name) as "postedByName", r.posted_at as "postedAt", coalesce(v.number, v.id::text) as "reversedBy",
    r.reverses_run_id::int as "reversesRunId", r.reason, r.outside_criteria as "outsideCriteria",
    (select count(*)::int from ledger.staged_exclusion e where e.run_id = r.id) as excluded,
    r.progress_done as done, r.progress_total as all, r.failure, r.last_preview as "lastPreview"
  from ledger.run r join app_user u on u.id = r.prepared_by left join app_user w on w.id = r.posted_by
  left join ledger.run v on v.reverses_run_id = r.id and v.state = 'posted'`

export const findRun = (db: Db, id: number): Promise<RunRow | undefined> =>
  one<RunRow>(db, sql`${RUN} where r.id = ${id}`)

/** Runs of batch routines, newest first. */
export function listRuns(
  db: Db,
  filter: { kind?: string | undefined; states?: string[]; limit: number; offset?: number },
): Promise<RunRow[]> {
  const where: SQL[] = [sql`position('.' in r.kind) > 0`]
  if (filter.kind) where.push(sql`r.kind = ${filter.kind}`)
  if (filter.states) where.push(sql`r.state in ${filter.states}`)
  return rows<RunRow>(
    db,
    sql`${RUN} where ${sql.join(where, sql` and `)} order by r.id desc limit ${filter.limit} offset ${filter.offset ?? 0}`,
  )
}

export interface RunAccount {
  accountId: number
  accountNumber: string
  customerName: string
  serviceAddress: string
  before: string
  after: string
  lines: PreviewLine[]
  facts: unknown
  effects: string[]
}

export interface RunExclusion {
  accountNumber: string
  customerName: string
  reasons: Test[]
}

/** The run's accounts in account order (digit runs as numbers), a page at a time; all when no limit is given. */
export function runAccounts(db: Db, runId: number, page?: { limit: number; offset: number }): Promise<RunAccount[]> {
  return rows<RunAccount>(
    db,
    sql`
    select s.account_id as "accountId", a.number as "accountNumber", c.name as "customerName", n.service_address as "serviceAddress",
      s.before::text, s.after::text, coalesce(s.lines, '[]') as lines, s.facts,
      coalesce((select jsonb_agg(e.note order by e.line) from ledger.staged_effect e
        where e.run_id = s.run_id and e.account_id = s.account_id and e.note <> ''), '[]') as effects
    from ledger.staged_account s join account a on a.id = s.account_id join customer c on c.id = a.customer_id
    join location n on n.id = a.location_id
    where s.run_id = ${runId} order by ${BY_NUMBER} ${page ? sql`limit ${page.limit} offset ${page.offset}` : sql``}`,
  )
}

export function runExclusions(
  db: Db,
  runId: number,
  page?: { limit: number; offset: number },
): Promise<RunExclusion[]> {
  return rows<RunExclusion>(
    db,
    sql`
    select a.number as "accountNumber", c.name as "customerName", e.reasons from ledger.staged_exclusion e
    join account a on a.id = e.account_id join customer c on c.id = a.customer_id
    where e.run_id = ${runId} order by ${BY_NUMBER} ${page ? sql`limit ${page.limit} offset ${page.offset}` : sql``}`,
  )
}

// 999.10 before 1000.01: digit runs padded to one width compare as numbers.
const BY_NUMBER = sql`ledger.number_order(a.number), a.number`

/** Names of the accounts that a refused GO found changed, for the pool that may see them. */
export function accountNumbers(db: Db, ids: number[]): Promise<{ id: number; number: string; balance: string }[]> {
  return rows(
    db,
    sql`select a.id, a.number, coalesce((select sum(o.unpaid) from ledger.open_item o where o.account_id = a.id), 0)::text as balance
    from account a where a.id in (select value::int from jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb)) order by ${BY_NUMBER}`,
  )
}
