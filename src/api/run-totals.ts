import type { Db } from '../db/db.ts'
import { type Money, money, sum, text } from '../ledger/money.ts'
import { type RunTotals, runTotals } from '../runs/preview-store.ts'
import type { RunRow } from '../runs/service.ts'

/**
 * A run as the person of this pool sees it: without the accounts of private customers, in counts and totals too
 * (product.md 3.20), or what is hidden would be the difference. `all` is the pool that sees all.
 */
export async function asSeen(db: Db, all: Db, run: RunRow): Promise<RunRow> {
  const [whole, mine] = await Promise.all([runTotals(all, run.id), runTotals(db, run.id)])
  if (whole.accounts === mine.accounts) return run
  const count = run.count - (whole.accounts - mine.accounts)
  const isFee = (type: string) => type === 'Fee'
  return {
    ...run,
    count,
    posted: run.posted > 0 ? count : 0,
    total: text(money(run.total).minus(hidden(whole, mine, (type) => !isFee(type)))),
    fees: text(money(run.fees).minus(hidden(whole, mine, isFee))),
  }
}

const hidden = (whole: RunTotals, mine: RunTotals, of: (type: string) => boolean): Money =>
  linesOf(whole, of).minus(linesOf(mine, of))

const linesOf = ({ types }: RunTotals, of: (type: string) => boolean): Money =>
  sum(types.filter(({ type }) => of(type)).map(({ amount }) => money(amount)))
