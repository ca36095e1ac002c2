import { type SQL, sql } from 'drizzle-orm'
import { type Db, rows } from '../db/db.ts'
import { idList } from './candidate-store.ts'

/**
 * Runs that rest on these certifications and came after the run, newest first: updates, county files, notices, and
 * imported payments of their tax years. `kinds` narrows the first three, where only some rest on the run.
 */
export async function dependentRuns(
  db: Db,
  runId: number,
  certifications: Promise<number[]>,
  kinds: SQL = sql`true`,
): Promise<number[]> {
  const ids = await certifications
  if (ids.length === 0) return []
  const found = await rows<{ id: number }>(
    db,
    sql`select r.id::int from ledger.run r where r.id > ${runId} and r.state = 'posted' and position('.' in r.kind) > 0 and r.reverses_run_id is null
      and not exists (select from ledger.run v where v.reverses_run_id = r.id and v.state = 'posted')
      and (${kinds} and exists (select from ledger.run_effect e where e.run_id = r.id and e.kind = 'certification' and e.target = any(${idList(ids)}))
        or r.kind = 'tax-certification.import-payments' and exists (${movementsOf(ids)} and t.run_id = r.id))
    order by r.id desc`,
  )
  return found.map(({ id }) => id)
}

/** Live payments and adjustments of the tax years whose PAdjs these certifications posted. */
const movementsOf = (ids: number[]) => sql`
  select from ledger.certification c join ledger.transaction t on t.account_id = c.account_id
  where c.id = any(${idList(ids)}) and c.padj_id is not null and t.type in ('CertPmt', 'CertAdj')
    and not exists (select from ledger.transaction v where v.reverses_id = t.id)
    and exists (select from ledger.posting p where p.period = t.period and p.transaction_id = t.id and p.tax_year = c.tax_year)`

// What a town folder brought without a run was entered singly where it came from, and keeps its moment.
const enteredSingly = sql`(position('.' in r.kind) = 0 or r.kind = 'town.import' and x.run_number is null)`
const enteredAt = sql`case r.kind when 'town.import' then x.posted_at else r.posted_at end`

/**
 * Certification payments and adjustments entered singly since the run, in force, of the tax years whose PAdjs these
 * certifications posted, newest first: they are no run, and are reversed along with what they rest on.
 */
export async function dependentTransactions(
  db: Db,
  runId: number,
  certifications: Promise<number[]>,
): Promise<number[]> {
  const ids = await certifications
  if (ids.length === 0) return []
  const found = await rows<{ id: number }>(
    db,
    sql`select x.id::int from ledger.transaction x join ledger.run r on r.id = x.run_id
      where ${enteredSingly} and ${enteredAt} > (select posted_at from ledger.run where id = ${runId})
        and exists (${movementsOf(ids)} and t.id = x.id) order by x.id desc`,
  )
  return found.map(({ id }) => id)
}
