import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { sql } from 'drizzle-orm'
import { type Db, databaseFault, one } from '../db/db.ts'
import { Refused } from '../errors.ts'
import type { Day } from '../ledger/calendar.ts'
import { fault } from '../ledger/faults.ts'
import { readCertifications } from './certifications.ts'
import { checkSetUp } from './check-set-up.ts'
import { FILES } from './documents.ts'
import { type Fault, Faults, TooManyFaults } from './faults.ts'
import { finishAlerts } from './files/alerts.ts'
import { finishArrangements } from './files/arrangements.ts'
import { CERTIFICATIONS } from './files/certifications.ts'
import { SET_UP_FILES } from './files/index.ts'
import { finishRuns } from './files/runs.ts'
import { TRANSACTIONS } from './files/transactions.ts'
import { type History, readHistory } from './history/read.ts'
import { openStaging, type Staging } from './history/staging.ts'
import { type Picture, startPicture } from './picture.ts'
import { knownIds, readSetUp } from './read-set-up.ts'
import { type ControlTotals, controlTotals } from './totals.ts'

export interface ImportOptions {
  /** Reads and checks everything and leaves nothing behind. */
  dryRun?: boolean
  actor: number
  today: Day
}

export type ImportResult = { ok: true; runId: number | null; totals: ControlTotals } | { ok: false; faults: Fault[] }

interface Attempt {
  db: Db
  folder: string
  files: string[]
  options: ImportOptions
  picture: Picture
  faults: Faults
}

/**
 * Loads a town folder into an empty town, all or nothing (contract.md 2). Everything is read and checked first: set-up
 * rows become JSON, the history streams into staging by two COPYs while the aging book runs, then the rows of runs and
 * the bytes of files. Nothing of that is the town's yet. Then ONE statement, `ledger.import_town`, brings all together:
 * a block of statements in a JavaScript transaction could be committed in half when its connection dies (product.md 1.2),
 * a single statement cannot. `db` is the pool that sees everything. Refuses a town that is not empty.
 */
export async function importTown(db: Db, folder: string, options: ImportOptions): Promise<ImportResult> {
  await refuseUnlessEmpty(db)
  const faults = new Faults()
  const picture = await startPicture(db, options.actor, options.today)
  picture.ids = await knownIds(db, SET_UP_FILES)
  try {
    const files = await filesOf(folder, faults)
    return await attempt({ db, folder, files, options, picture, faults })
  } catch (error) {
    if (error instanceof TooManyFaults) return { ok: false, faults: faults.list }
    throw error
  }
}

async function refuseUnlessEmpty(db: Db): Promise<void> {
  const town = await one<{ empty: boolean }>(
    db,
    sql`select not exists (select from customer) and not exists (select from location) and not exists (select from account)
      and not exists (select from ledger.transaction) as empty`,
  )
  if (!town?.empty) throw notEmpty()
}

const notEmpty = () =>
  new Refused('town_not_empty', 'This town is not empty. A town folder is imported into an empty town.')

/** The folder's files. A file that is not of a town folder is refused; hidden ones are none of ours. */
async function filesOf(folder: string, faults: Faults): Promise<string[]> {
  const known = new Set([...SET_UP_FILES.map((file) => file.name), TRANSACTIONS, CERTIFICATIONS, FILES])
  const found = await readdir(folder).catch(() => {
    throw new Refused('no_folder', `There is no folder ${folder}.`)
  })
  const files = found.filter((name) => !name.startsWith('.')).sort()
  for (const name of files) if (!known.has(name)) faults.add(name, 1, '', 'a town folder has no such file')
  return files
}

