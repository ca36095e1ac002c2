import { sql } from 'drizzle-orm'
import { cycle, revenueClass, route } from '../db/tables/index.ts'
import { appFor, type Browser, signedIn } from './browser.ts'
import { aCharge, anAccount, clerkTown } from './clerk-town.ts'
import { freshTown, type TestTown } from './database.ts'
import { words } from './form.ts'

export interface Dashboard {
  town: TestTown
  clerk: Browser
  administrator: Browser
  run(text: string): Promise<unknown>
  /** The page of an account on the panel. */
  at(number?: string): Promise<string>
  /** The words of one card, by its heading's id. */
  card(id: string, number?: string): Promise<string>
}

/** Accounts 100.01 (bill not due yet), 100.02 (past due, moved out), 200.01 (a business), 300.01 and a private 250.01. */
export async function dashboardTown(): Promise<Dashboard> {
  const town = await freshTown()
  const { db } = town
  const run = (text: string) => db.execute(sql.raw(text))
  await clerkTown(db, {
    currentPeriod: '2026-03-31',
    settings: { shutoff_minimum_balance: '100.00', shutoff_periods: '2' },
  })
  await db.insert(cycle).values({ code: '1', name: 'Monthly' })
  await db.insert(route).values({ code: '02', name: 'Northside' })
  await db.insert(revenueClass).values({ code: 'R1', name: 'Residential' })
  const places = { serviceAddress: '318 N Tamarack St', description: 'Single family', parcelNumber: 'RP-08' }
  await anAccount(db, { number: '100.01', name: 'Dale Whitcomb', location: { number: 'L10', ...places } })
  await anAccount(db, {
    number: '200.01',
    name: 'Harlow Rentals LLC',
    customer: { kind: 'profit' },
    location: { number: 'L20' },
  })
  await anAccount(db, { number: '300.01', name: 'Cora Bell', location: { number: 'L30' } })
  await anAccount(db, {
    number: '250.01',
    name: 'Hidden Person',
    customer: { public: false },
    location: { number: 'L25' },
  })
  await run(
    `update location set cycle_id = (select id from cycle), route_id = (select id from route), revenue_class_id = (select id from revenue_class) where number = 'L10'`,
  )
  await run(`insert into account (number, customer_id, location_id, account_status_id, activity_status)
    select '100.02', customer_id, (select id from location where number = 'L30'), account_status_id, 'Final' from account where number = '100.01'`)
  await aCharge(db, '100.01', '2026-03-10', { WA: '80.00' })
  await aCharge(db, '100.02', '2026-02-10', { WA: '15.00' })
  const app = appFor(town, { today: '2026-03-15' })
  const clerk = await signedIn(town, 'clerk', app)
  const at = async (number = '100.01') => (await clerk.get(`/panel/${number}`)).text
  const card = async (id: string, number = '100.01') => {
    const page = await at(number)
    const from = page.indexOf(`aria-labelledby="${id}"`)
    return words(page.slice(from, page.indexOf('</section>', from)))
  }
  return { town, clerk, administrator: await signedIn(town, 'administrator', app), run, at, card }
}
