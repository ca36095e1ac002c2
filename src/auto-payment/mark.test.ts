import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import { anAccount, clerkTown } from '../testing/clerk-town.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { words } from '../testing/form.ts'

let town: TestTown
let clerk: Browser

beforeAll(async () => {
  town = await freshTown()
  await clerkTown(town.db, { currentPeriod: '2026-11-30' })
  await anAccount(town.db, { number: '100.01', name: 'Ann Holt' })
  clerk = await signedIn(town, 'clerk', appFor(town, { today: '2026-11-20' }))
})
afterAll(() => town.drop())

it('001-090: a card counts once it has its token: icon and Message Center', async () => {
  await town.db.execute(sql`insert into auto_payment (reference, customer_id, type, state, state_since)
    select 'r-1', id, 'card', 'pending', '2026-11-20' from customer where number = '100'`)
  const without = (await clerk.get('/panel/100.01')).text
  expect(words(without)).toContain('Automatic Payment None')
  expect(without).not.toContain('Automatic Payments – Credit Card')
  await town.db.execute(sql`update auto_payment set token_sealed = 'sealed', token_last4 = '3a77', state = 'active'`)
  const page = (await clerk.get('/panel/100.01')).text
  expect(words(page)).toContain('Automatic Payment Credit Card')
  expect(page).toContain('Automatic Payments – Credit Card')
})
