import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { CannotStart } from '../errors.ts'
import { type FieldKeys, keyId } from './seal.ts'

const key = z.string().regex(/^[\w-]{43}$/)
const stored = z.strictObject({
  current: z.string(),
  keys: z.record(z.string().regex(/^[0-9a-f]{8}$/), key),
  index: key,
})

const decoded = (written: string): Buffer => Buffer.from(written, 'base64url')
const newKey = (): Buffer => randomBytes(32)

function written({ current, keys, index }: FieldKeys): string {
  const list = Object.fromEntries([...keys].map(([id, bytes]) => [id, bytes.toString('base64url')]))
  return `${JSON.stringify({ current, keys: list, index: index.toString('base64url') }, null, 2)}\n`
}

/** Keys nobody else has: one for sealing, one for the blind indexes. */
export function newKeys(): FieldKeys {
  const first = newKey()
  return { current: keyId(first), keys: new Map([[keyId(first), first]]), index: newKey() }
}

/** The same with one key more, which is the one that seals from now on. */
export function withNewKey(keys: FieldKeys): FieldKeys {
  const added = newKey()
  return { ...keys, current: keyId(added), keys: new Map([...keys.keys, [keyId(added), added]]) }
}

/** Reads a key file; undefined when there is none. Refuses one that is not whole (CannotStart), naming the file. */
export function readKeyFile(file: string): FieldKeys | undefined {
  let content: string
  try {
    content = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new CannotStart(`The key file ${file} cannot be read.`, { cause: error })
  }
  const read = stored.safeParse(parsed(content))
  if (!read.success) throw new CannotStart(`The key file ${file} is damaged. Bring back the one that was kept.`)
  const keys = new Map(Object.entries(read.data.keys).map(([id, text]) => [id, decoded(text)]))
  const wrong = [...keys].some(([id, bytes]) => keyId(bytes) !== id) || !keys.has(read.data.current)
  if (wrong) throw new CannotStart(`A key in ${file} is not the one it is called. Bring back the file that was kept.`)
  return { current: read.data.current, keys, index: decoded(read.data.index) }
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content)
  } catch {
    return undefined
  }
}

/** Makes the key file, readable by its owner alone; of two at once both get the one that was first. */
export function makeKeyFile(file: string): FieldKeys {
  mkdirSync(path.dirname(file), { recursive: true })
  const draft = draftOf(file, newKeys())
  try {
    linkSync(draft, file)
    keepFolder(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(draft)
  }
  const made = readKeyFile(file)
  if (!made) throw new Error(`the key file ${file} is gone`)
  return made
}

/** Writes the key file anew; a crash leaves the old one or the new one, never half of either. */
export function replaceKeyFile(file: string, keys: FieldKeys): void {
  renameSync(draftOf(file, keys), file)
  keepFolder(file)
}

/** The name of the file must outlive a power cut too: values are sealed with its keys at once. */
function keepFolder(file: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(path.dirname(file), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

function draftOf(file: string, keys: FieldKeys): string {
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  writeFileSync(draft, written(keys), { mode: 0o600, flag: 'wx', flush: true })
  chmodSync(draft, 0o600)
  return draft
}

/** Whether others on the machine may read the file. */
export const isOpenToOthers = (file: string): boolean =>
  process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0
