import type { Config } from './config.ts'
import type { Db } from './db/db.ts'
import { type Day, dayIn } from './ledger/calendar.ts'
import { settings } from './organization/settings.ts'

const REFRESH_MS = 60_000

/** The town's day: CLERKWELL_TODAY, else today in the town's timezone, which is looked at again every minute. */
export async function townDay(db: Db, config: Pick<Config, 'today'>): Promise<{ today: () => Day; stop: () => void }> {
  let { timezone } = await settings(db)
  const timer = setInterval(async () => {
    timezone = (await settings(db).catch(() => ({ timezone }))).timezone
  }, REFRESH_MS).unref()
  return { today: () => config.today ?? dayIn(timezone), stop: () => clearInterval(timer) }
}
