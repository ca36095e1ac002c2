import { sql } from 'drizzle-orm'
import { type Db, one, rows } from '../db/db.ts'
import type { PreviewLine } from './stage.ts'
import type { RunAccount } from './store.ts'

export interface RunTotals {
  accounts: number
  excluded: number
  before: string
  after: string
  /** The sum of the staged lines of each type, in dollars as text. */
  types: { type: string; amount: string }[]
}

const PUBLIC = sql`exists (select from account a join customer c on c.id = a.customer_id where a.id = s.account_id and c.public)`

/** What stands in a run, as far as this pool may see it; `public` leaves private customers out in any pool. */
export async function runTotals(db: Db, runId: number, whose: 'all' | 'public' = 'all'): Promise<RunTotals> {
  const mine = whose === 'public' ? sql`s.run_id = ${runId} and ${PUBLIC}` : sql`s.run_id = ${runId}`
  const found = await one<RunTotals>(
    db,
    sql`
    select count(*)::int as accounts, (select count(*)::int from ledger.staged_exclusion s where ${mine}) as excluded,
      coalesce(sum(before), 0)::numeric(16, 2)::text as before, coalesce(sum(after), 0)::numeric(16, 2)::text as after,
      (select coalesce(jsonb_agg(jsonb_build_object('type', type, 'amount', amount::text) order by type), '[]')
        from (select line->>'type' as type, sum((line->>'amount')::numeric(16, 2)) as amount
          from ledger.staged_account s, jsonb_array_elements(s.lines) line where ${mine} group by 1) t) as types
    from ledger.staged_account s where ${mine}`,
  )
  if (!found) throw new Error('a count without a row')
  return found
}

export interface PrivateShare {
  id: number
  accounts: number
  excluded: number
  /** Accounts of private customers in the town. */
  known: number
  amount: string
  fees: string
}

/** Rows of private customers that an import posted itself: nothing is staged of it any more. */
const IMPORTED = sql`from ledger.transaction t join account a on a.id = t.account_id join customer c on c.id = a.customer_id and not c.public
  where r.kind = 'town.import' and t.run_id = r.id`

/** What private customers have in these runs. Needs the pool that sees all. */
export function privateShares(db: Db, runs: number[]): Promise<PrivateShare[]> {
  const ids = sql`(select value::bigint from jsonb_array_elements_text(${JSON.stringify(runs)}::jsonb))`
  return rows<PrivateShare>(
    db,
    sql`
    select r.id::int as id, (count(distinct s.account_id) + (select count(distinct t.account_id) ${IMPORTED}))::int as accounts,
      (select count(*)::int from ledger.staged_exclusion s where s.run_id = r.id and not ${PUBLIC}) as excluded,
      (select count(*)::int from account a join customer c on c.id = a.customer_id where not c.public) as known,
      (coalesce(sum(ledger.counted_amount(l)), 0) + coalesce((select sum((select sum(p.amount) from ledger.posting p where p.period = t.period
        and p.transaction_id = t.id and p.subledger = 'utility')) ${IMPORTED}), 0))::numeric(16, 2)::text as amount,
      coalesce(sum((l->>'amount')::numeric) filter (where l->>'type' = 'Fee'), 0)::numeric(16, 2)::text as fees
    from ledger.run r left join ledger.staged_account s on s.run_id = r.id and not ${PUBLIC}
    left join lateral jsonb_array_elements(s.lines) l on true where r.id in ${ids} group by r.id`,
  )
}

/** Which of these texts are numbers and names of private customers, their accounts and nobody else's. Needs the pool that sees all. */
export async function privateAmong(db: Db, texts: string[]): Promise<Set<string>> {
  if (texts.length === 0) return new Set()
  const found = await rows<{ text: string }>(
    db,
    sql`select x.text from jsonb_array_elements_text(${JSON.stringify([...new Set(texts)])}::jsonb) x(text)
      where exists (select from customer c left join account a on a.customer_id = c.id where not c.public and lower(x.text) in (lower(c.name), c.number, a.number))
        and not exists (select from customer c where c.public and lower(c.name) = lower(x.text))`,
  )
  return new Set(found.map(({ text }) => text))
}

/** One account of a run. */
export function findRunAccount(db: Db, runId: number, number: string): Promise<RunAccount | undefined> {
  return one<RunAccount>(
    db,
    sql`
    select s.account_id as "accountId", a.number as "accountNumber", c.name as "customerName", n.service_address as "serviceAddress",
      s.before::text, s.after::text, coalesce(s.lines, '[]') as lines, s.facts,
      coalesce((select jsonb_agg(e.note order by e.line) from ledger.staged_effect e
        where e.run_id = s.run_id and e.account_id = s.account_id and e.note <> ''), '[]') as effects
    from ledger.staged_account s join account a on a.id = s.account_id join customer c on c.id = a.customer_id
    join location n on n.id = a.location_id where s.run_id = ${runId} and a.number = ${number}`,
  )
}

/** What the preview said of these accounts: their balances then, by account number. */
export async function previewedBalances(db: Db, runId: number, numbers: string[]): Promise<Map<string, string>> {
  const found = await rows<{ number: string; before: string }>(
    db,
    sql`
    select a.number, s.before::text from ledger.staged_account s join account a on a.id = s.account_id
    where s.run_id = ${runId} and a.number in (select jsonb_array_elements_text(${JSON.stringify(numbers)}::jsonb))`,
  )
  return new Map(found.map((row) => [row.number, row.before]))
}

export interface AgainAccount {
  number: string
  was: PreviewLine[]
  /** Null where the account is no longer on it. */
  now: PreviewLine[] | null
}

/** The accounts that alone were prepared again, with their lines in the preview before and now, in account order. */
export function preparedAgain(db: Db, runId: number): Promise<AgainAccount[]> {
  return rows<AgainAccount>(
    db,
    sql`
    select a.number, w.value as was, case when s.account_id is not null then coalesce(s.lines, '[]') end as now
    from ledger.run r cross join lateral jsonb_each(r.last_preview->'again') w join account a on a.id = w.key::int
    left join ledger.staged_account s on s.run_id = r.id and s.account_id = a.id
    where r.id = ${runId} order by ledger.number_order(a.number), a.number`,
  )
}

/** The posted run that reversed this one. */
export async function reversingRun(db: Db, runId: number): Promise<number | undefined> {
  const found = await one<{ id: number }>(
    db,
    sql`select id::int as id from ledger.run where reverses_run_id = ${runId} and state = 'posted'`,
  )
  return found?.id
}

/** How many runs the list of a filter has. */
export async function countRuns(db: Db, kind: string | undefined): Promise<number> {
  const found = await one<{ count: number }>(
    db,
    sql`select count(*)::int as count from ledger.run where position('.' in kind) > 0 and (${kind ?? null}::text is null or kind = ${kind ?? null})`,
  )
  return found?.count ?? 0
}

/** The accounts of private customers in a run, staged or left out. Needs the pool that sees all. */
export async function privateAccounts(db: Db, runId: number): Promise<Set<string>> {
  const found = await rows<{ number: string }>(
    db,
    sql`
    select a.number from account a join customer c on c.id = a.customer_id and not c.public
    where exists (select from ledger.staged_account s where s.run_id = ${runId} and s.account_id = a.id)
      or exists (select from ledger.staged_exclusion e where e.run_id = ${runId} and e.account_id = a.id)`,
  )
  return new Set(found.map((row) => row.number))
}
