import { statSync } from 'node:fs'
import { config } from '../config.ts'
import { Refused } from '../errors.ts'
import { makeKeyFile, readKeyFile } from './key-file.ts'
import type { FieldKeys } from './seal.ts'

/** Said where a value would have to be sealed and cannot be. */
export const NO_KEYS =
  'This server has no key file for protected fields. Whoever looks after it sets CLERKWELL_KEYS to a file and starts it again.'

let known: { file: string; changed: number; keys: FieldKeys } | undefined

/** Whether protected fields can be kept here: a key file is there, or may be made when it is first needed. */
export const haveKeys = (): boolean => config().keysFile !== undefined

/**
 * The process's own keys. The file is made when the first value is sealed, and read again when it has changed (another
 * process rotated the keys). Once read, a file that is gone is not made anew. Refuses where none is configured.
 */
export function fieldKeys(): FieldKeys {
  const { keysFile: file } = config()
  if (file === undefined) throw new Refused('no_keys', NO_KEYS)
  const changed = statSync(file, { throwIfNoEntry: false })?.mtimeMs
  if (known?.file === file && (changed === undefined || changed === known.changed)) return known.keys
  const keys = readKeyFile(file) ?? makeKeyFile(file)
  known = { file, changed: changed ?? statSync(file).mtimeMs, keys }
  return keys
}
