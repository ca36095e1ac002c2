import { sql } from 'drizzle-orm'
import { type Db, rows } from '../db/db.ts'
import { OPEN_STATES } from '../runs/states.ts'

export interface OpenRun {
  id: number
  kind: string
  state: string
  count: number
  by: string
  at: string
}

/** Runs that wait for somebody: preparing, prepared or failed, newest first. Counts are of accounts this person may see. */
export function listOpenRuns(db: Db, limit = 10): Promise<OpenRun[]> {
  return rows<OpenRun>(
    db,
    sql`
    select r.id::int as id, r.kind, r.state, (select count(*)::int from ledger.staged_account s where s.run_id = r.id) as count, coalesce(u.name, '') as by,
      r.prepared_at as at
    from ledger.run r left join app_user u on u.id = r.prepared_by
    where r.state in ${OPEN_STATES}
    order by r.id desc limit ${limit}`,
  )
}

/** Accounts to which no money is posted until the proof is clean again. */
export async function heldBack(db: Db): Promise<string[]> {
  const found = await rows<{ number: string }>(
    db,
    sql`
    select a.number from ledger.parked_account p join account a on a.id = p.account_id order by a.number limit 50`,
  )
  return found.map((row) => row.number)
}

/** Certified and not yet taken off the utility balances: how many accounts. */
export async function certifiedNotUpdated(db: Db): Promise<number> {
  const [found] = await rows<{ count: number }>(
    db,
    sql`
    select count(distinct account_id)::int as count from ledger.certification where updated_date is null and withdrawn_at is null`,
  )
  return found?.count ?? 0
}

/** Those of the numbers that this connection may see. */
export async function visibleAccounts(db: Db, numbers: readonly string[]): Promise<string[]> {
  if (numbers.length === 0) return []
  const list = JSON.stringify(numbers)
  const found = await rows<{ number: string }>(
    db,
    sql`select number from account where number in (select jsonb_array_elements_text(${list}::jsonb)) order by number`,
  )
  return found.map((row) => row.number)
}
