import { sql } from 'drizzle-orm'
import { recordEvent } from '../audit/service.ts'
import { type Db, one } from '../db/db.ts'
import { NotFound, Refused } from '../errors.ts'
import { type Day, formatDay, monthEnd } from '../ledger/calendar.ts'
import { fault } from '../ledger/faults.ts'
import { periodList } from './store.ts'

export interface PeriodRow {
  end: Day
  closedAt: string | null
  /** Lines of the journal and unpaid buckets: a period in use keeps its key. How many lines is not said: private accounts' too. */
  inJournal: boolean
  unpaid: number
  /** The first or last of the list: the only ones that can go without a gap. */
  atEnd: boolean
}

/** A period with what uses it, or 404. */
export async function findPeriod(db: Db, end: Day): Promise<PeriodRow> {
  const found = await one<PeriodRow>(
    db,
    sql`select p.end_date::text as end, p.closed_at::text as "closedAt",
        exists (select from ledger.journal j where j.period = p.end_date) as "inJournal",
        (select count(*) from ledger.open_item o where o.aging_period = p.end_date)::int as unpaid,
        p.end_date in ((select min(end_date) from ledger.period), (select max(end_date) from ledger.period where end_date <> 'infinity')) as "atEnd"
      from ledger.period p where p.end_date = ${end} and p.end_date <> 'infinity'`,
  )
  if (!found) throw new NotFound('period')
  return found
}

/**
 * Lists a period. At either end of the list, missing months are listed with it; an end that is no month's end only
 * after the last. Refuses an end between those that are listed: it would split a period that postings may stand in; and
 * one before a closed period.
 */
export async function addPeriod(db: Db, end: Day, by: number): Promise<void> {
  const periods = await periodList(db)
  const listed = periods.map((period) => period.end)
  const [last, first] = [listed[0], listed.at(-1)]
  const calendar = end === monthEnd(end)
  const refused = (says: string) => new Refused('period_refused', says, { end: says })
  if (listed.includes(end)) throw refused(`The period ending ${formatDay(end)} is listed already.`)
  if (first && last && end > first && end < last) {
    throw refused(
      `Periods are listed from ${formatDay(first)} to ${formatDay(last)} already; add one before or after them.`,
    )
  }
  const closed = periods.find(({ closedAt }) => closedAt !== null)?.end
  if (closed && end < closed)
    throw refused(`The period ending ${formatDay(closed)} is closed: none is added before it.`)
  if (!calendar && (!last || end < last)) throw refused('Choose the last day of a month.')
  if (calendar) await db.execute(sql`select ledger.ensure_period(${end}::date)`)
  else await db.execute(sql`insert into ledger.period (end_date) values (${end})`)
  await recordEvent(db, { actor: by, action: 'add', subject: 'period', subjectKey: end })
}

/** Waits for postings in flight, then nothing more is posted in the period. Closing twice is closing once. */
export async function closePeriod(db: Db, end: Day, by: number): Promise<void> {
  await db.execute(sql`select ledger.close_period(${end}::date, ${by}::int)`)
}

export async function reopenPeriod(db: Db, end: Day, by: number, reason: string): Promise<void> {
  await db.execute(sql`select ledger.reopen_period(${end}::date, ${by}::int, ${reason}::text)`)
}

/** Takes an unused period off either end of the list; refuses one that postings or unpaid amounts stand in. */
export async function deletePeriod(db: Db, end: Day, by: number): Promise<void> {
  const period = await findPeriod(db, end)
  const refused = (says: string) => new Refused('period_used', says)
  if (!period.atEnd) throw refused('Only the first and the last period can be deleted: the others would leave a gap.')
  if (period.inJournal) throw refused('Some lines of the GL journal stand in this period, so it stays.')
  try {
    await db.execute(sql`delete from ledger.period where end_date = ${end}`)
  } catch (error) {
    throw fault(error)
  }
  await recordEvent(db, { actor: by, action: 'delete', subject: 'period', subjectKey: end })
}
