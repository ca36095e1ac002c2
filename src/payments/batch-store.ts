import { sql } from 'drizzle-orm'
import { type Db, one, rows } from '../db/db.ts'
import { shownName } from '../db/shown-name.ts'
import { NotFound } from '../errors.ts'
import type { Day } from '../ledger/calendar.ts'
import { fault } from '../ledger/faults.ts'
import { bodyHash, type RequestKey } from '../ledger/post.ts'
import { OPEN_STATES } from '../runs/states.ts'

/** What was entered beside amount and date; amounts as text. */
export interface EntryInput {
  /** Of a payment: the clerk's own allocation. */
  allocations?: { service: string; amount: string }[]
  /** Of an adjustment: the charge it is of, its lines and why. */
  of?: string[]
  changes?: { service: string; change: string }[]
  reason?: string
}

export interface EntryRow {
  id: number
  runId: number
  account: string
  accountId: number
  name: string
  type: 'Pmt' | 'Adj'
  date: Day
  /** The change of the balance: a payment is below zero. */
  amount: string
  description: string
  method: string | null
  methodName: string | null
  reference: string | null
  receipt: string | null
  input: EntryInput
  by: string
  enteredAt: string
  version: number
  removed: boolean
  /** Its batch still takes changes. */
  open: boolean
}

const ENTRIES = sql`select e.id, e.run_id::int as "runId", a.number as account, a.id as "accountId", c.name, e.type, e.date, e.amount::text,
    e.description, e.method, (select m.name from payment_method m where m.code = e.method) as "methodName", e.reference, e.receipt, e.input,
    coalesce((select ${shownName()} from app_user u where u.id = e.entered_by), e.entered_by::text) as by, e.entered_at as "enteredAt",
    e.version, e.removed_at is not null as removed, r.state in ${OPEN_STATES} as open
  from ledger.batch_entry e join ledger.run r on r.id = e.run_id join account a on a.id = e.account_id
  join customer c on c.id = a.customer_id`

/** The rows of a batch in the order they were entered, without those taken out. */
export const entriesOf = (db: Db, runId: number): Promise<EntryRow[]> =>
  rows(db, sql`${ENTRIES} where e.run_id = ${runId} and e.removed_at is null order by e.id`)

/** What sorts of rows a batch holds. */
export const entryTypes = async (db: Db, runId: number): Promise<EntryRow['type'][]> =>
  (
    await rows<Pick<EntryRow, 'type'>>(
      db,
      sql`select distinct type from ledger.batch_entry where run_id = ${runId} and removed_at is null`,
    )
  ).map(({ type }) => type)

/** A row of a batch that still stands; NotFound when there is none to see. */
export async function mustBeEntry(db: Db, id: number): Promise<EntryRow> {
  const found = await one<EntryRow>(db, sql`${ENTRIES} where e.id = ${id} and e.removed_at is null`)
  if (!found) throw new NotFound('unposted transaction')
  return found
}

/** Json of the unposted rows of the account in `a`, newest first. */
export const unpostedJson = sql`(select coalesce(json_agg(json_build_object('id', e.id, 'runId', e.run_id, 'type', e.type, 'date', e.date,
    'amount', e.amount::text, 'description', e.description, 'method', (select m.name from payment_method m where m.code = e.method),
    'reference', e.reference, 'receipt', e.receipt, 'input', e.input, 'enteredAt', e.entered_at,
    'by', coalesce((select ${shownName()} from app_user u where u.id = e.entered_by), e.entered_by::text)) order by e.date desc, e.id desc), '[]')
  from ledger.batch_entry e join ledger.run r on r.id = e.run_id
  where e.account_id = a.id and e.removed_at is null and r.state in ${OPEN_STATES})`

export interface BatchRow {
  id: number
  number: string
  state: string
  by: string
  byId: number
  openedAt: string
  count: number
  total: string
}

const BATCHES = sql`select r.id::int, coalesce(r.number, r.id::text) as number, r.state, ${shownName()} as by, r.prepared_by as "byId",
    r.prepared_at as "openedAt", coalesce(e.count, 0)::int as count, coalesce(e.total, 0)::numeric(14,2)::text as total
  from ledger.run r join app_user u on u.id = r.prepared_by
  left join lateral (select count(*) as count, sum(b.amount) as total from ledger.batch_entry b
    where b.run_id = r.id and b.removed_at is null) e on true
  where r.kind = 'payments.batch'`

/** Batches that wait to be posted, newest first. Counts are of rows that this pool may see. */
export const openBatches = (db: Db): Promise<BatchRow[]> =>
  rows(db, sql`${BATCHES} and r.state in ${OPEN_STATES} order by r.id desc limit 100`)

/** Batches of before, newest first. */
export const closedBatches = (db: Db, limit: number): Promise<BatchRow[]> =>
  rows(db, sql`${BATCHES} and r.state not in ${OPEN_STATES} order by r.id desc limit ${limit}`)

export const batchRow = (db: Db, id: number): Promise<BatchRow | undefined> => one(db, sql`${BATCHES} and r.id = ${id}`)

export interface NewEntry {
  actor: number
  request?: RequestKey | undefined
  /** The batch it goes to; absent = the clerk's own open one, or a new one. */
  runId?: number | undefined
  accountId: number
  type: 'Pmt' | 'Adj'
  date: Day
  amount: string
  description: string
  method?: string | undefined
  reference?: string | undefined
  receipt?: object | undefined
  input: EntryInput
}

export interface EntryAnswer extends Record<string, unknown> {
  entryId: number
  runId: number
  receiptNumber: string | null
}

/**
 * Adds a row, with its receipt, in one statement; the same request key gives the first answer again, with what else the
 * caller said in it.
 */
export async function addEntry<More extends object = object>(
  db: Db,
  { request, ...entry }: NewEntry & { answer?: More },
): Promise<EntryAnswer & More> {
  const key = request ? { path: request.path, key: request.key, bodyHash: bodyHash(request.body) } : {}
  const row = await guarded(() =>
    one<{ answer: EntryAnswer & More }>(
      db,
      sql`select ledger.add_entry(${JSON.stringify({ ...entry, ...key })}::jsonb) as answer`,
    ),
  )
  if (!row) throw new Error('add_entry gave no row')
  return row.answer
}

/** Changes a row that is still what was shown. */
export async function storeEntry(
  db: Db,
  row: Pick<EntryRow, 'id' | 'version'>,
  by: number,
  next: { date: Day; amount: string; description: string; input: EntryInput },
): Promise<void> {
  await guarded(() =>
    db.execute(sql`select ledger.change_entry(${row.id}, ${row.version}, ${by}, ${JSON.stringify(next)}::jsonb)`),
  )
}

export async function dropEntry(db: Db, id: number, by: number, reason: string): Promise<void> {
  await guarded(() => db.execute(sql`select ledger.remove_entry(${id}, ${by}, ${reason})`))
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw fault(error)
  }
}
