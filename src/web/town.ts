import { sql } from 'drizzle-orm'
import { type Db, prepared } from '../db/db.ts'

/** What every page shows of the town. */
export interface TownFacts {
  name: string
  /** The end date of the current period; empty before the first. */
  period: string
  timezone: string
  /** Public accounts to which no money is posted, because the proof of the ledger found a fault in them. */
  held: number
}

export const NO_TOWN: TownFacts = { name: 'Clerkwell', period: '', timezone: 'America/New_York', held: 0 }

/** The town's name, period and timezone in one query; a town not set up yet goes by the product's name. */
export async function townFacts(db: Db): Promise<TownFacts> {
  const found = await prepared<{ name: string; value: string }>(
    db,
    sql`select name, value from setting where name in ('name', 'current_period', 'timezone')
        union all select ' held', count(*)::text from ledger.parked_account`,
  )
  const settings = Object.fromEntries(found.map((row) => [row.name, row.value]))
  return {
    name: settings['name'] || NO_TOWN.name,
    period: settings['current_period'] ?? '',
    timezone: settings['timezone'] || NO_TOWN.timezone,
    held: Number(settings[' held'] ?? 0),
  }
}
