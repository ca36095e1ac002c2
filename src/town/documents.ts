import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import path from 'node:path'
import type { Db } from '../db/db.ts'
import type { Faults } from './faults.ts'
import type { Picture } from './picture.ts'
import { SetUpRows } from './set-up-rows.ts'
import type { TownFile } from './town-file.ts'

/** The folder of the bytes that rows have of their own. */
export const FILES = 'files'

const CHUNK = 256 * 1024
/** Their rows are staged before all others: those name them. */
const LINES = -1_000_000_000

interface Document {
  id: number
  /** In the folder, with '/'. */
  path: string
  name: string
  mediaType: string
  sha256: string
  madeAt: string
  /** The row that names it. */
  file: string
  line: number
}

/** The bytes that a folder brings: which rows name them, whether they are what those say, and their way into staging. */
export class Documents {
  readonly #named = new Map<string, Document>()
  readonly #sizes = new Map<number, number>()
  #lastId: number

  constructor(lastId: number) {
    this.#lastId = lastId
  }

  /** Answers the id that the document gets, or undefined where another row names the same bytes. */
  add(document: Omit<Document, 'id'>): number | undefined {
    if (this.#named.has(document.path)) return undefined
    this.#lastId += 1
    this.#named.set(document.path, { ...document, id: this.#lastId })
    return this.#lastId
  }

  /** Refuses bytes that are missing, are not what their row says, or that no row names. */
  async check(folder: string, faults: Faults): Promise<void> {
    for (const document of this.#named.values()) {
      const found = await hashed(path.join(folder, document.path))
      if (!found) faults.add(document.file, document.line, 'file', `there is no file ${document.path}`)
      else if (found.sha256 !== document.sha256)
        faults.add(document.file, document.line, 'sha256', `${document.path} has another SHA-256, ${found.sha256}`)
      else this.#sizes.set(document.id, found.bytes)
    }
    for (const found of await filesIn(folder, FILES))
      if (!this.#named.has(found)) faults.add(found, 1, '', 'no row names this file')
  }

  /** Writes the bytes beside the run's other staged rows. Refuses what was changed since it was looked at. */
  async stage(db: Db, runId: number, folder: string, actor: number): Promise<void> {
    const rows = new SetUpRows(LINES)
    rows.table('public.file', [])
    for (const document of this.#named.values()) rows.add('public.file', fileRow(document, this.#sizes, actor))
    await rows.stage(db, runId)
    rows.table('public.file_chunk', [])
    for (const { id, path: place, sha256 } of this.#named.values()) {
      const hash = createHash('sha256')
      let position = 0
      for await (const bytes of readingOf(path.join(folder, place))) {
        hash.update(bytes)
        rows.add('public.file_chunk', { file_id: id, position, bytes: `\\x${bytes.toString('hex')}` })
        position += 1
        // each chunk by itself: it is half a megabyte of text
        await rows.stage(db, runId)
      }
      if (hash.digest('hex') !== sha256) throw new Error(`${place} was changed while it was imported`)
    }
  }
}

const fileRow = ({ id, name, mediaType, sha256, madeAt }: Document, sizes: Map<number, number>, actor: number) => ({
  id,
  name,
  media_type: mediaType,
  bytes: sizes.get(id) ?? 0,
  sha256,
  created_at: madeAt,
  created_by: actor,
})

const readingOf = (file: string) => createReadStream(file, { highWaterMark: CHUNK }) as AsyncIterable<Buffer>

/** Undefined where there is no ordinary file: a link could lead out of the folder. */
async function hashed(file: string): Promise<{ sha256: string; bytes: number } | undefined> {
  const found = await lstat(file).catch(() => undefined)
  if (!found?.isFile()) return undefined
  const hash = createHash('sha256')
  for await (const bytes of readingOf(file)) hash.update(bytes)
  return { sha256: hash.digest('hex'), bytes: found.size }
}

/** All files below a folder of the town folder, by their path in it; hidden ones are none of ours. */
async function filesIn(folder: string, below: string): Promise<string[]> {
  const entries = await readdir(path.join(folder, below), { withFileTypes: true }).catch(() => [])
  const found = entries.filter(({ name }) => !name.startsWith('.')).sort((a, b) => (a.name < b.name ? -1 : 1))
  const lists = found.map((entry) =>
    entry.isDirectory() ? filesIn(folder, `${below}/${entry.name}`) : [`${below}/${entry.name}`],
  )
  return (await Promise.all(lists)).flat()
}

/** A row of a file that is being read. */
interface ReadRow {
  line: number
  cell(name: string): string
  values: Record<string, unknown>
  refuse(column: string, reason: string): void
}

/** Notes the bytes that a row names and gives the row their id. */
export function addDocument(file: TownFile, picture: Picture, { line, cell, values, refuse }: ReadRow): void {
  const column = file.columns.find(({ bytes }) => bytes)
  if (!column?.into || cell(column.name) === '') return
  for (const needed of ['file_name', 'media_type', 'sha256'])
    if (cell(needed) === '') refuse(needed, 'a row with a file has it')
  const id = picture.documents.add({
    path: cell(column.name),
    name: cell('file_name'),
    mediaType: cell('media_type'),
    sha256: cell('sha256'),
    madeAt: cell('made_at') || `${picture.today}T00:00:00Z`,
    file: file.name,
    line,
  })
  if (id === undefined) refuse(column.name, 'another row has this file')
  values[column.into] = id ?? null
}
