import { createHash } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import { type Db, one, rows } from '../db/db.ts'
import { file, fileChunk } from '../db/tables/index.ts'

const CHUNK = 256 * 1024

export interface RunFile {
  name: string
  mediaType: string
  bytes: number
  sha256: string
}

/** Keeps a file of a run in the database, in chunks, with its hash. The same name again replaces the entry, not the old bytes. */
export async function keepFile(
  db: Db,
  given: { runId: number; name: string; mediaType: string; bytes: Buffer; holdsPrivate: boolean; actor: number },
): Promise<RunFile> {
  const sha256 = createHash('sha256').update(given.bytes).digest('hex')
  const kept = { name: given.name, mediaType: given.mediaType, bytes: given.bytes.length, sha256 }
  const id = await db.transaction(async (tx) => {
    const [row] = await tx
      .insert(file)
      .values({ ...kept, createdBy: given.actor })
      .returning({ id: file.id })
    if (!row) throw new Error('the file was not kept')
    for (let at = 0, position = 0; at < given.bytes.length; at += CHUNK, position += 1) {
      await tx.insert(fileChunk).values({ fileId: row.id, position, bytes: given.bytes.subarray(at, at + CHUNK) })
    }
    return row.id
  })
  await db.execute(sql`select ledger.keep_run_file(${given.runId}, ${given.name}, ${id}::int, ${given.holdsPrivate})`)
  return kept
}

/** The files of a run that this pool may see (those naming private accounts are for administrators). */
export function runFiles(db: Db, runId: number): Promise<RunFile[]> {
  return rows<RunFile>(
    db,
    sql`select r.name, f.media_type as "mediaType", f.bytes, f.sha256
    from ledger.run_file r join file f on f.id = r.file_id where r.run_id = ${runId} order by r.name`,
  )
}

export async function readRunFile(
  db: Db,
  runId: number,
  name: string,
): Promise<(RunFile & { content: Buffer }) | undefined> {
  const found = await one<RunFile & { id: number }>(
    db,
    sql`select f.id, r.name, f.media_type as "mediaType", f.bytes, f.sha256
    from ledger.run_file r join file f on f.id = r.file_id where r.run_id = ${runId} and r.name = ${name}`,
  )
  if (!found) return undefined
  const chunks = await db
    .select({ bytes: fileChunk.bytes })
    .from(fileChunk)
    .where(eq(fileChunk.fileId, found.id))
    .orderBy(fileChunk.position)
  return { ...found, content: Buffer.concat(chunks.map((chunk) => chunk.bytes)) }
}
