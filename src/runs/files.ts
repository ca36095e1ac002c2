import { sql } from 'drizzle-orm'
import { type Db, one, rows } from '../db/db.ts'
import { bytesOf, type Kept, keepBytes } from '../files/kept.ts'

export type RunFile = Kept

/** Keeps a file of a run in the database, in chunks, with its hash. The same name again replaces the entry, not the old bytes. */
export async function keepFile(
  db: Db,
  given: { runId: number; name: string; mediaType: string; bytes: Buffer; holdsPrivate: boolean; actor: number },
): Promise<RunFile> {
  const { id, ...kept } = await db.transaction((tx) => keepBytes(tx, given))
  await db.execute(sql`select ledger.keep_run_file(${given.runId}, ${given.name}, ${id}::int, ${given.holdsPrivate})`)
  return kept
}

// Who may not see the whole of a file sees the one without private accounts under the very same name: a name of its own
// would say that there are some.
const NAME = sql`case when exists (select from ledger.run_file w where w.run_id = r.run_id and w.name = replace(r.name, '-public.', '.'))
  then r.name else replace(r.name, '-public.', '.') end`

/** The files of a run that this pool may see (those naming private accounts are for administrators). */
export function runFiles(db: Db, runId: number): Promise<RunFile[]> {
  return rows<RunFile>(
    db,
    sql`select ${NAME} as name, f.media_type as "mediaType", f.bytes, f.sha256
    from ledger.run_file r join file f on f.id = r.file_id where r.run_id = ${runId} order by 1`,
  )
}

/** Register that names a private customer, and none beside it that leaves him out: he became private after it was made. */
const OUTDATED = sql`w.name = 'register.csv' and w.holds_private and not exists (select from ledger.run_file p
  where p.run_id = w.run_id and p.name like 'register%' and not p.holds_private)`

/** Whether the register is still to come: a posted run has files, if only such as this person does not see. */
export async function isMaking(all: Db, runId: number, seen: RunFile[]): Promise<boolean> {
  if (seen.length > 0) return false
  const found = await one<{ some: boolean; outdated: boolean | null }>(
    all,
    sql`select count(*) > 0 as some, bool_or(${OUTDATED}) as outdated from ledger.run_file w where w.run_id = ${runId}`,
  )
  return found?.some !== true || found.outdated === true
}

/** The runs whose register was made before one of their customers became private. Needs the pool that sees all. */
export async function outdatedRegisters(db: Db): Promise<number[]> {
  const found = await rows<{ id: number }>(
    db,
    sql`select w.run_id::int as id from ledger.run_file w join ledger.run r on r.id = w.run_id and r.state = 'posted' where ${OUTDATED} order by 1`,
  )
  return found.map(({ id }) => id)
}

export async function readRunFile(
  db: Db,
  runId: number,
  name: string,
): Promise<(RunFile & { content: Buffer }) | undefined> {
  const found = await one<RunFile & { id: number }>(
    db,
    sql`select f.id, ${NAME} as name, f.media_type as "mediaType", f.bytes, f.sha256
    from ledger.run_file r join file f on f.id = r.file_id where r.run_id = ${runId} and ${NAME} = ${name}`,
  )
  if (!found) return undefined
  return { ...found, content: await bytesOf(db, found.id) }
}
