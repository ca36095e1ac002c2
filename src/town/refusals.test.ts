import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshTown, type TestTown } from '../testing/database.ts'
import { type Files, SMALL, writeFolder } from '../testing/town-folder.ts'
import { faultText } from './faults.ts'
import { importTown } from './import.ts'

let town: TestTown
beforeAll(async () => {
  town = await freshTown()
})
afterAll(() => town?.drop())

const faults = async (files: Files): Promise<string[]> => {
  const result = await importTown(town.db, writeFolder(files), { actor: 0, today: '2025-03-20' })
  return result.ok ? [] : result.faults.map(faultText)
}

describe('a refused folder names file, line, column and reason', () => {
  it.each<[string, Files, string]>([
    ['an unknown file', { ...SMALL, 'extra.csv': 'a,b\n' }, 'extra.csv:1:-: a town folder has no such file'],
    [
      'an unknown column',
      { ...SMALL, customers: 'customer_number,name,shoe_size\n1,A,9\n' },
      'customers.csv:1:shoe_size: there is no such column',
    ],
    [
      'a column twice',
      { ...SMALL, customers: 'customer_number,name,name\n1,A,B\n' },
      'customers.csv:1:name: the column stands twice',
    ],
    [
      'a missing key column',
      { ...SMALL, locations: 'service_address\n12 Canal St\n' },
      'locations.csv:1:location_number: the column is missing',
    ],
    [
      'a missing name',
      { ...SMALL, customers: 'customer_number,name\n100,\n200,B\n' },
      'customers.csv:2:name: this is required',
    ],
    [
      'a long code',
      { ...SMALL, routes: 'code,name\n123456789012345678901,Long\n' },
      'routes.csv:2:code: a code has at most 20 characters',
    ],
    ['a repeated key', { ...SMALL, routes: 'code,name\n1,A\n"2","B"\n1,C\n' }, 'routes.csv:4:code: 1 stands twice'],
    [
      'a wrong boolean',
      { ...SMALL, customers: 'customer_number,name,active\n100,A,true\n' },
      'customers.csv:2:active: write yes or no',
    ],
    [
      'a wrong choice',
      { ...SMALL, customers: 'customer_number,name,kind\n100,A,person\n' },
      'customers.csv:2:kind: write one of individual, profit, non_profit, government',
    ],
    [
      'a wrong date',
      { ...SMALL, periods: 'end_date,closed\n2025-02-30,no\n' },
      'periods.csv:2:end_date: this is not a date like 2026-10-31',
    ],
    [
      'a name that is not there',
      { ...SMALL, accounts: 'account_number,customer_number,location_number\n100.01,100,99\n' },
      'accounts.csv:2:location_number: there is no location 99',
    ],
    [
      'two Current accounts at a location',
      { ...SMALL, accounts: 'account_number,customer_number,location_number\n1,100,10\n2,200,10\n' },
      'accounts.csv:3:location_number: location 10 has another Current account',
    ],
    [
      'too few fields',
      { ...SMALL, accounts: 'account_number,customer_number,location_number\n1,100\n' },
      'accounts.csv:2:-: the row has 2 fields and the header has 3',
    ],
    [
      'an unknown setting',
      { ...SMALL, organization: 'setting,value\nmayor,Ann\n' },
      'organization.csv:2:setting: there is no setting mayor',
    ],
    [
      'a setting in another spelling',
      { ...SMALL, organization: 'setting,value\ncashGl,1010\n' },
      'organization.csv:2:setting: there is no setting cashGl',
    ],
    [
      'a setting without its GL account',
      { ...SMALL, organization: 'setting,value\ncash_gl,77\n' },
      'organization.csv:2:value: cash_gl: there is no GL account 77',
    ],
    [
      'a GL account in two roles',
      { ...SMALL, organization: 'setting,value\ncash_gl,1110\n' },
      'organization.csv:2:value: cash_gl: GL account 1110 cannot serve as two different things',
    ],
    [
      'a service listed twice',
      { ...SMALL, payment_allocation: 'list,position,service\nfirst,1,WA\nsecond,1,WA\n' },
      'payment_allocation.csv:3:service: service WA is listed twice',
    ],
    [
      'a status that its customer overrules',
      {
        ...SMALL,
        customers: 'customer_number,name,account_status\n100,A,SHUTOFF\n200,B,\n',
        accounts: 'account_number,customer_number,location_number,account_status\n1,100,10,CURRENT\n',
      },
      "accounts.csv:2:account_status: the customer's account_status SHUTOFF sets all its accounts, and this one says CURRENT",
    ],
    [
      'a note at the wrong level',
      { ...SMALL, notes: 'level,customer_number,location_number,type\nlocation,100,10,general\n' },
      'notes.csv:2:customer_number: a note at level location does not name it',
    ],
    [
      'two notes of one number',
      {
        ...SMALL,
        notes: 'level,location_number,type,note\nlocation,10,general,7\nlocation,10,general,\nlocation,20,general,7\n',
      },
      'notes.csv:4:note: 7 stands twice',
    ],
    [
      'a file of a note that is not there',
      { ...SMALL, note_attachments: 'note,description,file\n7,Letter,files/a\n' },
      'note_attachments.csv:2:note: there is no note 7',
    ],
    [
      'a rate that is not there',
      { ...SMALL, rate_blocks: 'rate,effective_from,position,price\nR1,2025-01-01,1,2.50\n' },
      'rate_blocks.csv:2:rate: there is no rate R1 from 2025-01-01',
    ],
    [
      'a gap in receipts',
      { ...SMALL, receipts: 'number,date,tenders,total\n1,2025-01-01,[],1.00\n3,2025-01-01,[],1.00\n' },
      'receipts.csv:3:number: receipt numbers have a gap before this one',
    ],
    [
      'broken quotes',
      { ...SMALL, customers: 'customer_number,name\n100,A "B" C\n' },
      'customers.csv:2:-: this is not CSV: a quote that does not open or close a field stands alone',
    ],
    ['a file without a header', { ...SMALL, routes: '' }, 'routes.csv:1:-: the file has no header row'],
  ])('%s', async (_, files, fault) => {
    expect(await faults(files)).toContain(fault)
  })
})
