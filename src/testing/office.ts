import { appFor, type Browser, signedIn } from './browser.ts'
import { freshTown, type TestTown } from './database.ts'
import { posted, smallTown, transaction } from './small-town.ts'

export interface Office {
  town: TestTown
  supervisor: Browser
  clerk: Browser
}

/** The small town on 04/15/2026 with a supervisor and a clerk signed in; `bill`: amounts of March that 1.01 owes, by service. */
export async function office(bill: Record<string, string> = {}): Promise<Office> {
  const town = await freshTown()
  await smallTown(town.db)
  const lines = Object.entries(bill).map(([service, amount]): [string, string, string] => [
    service,
    '2026-03-31',
    amount,
  ])
  const charge = { account: '1.01', date: '2026-03-10' }
  if (lines.length > 0) await posted(town.db, '1.01', [await transaction(town.db, charge, lines)])
  const app = appFor(town, { today: '2026-04-15' })
  return { town, supervisor: await signedIn(town, 'supervisor', app), clerk: await signedIn(town, 'clerk', app) }
}
