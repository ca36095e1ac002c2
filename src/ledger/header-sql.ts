import { type SQL, sql } from 'drizzle-orm'
import { shownName } from '../db/shown-name.ts'

/** The number by which a transaction, or another row of the ledger, is known: the town's own from before, else its id. */
export const numberOf = (name: string): SQL => sql.raw(`coalesce(${name}.number, ${name}.id::text)`)

/** Who recorded the transaction `t`: as the import brought it, else the full name of whoever posted it, else the name. */
export const BY = sql`coalesce(t.recorded_by, (select ${shownName()} from app_user u where u.id = t.posted_by),
  t.posted_by::text)`

/** That `r` is a batch run. What a single posting runs under is none, and the import is not the run of what it brought. */
export const BATCH_RUN = sql`r.kind like '%.%' and r.kind <> 'town.import'`
