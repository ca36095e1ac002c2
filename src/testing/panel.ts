import { sql } from 'drizzle-orm'
import type { Db } from '../db/db.ts'
import { appFor, type Browser, signedIn } from './browser.ts'
import { anAccount, clerkTown } from './clerk-town.ts'
import { freshTown, type TestTown } from './database.ts'
import { formOf } from './form.ts'

export interface PanelTown {
  town: TestTown
  clerk: Browser
  viewer: Browser
  administrator: Browser
}

/** A town with Ann Holt at 100.01, a neighbour 200.01 and a private account 500.01; a person of three roles signed in. */
export async function panelTown(
  today = '2026-11-20',
  more: (db: Db) => Promise<unknown> = async () => {},
): Promise<PanelTown> {
  const town = await freshTown()
  await clerkTown(town.db)
  await anAccount(town.db, { number: '100.01', name: 'Ann Holt', location: { serviceAddress: '12 Canal St' } })
  await anAccount(town.db, { number: '200.01', name: 'Ben Ames', location: { serviceAddress: '4 Mill Rd' } })
  await anAccount(town.db, { number: '500.01', name: 'Hidden Person', customer: { public: false } })
  await more(town.db)
  const app = appFor(town, { today })
  return {
    town,
    clerk: await signedIn(town, 'clerk', app),
    viewer: await signedIn(town, 'viewer', app),
    administrator: await signedIn(town, 'administrator', app),
  }
}

/** How many rows a table holds. */
export async function rowsOf(db: Db, table: string): Promise<number> {
  const [row] = await db.execute<{ n: number }>(sql`select count(*)::int as n from ${sql.raw(table)}`)
  return row?.n ?? 0
}

/** Deletes a record as a person does: opens the question and says yes. */
export async function deleted(browser: Browser, at: string) {
  return browser.post(`${at}/delete`, formOf((await browser.get(`${at}/delete`)).text, 'remove'))
}