async function attempt(attempt: Attempt): Promise<ImportResult> {
  const { db, folder, files, options, picture, faults } = attempt
  const counts: Record<string, number> = {}
  const before = faults.list.length
  for (const file of SET_UP_FILES) {
    if (!file.late && files.includes(file.name)) counts[file.name] = await readSetUp(folder, file, picture, faults)
  }
  finishAlerts(picture, faults)
  finishArrangements(picture, faults)
  finishRuns(picture, faults)
  checkSetUp(picture, faults)
  // Lines of the history would only be told to name what is not there.
  if (faults.list.length > before) return { ok: false, faults: faults.list }
  if (options.dryRun || !faults.none) {
    const history = await readMoney(attempt, counts, { run: 0, transaction: 1 }, undefined)
    return faults.none
      ? { ok: true, runId: null, totals: controlTotals(counts, history) }
      : { ok: false, faults: faults.list }
  }
  const ids = await nextIds(db, picture)
  const staging = await openStaging(db, ids.run)
  try {
    const history = await readMoney(attempt, counts, ids, staging)
    if (!faults.none) {
      staging.abandon()
      await sweep(db, ids.run)
      return { ok: false, faults: faults.list }
    }
    await staging.end()
    await load(attempt, ids.run, history.made)
    return { ok: true, runId: ids.run, totals: controlTotals(counts, history) }
  } catch (error) {
    staging.abandon()
    await sweep(db, ids.run)
    throw error
  }
}

interface Ids {
  run: number
  transaction: number
}

/** The history, then what rests on it: certifications, and the files that name its transactions. */
async function readMoney(
  { db, folder, files, picture, faults }: Attempt,
  counts: Record<string, number>,
  ids: Ids,
  staging: Staging | undefined,
): Promise<History> {
  const lastId = ids.transaction - 1
  const history = await readHistory(folder, files.includes(TRANSACTIONS), { picture, faults, lastId, staging })
  picture.find = history.find
  if (files.includes(TRANSACTIONS)) counts[TRANSACTIONS] = history.lines
  if (files.includes(CERTIFICATIONS)) {
    counts[CERTIFICATIONS] = await readCertifications(folder, picture, history.find, faults)
  }
  // What is wrong so far would only be said again of what rests on it.
  if (!faults.none) return history
  const flush = () => picture.late.stageWhole(staging && db, ids.run)
  for (const file of SET_UP_FILES) {
    if (file.late && files.includes(file.name))
      counts[file.name] = await readSetUp(folder, file, picture, faults, flush)
  }
  await picture.documents.check(folder, faults)
  return history
}

/**
 * The run's id, behind those of the runs that the folder brings, and the first transaction's. The run's row itself enters
 * with the one statement: a refused import leaves no run. Transactions take the ids from there on, for nobody else posts in an empty town; the statement moves the
 * sequence behind them.
 */
async function nextIds(db: Db, picture: Picture): Promise<Ids> {
  const last = Math.max(0, ...(picture.ids.get('run')?.values() ?? []))
  const row = await one<Ids>(
    db,
    sql`select ${last} + nextval(pg_get_serial_sequence('ledger.run', 'id'))::int as run, nextval('ledger.transaction_id')::int as transaction`,
  )
  if (!row) throw new Error('the sequences gave no number')
  return row
}

async function load({ db, folder, options, picture }: Attempt, runId: number, made: Day[]): Promise<void> {
  await picture.rows.stage(db, runId)
  await picture.late.stage(db, runId)
  await picture.documents.stage(db, runId, folder, options.actor)
  const listed = [...picture.periods.keys()]
  const closed = listed.filter((end) => picture.periods.get(end))
  const current = picture.settings.get('current_period')?.value
  const needed = [...new Set([...made, ...(current && !listed.includes(current) ? [current] : [])])].sort()
  const dates = (days: Day[]) => sql`array(select jsonb_array_elements_text(${JSON.stringify(days)}::jsonb)::date)`
  const kept = JSON.stringify({ folder: path.basename(path.resolve(folder)) })
  try {
    await db.execute(sql`select ledger.import_town(${runId}, ${options.actor}, ${kept}::jsonb,
      ${dates(listed)}, ${dates(needed)}, ${dates(closed)})`)
  } catch (error) {
    // Somebody was quicker: the statement itself looks again, with the tables locked.
    throw databaseFault(error)?.code === 'LG015' ? notEmpty() : fault(error)
  }
  await sweep(db, runId)
}

async function sweep(db: Db, runId: number): Promise<void> {
  await db.execute(sql`select ledger.sweep_staged(${runId})`)
}
