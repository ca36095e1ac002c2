import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { Refused } from '../errors.ts'

/**
 * A backup is one file: this line, a gzip stream of sections, and the SHA-256 of all of it. A section is a letter, its
 * length in four bytes, and its bytes; what they hold is said in manifest.ts.
 */
export const MAGIC = Buffer.from('CLERKWELL BACKUP 1\n')
export const DIGEST_BYTES = 32
const HEADER_BYTES = 5
// Rows come in small pieces and go out in blocks of this size.
const BLOCK = 1 << 16
const LARGEST = 1 << 26

export interface Section {
  type: string
  bytes: Buffer
}

export const jsonSection = (type: string, value: unknown): Section => ({
  type,
  bytes: Buffer.from(JSON.stringify(value)),
})

/** A section as it stands in the stream. */
export function framed({ type, bytes }: Section): Buffer {
  const header = Buffer.alloc(HEADER_BYTES)
  header.write(type, 0, 1, 'latin1')
  header.writeUInt32BE(bytes.length, 1)
  return Buffer.concat([header, bytes])
}

/** Small pieces joined to blocks. */
export async function* blocks(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let kept: Buffer[] = []
  let size = 0
  for await (const piece of pieces) {
    kept.push(piece)
    size += piece.length
    if (size < BLOCK) continue
    yield Buffer.concat(kept)
    kept = []
    size = 0
  }
  if (size > 0) yield Buffer.concat(kept)
}

const damaged = (name: string) =>
  new Refused(
    'backup_damaged',
    `${name} is damaged or cut off: its contents do not match its checksum. Nothing was restored.`,
  )

/** Reads a whole file and proves it: refuses what is no backup, what was cut off, and any byte that changed. */
export async function proveFile(name: string): Promise<{ bytes: number }> {
  const size = await sizeOf(name)
  const start = await bytesAt(name, 0, MAGIC.length)
  if (!start.equals(MAGIC)) throw notABackup(name, start)
  if (size < MAGIC.length + DIGEST_BYTES) throw damaged(name)
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(name, { end: size - DIGEST_BYTES - 1 })) hash.update(chunk as Buffer)
  const written = await bytesAt(name, size - DIGEST_BYTES, DIGEST_BYTES)
  if (!hash.digest().equals(written)) throw damaged(name)
  return { bytes: size }
}

async function sizeOf(name: string): Promise<number> {
  const file = await open(name).catch((error: unknown) => {
    throw new Refused('backup_unreadable', `${name} cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  })
  try {
    const stat = await file.stat()
    if (!stat.isFile()) throw new Refused('backup_unreadable', `${name} is not a file.`)
    return stat.size
  } finally {
    await file.close()
  }
}

async function bytesAt(name: string, position: number, length: number): Promise<Buffer> {
  const file = await open(name)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

function notABackup(name: string, start: Buffer): Refused {
  if (start.toString('latin1').startsWith('CLERKWELL BACKUP ')) {
    return new Refused(
      'backup_format',
      `${name} was made by a newer version of Clerkwell. Restore it with that version.`,
    )
  }
  return new Refused('not_a_backup', `${name} is not a backup made by Clerkwell.`)
}

/** The sections of a file, one after the other; `proveFile` has been asked before. */
export async function* sectionsOf(name: string): AsyncGenerator<Section> {
  const end = (await sizeOf(name)) - DIGEST_BYTES - 1
  const source = createReadStream(name, { start: MAGIC.length, end })
  const plain = source.pipe(createGunzip())
  source.on('error', (error) => plain.destroy(error))
  try {
    yield* parsed(plain, name)
  } catch (error) {
    throw String((error as NodeJS.ErrnoException).code).startsWith('Z_') ? damaged(name) : error
  } finally {
    source.destroy()
  }
}

async function* parsed(plain: Readable, name: string): AsyncGenerator<Section> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of plain) {
    rest = Buffer.concat([rest, chunk as Buffer])
    for (;;) {
      if (rest.length < HEADER_BYTES) break
      const length = rest.readUInt32BE(1)
      if (length > LARGEST) throw damaged(name)
      if (rest.length < HEADER_BYTES + length) break
      yield { type: rest.toString('latin1', 0, 1), bytes: rest.subarray(HEADER_BYTES, HEADER_BYTES + length) }
      rest = rest.subarray(HEADER_BYTES + length)
    }
  }
  if (rest.length > 0) throw damaged(name)
}
