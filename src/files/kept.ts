import { createHash } from 'node:crypto'
import { eq } from 'drizzle-orm'
import type { Db } from '../db/db.ts'
import { file, fileChunk } from '../db/tables/index.ts'

const CHUNK = 256 * 1024

export interface Kept {
  name: string
  mediaType: string
  bytes: number
  sha256: string
}

/**
 * Keeps bytes in the database, in chunks, with their hash; gives the file's id. Stands inside the caller's transaction.
 * Bytes are never changed or deleted: whoever deletes a document takes away the row that names it.
 */
export async function keepBytes(
  db: Db,
  given: { name: string; mediaType: string; bytes: Buffer; actor: number },
): Promise<Kept & { id: number }> {
  const sha256 = createHash('sha256').update(given.bytes).digest('hex')
  const kept = { name: given.name, mediaType: given.mediaType, bytes: given.bytes.length, sha256 }
  const [row] = await db
    .insert(file)
    .values({ ...kept, createdBy: given.actor })
    .returning({ id: file.id })
  if (!row) throw new Error('the file was not kept')
  for (let at = 0, position = 0; at < given.bytes.length; at += CHUNK, position += 1) {
    await db.insert(fileChunk).values({ fileId: row.id, position, bytes: given.bytes.subarray(at, at + CHUNK) })
  }
  return { ...kept, id: row.id }
}

/** The bytes of a file, as they came. */
export async function bytesOf(db: Db, fileId: number): Promise<Buffer> {
  const chunks = await db
    .select({ bytes: fileChunk.bytes })
    .from(fileChunk)
    .where(eq(fileChunk.fileId, fileId))
    .orderBy(fileChunk.position)
  return Buffer.concat(chunks.map((chunk) => chunk.bytes))
}
