import { sql } from 'drizzle-orm'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import type { Db } from '../db/db.ts'
import { CannotStart } from '../errors.ts'
import { SEALED, type SealedColumn } from './columns.ts'
import { isOpenToOthers, readKeyFile, replaceKeyFile, withNewKey } from './key-file.ts'
import { fieldKeys } from './keys.ts'
import { type FieldKeys, moveSealed, placeOf, Unreadable } from './seal.ts'
import { replaceSealed, sealedOtherwise, valuesByKey } from './store.ts'

const BATCH = 500

/** How many protected values each key has sealed, over all columns. */
export async function sealedByKey(db: Db, columns: readonly SealedColumn[] = SEALED): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  for (const column of columns) {
    for (const { key, count } of await valuesByKey(db, column)) counts.set(key, (counts.get(key) ?? 0) + count)
  }
  return counts
}

/**
 * Before the server serves: are the keys of all protected values here? In production it refuses to start without them
 * (CannotStart); elsewhere it says so and goes on, with those values unreadable.
 */
export async function examineKeys(db: Db, config: Pick<Config, 'keysFile' | 'production'>, log: Logger): Promise<void> {
  const file = config.keysFile
  const keys = file === undefined ? undefined : readKeyFile(file)
  if (file && keys && isOpenToOthers(file)) log.warn(`The key file ${file} can be read by others; make it mode 0600.`)
  const missing = [...(await sealedByKey(db))].filter(([id]) => !keys?.keys.has(id))
  if (missing.length === 0) return
  const lost = missing.map(([id, count]) => `${id} (${count})`).join(', ')
  const says = `Protected values are stored whose keys are not here: ${lost}. Set CLERKWELL_KEYS to the file with them.`
  if (config.production) throw new CannotStart(says)
  log.warn(says)
}

export interface Rotation {
  /** Values that today's key seals now and did not before. */
  done: number
  /** Values that no key here opens; they were left as they are. */
  unreadable: number
}

/** Makes a new key and seals with it from now on, then every value that is stored. The old keys stay, for backups. */
export async function rotateKeys(db: Db, file: string): Promise<Rotation> {
  await db.transaction(async (tx) => {
    // of two at once the second would write over the key of the first
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('field keys', 0))`)
    replaceKeyFile(file, withNewKey(fieldKeys()))
  })
  return resealAll(db, fieldKeys())
}

/** Seals with the current key what others sealed, in small steps; broken off, it goes on where it stopped (S-42). */
export async function resealAll(db: Db, keys: FieldKeys, columns: readonly SealedColumn[] = SEALED): Promise<Rotation> {
  const total: Rotation = { done: 0, unreadable: 0 }
  for (const column of columns) {
    let after = '-1'
    for (;;) {
      const found = await sealedOtherwise(db, column, keys.current, after, BATCH)
      const last = found.at(-1)
      if (!last) break
      const changes = found.flatMap(({ id, owner, sealed }) => {
        const now = resealed(keys, column, owner, sealed)
        return now === undefined ? [] : [{ id, was: sealed, now }]
      })
      await replaceSealed(db, column, changes)
      total.done += changes.length
      total.unreadable += found.length - changes.length
      after = last.id
    }
  }
  return total
}

function resealed(keys: FieldKeys, { kind, field }: SealedColumn, owner: string, sealed: string): string | undefined {
  const place = placeOf(kind, owner, field)
  try {
    return moveSealed(keys, place, place, sealed)
  } catch (error) {
    if (error instanceof Unreadable) return undefined
    throw error
  }
}
