import { type SQL, sql } from 'drizzle-orm'
import { type Db, rows } from '../db/db.ts'
import { Conflict } from '../errors.ts'
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

/**
 * A certification payment or adjustment posted by itself is no run and is not reversed along with one: it is named and
 * refuses the reversal of what it rests on until it is reversed itself.
 */
export async function refuseSingleTransactions(db: Db, certifications: Promise<number[]>): Promise<void> {
  const ids = await certifications
  if (ids.length === 0) return
  const found = await rows<{ number: string; account: string }>(
    db,
    sql`select coalesce(x.number, x.id::text) as number, a.number as account from ledger.transaction x join account a on a.id = x.account_id
      join ledger.run r on r.id = x.run_id
      where position('.' in r.kind) = 0 and exists (${movementsOf(ids)} and t.id = x.id) order by x.id limit 20`,
  )
  if (found.length === 0) return
  const named = found.map(({ number, account }) => `${number} of account ${account}`).join(', ')
  throw new Conflict(`Certification payments or adjustments rest on this run: ${named}. Reverse them first.`, {
    transactions: found,
  })
}
