import { sql } from 'drizzle-orm'
import { afterEach, expect, it } from 'vitest'
import { appFor, signedIn } from '../testing/browser.ts'
import { aCharge } from '../testing/clerk-town.ts'
import { words } from '../testing/form.ts'
import { dropTowns, importInto } from '../testing/round-trip.ts'
import { withLines, writeFolder } from '../testing/town-folder.ts'

afterEach(dropTowns)

const BILL = withLines('1,100.01,2025-01-31,Bill,WA,40.00,2025-01-31,,,,,,,\n')
const lines = (BILL.transactions ?? '').trimEnd().split('\n')
// who recorded it in the town's system before this one
const TOLD = { ...BILL, transactions: `${lines[0]},recorded_by\n${lines[1]},m.alder\n` }

it('an imported transaction has the same author in the History and on its own page', async () => {
  const town = await importInto(writeFolder(TOLD))
  const clerk = await signedIn(town, 'clerk', appFor(town, { today: '2025-03-15' }))
  const history = words((await clerk.get('/panel/100.01/history')).text)
  expect(history).toContain('Entered by m.alder')
  expect(words((await clerk.get('/accounts/100.01/transactions/1')).text)).toContain('By m.alder')
})

it('so has one that was posted here: the full name, or where there is none the name that is signed in with', async () => {
  const town = await importInto(writeFolder(TOLD))
  const clerk = await signedIn(town, 'clerk', appFor(town, { today: '2025-03-15' }))
  const id = await aCharge(town.db, '100.01', '2025-03-10', { WA: '5.00' })
  for (const [full, shown] of [
    ['Mary Alder', 'Mary Alder'],
    ['', 'system'],
  ]) {
    await town.db.execute(sql`update app_user set full_name = ${full} where id = 0`)
    expect(words((await clerk.get('/panel/100.01/history')).text)).toContain(`Entered by ${shown}`)
    expect(words((await clerk.get(`/accounts/100.01/transactions/${id}`)).text)).toContain(`By ${shown}`)
  }
})
