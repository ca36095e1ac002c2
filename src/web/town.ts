import { sql } from 'drizzle-orm'
import { asFactorRule, type FactorRule } from '../auth/rules.ts'
import { type Db, statement } from '../db/db.ts'

/** What every page shows of the town. */
export interface TownFacts {
  name: string
  /** The end date of the current period; empty before the first. */
  period: string
  timezone: string
  /** Who has to show a second factor. */
  secondFactor: FactorRule
  /** Public accounts to which no money is posted, because the proof of the ledger found a fault in them. */
  held: number
}

export const NO_TOWN: TownFacts = {
  name: 'Clerkwell',
  period: '',
  timezone: 'America/New_York',
  secondFactor: 'offered',
  held: 0,
}

const read = statement<{ settings: Record<string, string> | null; held: number }>(sql`select
  (select json_object_agg(name, value) from setting where name in ('name', 'current_period', 'timezone', 'second_factor')) as settings,
  (select count(*)::int from ledger.parked_account) as held`)

/** The town's name, period and timezone in one query. */
export async function townFacts(db: Db): Promise<TownFacts> {
  const [row] = await read(db, {})
  return townOf(row?.settings ?? {}, row?.held ?? 0)
}

/** A town not set up yet goes by the product's name. */
export const townOf = (settings: Record<string, string>, held: number): TownFacts => ({
  name: settings.name || NO_TOWN.name,
  period: settings.current_period ?? '',
  timezone: settings.timezone || NO_TOWN.timezone,
  secondFactor: asFactorRule(settings.second_factor),
  held,
})
