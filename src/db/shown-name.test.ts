import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeStatement } from '../billing/statements/service.ts'
import { money } from '../ledger/money.ts'
import { saveSettings } from '../organization/settings.ts'
import { addPayment } from '../payments/unposted.ts'
import { storedLayouts } from '../tax-certification/county-layout-store.ts'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import { words } from '../testing/form.ts'
import { MOVEMENT_DAY, type MovementTown, movementTown } from '../testing/movement-town.ts'

let made: MovementTown
let administrator: Browser
let account: string
let receipts: string[]

const read = async (at: string) => words((await administrator.get(at)).text)
const entered = { amount: money('5.00'), date: MOVEMENT_DAY, method: 'cash' }

// everything here is done by user 0, whose sign-in name is system
beforeAll(async () => {
  made = await movementTown()
  administrator = await signedIn(made.town, 'administrator', appFor(made.town, { today: MOVEMENT_DAY }))
  account = await made.owing({ WA: '40.00' })
  const taken = await made.pay(account, '10.00')
  await makeStatement(made.who(), account, { date: MOVEMENT_DAY, format: 'plain' }, 'one')
  const waiting = await addPayment(made.who(), account, entered)
  receipts = [String(taken.receiptNumber), String(waiting.receiptNumber)]
  await saveSettings(made.town.db, { dueDays: 21 }, 0)
  await made.town.db.execute(
    sql`insert into county_layout (code, name, kind, lines_per) values ('A', 'Of the county', 'csv', 'account')`,
  )
})
afterAll(() => made.town.drop())

it.each([
  ['', 'system'],
  ['Mary Alder', 'Mary Alder'],
])('a user whose full name is "%s" is shown as %s wherever it says who did it', async (fullName, shown) => {
  await made.town.db.execute(sql`update app_user set full_name = ${fullName} where id = 0`)
  for (const number of receipts)
    expect(await read(`/receipts/${number}`)).toMatch(new RegExp(`Received .* by ${shown}\\.`))
  expect(await read('/payments/batches')).toContain(` ${shown} `)
  expect(await read(`/panel/${account}/history`)).toContain(`Entered by ${shown}`)
  expect(await read(`/accounts/${account}/statements`)).toContain(`04/20/2011 ${shown} `)
  const settings = await read('/organization/organization')
  expect(settings).toMatch(new RegExp(`Last saved [^.]* by ${shown}`))
  expect(settings).toMatch(new RegExp(`21, ${shown}`))
  expect((await storedLayouts(made.town.db)).map(({ changedBy }) => changedBy)).toEqual([shown])
})
