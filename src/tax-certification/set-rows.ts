import { type SQL, sql } from 'drizzle-orm'
import { type Db, rows } from '../db/db.ts'

/**
 * Rows of a reading statement over whole sets. What a large run posted a moment ago has no statistics yet, and nested
 * loops over it take minutes where hash joins take a second.
 */
export function setRows<T>(db: Db, query: SQL): Promise<T[]> {
  return db.transaction(
    async (transaction) => {
      const reading = transaction as unknown as Db
      // sent one behind the other, without waiting for an answer in between
      const [, found] = await Promise.all([
        rows(reading, sql`set local enable_nestloop = off`),
        rows<T>(reading, query),
      ])
      return found
    },
    { accessMode: 'read only' },
  )
}
