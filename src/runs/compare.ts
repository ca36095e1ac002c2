import { sql } from 'drizzle-orm'
import type { Db } from '../db/db.ts'

/** Keeps with a fresh preview what changed since the last one of the same routine by the same person that still has its rows. */
export async function comparePreviews(db: Db, runId: number): Promise<void> {
  await db.execute(sql`select ledger.compare_previews(${runId})`)
}

/** Keeps what changed for the accounts that alone were prepared again, against this run's preview before. */
export async function compareAgain(db: Db, runId: number): Promise<void> {
  await db.execute(sql`select ledger.compare_again(${runId})`)
}
