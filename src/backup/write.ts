import { createHash, type Hash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { Sql } from 'postgres'
import { Refused } from '../errors.ts'
import { productVersion } from '../version.ts'
import { blocks, framed, jsonSection, MAGIC } from './container.ts'
import type { Head, Manifest, Sequences, TableTotal } from './manifest.ts'
import {
  backedUpTables,
  copyOut,
  ledgerChecks,
  ownerConnection,
  schemaOf,
  sequencesOf,
  type Table,
  tally,
} from './store.ts'

const LEVEL = 4

/**
 * Writes every table of the town in one snapshot to one file, in constant memory, beside people at work. The file
 * appears whole or not at all; one of the same name is replaced only then. It opens all doors: readable to its owner only.
 * `url` is the database owner's.
 */
export async function writeBackup(url: string, file: string): Promise<Manifest> {
  const part = `${file}.part`
  const sql = ownerConnection(url)
  try {
    await sql.unsafe('begin isolation level repeatable read read only')
    const manifest = await writeSections(sql, part)
    await sql.unsafe('commit')
    await rename(part, file)
    return manifest
  } catch (error) {
    await rm(part, { force: true })
    throw unwritable(error, file)
  } finally {
    await sql.end({ timeout: 5 })
  }
}

const REASONS: Record<string, string> = {
  ENOENT: 'its folder does not exist',
  EACCES: 'writing there is not allowed',
  EROFS: 'the disk is read-only',
  EISDIR: 'it is a folder',
  ENOSPC: 'the disk is full',
}

function unwritable(error: unknown, file: string): unknown {
  const reason = REASONS[(error as NodeJS.ErrnoException).code ?? '']
  return reason ? new Refused('backup_unwritable', `${file} cannot be written: ${reason}.`) : error
}

async function writeSections(sql: Sql, part: string): Promise<Manifest> {
  const tables = await backedUpTables(sql)
  const head: Head = {
    product: 'Clerkwell',
    version: productVersion(),
    schema: await schemaOf(sql),
    created: new Date().toISOString(),
    checks: await ledgerChecks(sql),
    tables: tables.map(({ name }) => name),
  }
  const totals: TableTotal[] = []
  const snapshot = await snapshotOf(sql)
  const sequences: Sequences = []
  const sections = async function* () {
    yield framed(jsonSection('H', head))
    for (const table of tables) yield* tableSections(sql, table, totals)
    if ((await snapshotOf(sql)) !== snapshot) throw new Error('the connection was lost and with it the snapshot')
    // read last: a sequence is in no snapshot, and one that is ahead does no harm
    sequences.push(...(await sequencesOf(sql)))
    yield framed(jsonSection('S', sequences))
    yield framed(jsonSection('Z', {}))
  }
  await writeFile(part, sections())
  return { ...head, totals, sequences }
}

const snapshotOf = async (sql: Sql): Promise<string> => {
  const [found] = await sql<{ snapshot: string }[]>`
    select concat_ws(' ', pg_backend_pid(), now(), pg_current_snapshot(), current_setting('transaction_isolation')) as snapshot`
  return found?.snapshot ?? ''
}

async function* tableSections(sql: Sql, table: Table, totals: TableTotal[]): AsyncGenerator<Buffer> {
  yield framed(jsonSection('T', table))
  const counted = tally()
  for await (const bytes of blocks(copyOut(sql, table))) yield framed({ type: 'D', bytes: counted.add(bytes) })
  const total = counted.end()
  totals.push({ name: table.name, ...total })
  yield framed(jsonSection('E', total))
}

async function writeFile(part: string, sections: AsyncGenerator<Buffer>): Promise<void> {
  await rm(part, { force: true })
  const hash = createHash('sha256').update(MAGIC)
  const out = createWriteStream(part, { mode: 0o600, flags: 'wx' })
  await new Promise<void>((done, fail) => {
    out.once('error', fail)
    out.write(MAGIC, () => done())
  })
  await pipeline(Readable.from(sections), createGzip({ level: LEVEL }), hashing(hash), out, { end: false })
  await new Promise<void>((done, fail) => {
    out.once('error', fail)
    out.end(hash.digest(), done)
  })
  await flush(part)
}

const hashing = (hash: Hash) =>
  async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      hash.update(chunk)
      yield chunk
    }
  }

async function flush(name: string): Promise<void> {
  const file = await open(name, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
