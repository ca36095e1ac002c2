import { afterAll, beforeAll, expect, it } from 'vitest'
import { freshTown, type TestTown } from '../testing/database.ts'
import { type Files, SMALL, writeFolder } from '../testing/town-folder.ts'
import { faultText } from './faults.ts'
import { importTown } from './import.ts'
import { NASTY } from './nasty-town.ts'

let town: TestTown
beforeAll(async () => {
  town = await freshTown()
})
afterAll(() => town?.drop())

const HEAD =
  'arrangement,account_number,made_on,account_balance,amount,regular_billing,frequency,start_date,ended_on,ended_as\n'

it.each<[string, string, string]>([
  [
    'more than was owed',
    '1,100.01,2025-03-01,50.00,50.01,yes,,,,',
    'arrangements.csv:2:amount: it is above 0.00 and at most account_balance',
  ],
  [
    'no frequency',
    '1,100.01,2025-03-01,50.00,50.00,no,,2025-04-01,,',
    'arrangements.csv:2:frequency: this is required where regular_billing is not yes',
  ],
  [
    'a start with regular billing',
    '1,100.01,2025-03-01,50.00,50.00,yes,,2025-04-01,,',
    'arrangements.csv:2:start_date: leave it empty where regular_billing is yes',
  ],
  [
    'an end without a day',
    '1,100.01,2025-03-01,50.00,50.00,yes,,,,broken',
    'arrangements.csv:2:ended_as: give both ended_on and ended_as, or neither',
  ],
  [
    'payments that are not its amount',
    '1,100.01,2025-03-01,50.00,50.00,yes,,,,',
    'arrangements.csv:2:amount: its payments are 49.99 together, not 50.00',
  ],
  [
    'two unfinished ones',
    '1,100.01,2025-03-01,50.00,50.00,yes,,,,\n2,100.01,2025-03-01,50.00,50.00,yes,,,,',
    'arrangements.csv:3:account_number: it has two unfinished arrangements',
  ],
])('refuses an arrangement with %s', async (_what, lines, fault) => {
  const { customers, locations, accounts, services, customer_types, account_statuses, collection_codes } = NASTY
  const people = { customers, locations, accounts, services, customer_types, account_statuses, collection_codes }
  const instalments = 'arrangement,payment,due_date,amount\n1,1,2025-04-01,20.00\n1,2,2025-05-01,29.99\n'
  const arrangements = `${HEAD}${lines}\n`
  const files = { ...SMALL, ...people, arrangements, arrangement_instalments: instalments } as Files
  const result = await importTown(town.db, writeFolder(files), { actor: 0, today: '2025-03-20' })
  expect(result.ok ? [] : result.faults.map(faultText)).toContain(fault)
})
