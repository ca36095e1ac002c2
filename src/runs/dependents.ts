import { sql } from 'drizzle-orm'
import { type Db, rows } from '../db/db.ts'
import { Conflict } from '../errors.ts'
import type { Day } from '../ledger/calendar.ts'
import type { Dependents } from './reverse.ts'

/** What rests on a run, as it is named to whoever wants to reverse it. */
export interface NamedDependents {
  runs: { id: number; number: string }[]
  transactions: { number: string; accountNumber: string; type: string; date: Day }[]
}

/** The numbers of what rests on a run, newest first. Transactions of accounts that this pool may not see are left out. */
export async function nameDependents(db: Db, { dependents, transactions }: Dependents): Promise<NamedDependents> {
  const each = (ids: number[]) =>
    sql`jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb) with ordinality as asked(id, place)`
  return {
    runs: await rows(
      db,
      sql`select r.id::int, coalesce(r.number, r.id::text) as number from ${each(dependents)}
        join ledger.run r on r.id = asked.id::bigint order by place`,
    ),
    transactions: await rows(
      db,
      sql`select coalesce(t.number, t.id::text) as number, a.number as "accountNumber", t.type, t.transaction_date as date
        from ${each(transactions)} join ledger.transaction t on t.id = asked.id::bigint join account a on a.id = t.account_id order by place`,
    ),
  }
}

/** The same in a sentence. Where nothing of it may be shown, that something is there is still said. */
export function dependentsSentence({ runs, transactions }: NamedDependents): string {
  const named = [
    ...(runs.length > 0 ? [`runs ${runs.map(({ number }) => number).join(', ')}`] : []),
    ...(transactions.length > 0
      ? [transactions.map((each) => `${each.type} ${each.number} of account ${each.accountNumber}`).join(', ')]
      : []),
  ]
  const said =
    named.length > 0
      ? `Rests on this run: ${named.join('; ')}.`
      : 'Something that is not shown to you rests on this run.'
  return `${said} Reverse it first or with the run.`
}

/** What `reverseRun` threw for want of `withDependents`; undefined for anything else. */
export function dependentsIn(error: unknown): Dependents | undefined {
  const detail = error instanceof Conflict ? (error.detail as Partial<Dependents> | undefined) : undefined
  return detail?.dependents && detail.transactions
    ? { dependents: detail.dependents, transactions: detail.transactions }
    : undefined
}
