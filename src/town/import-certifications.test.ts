import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { rows } from '../db/db.ts'
import { checkLedger } from '../ledger/check.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { type Files, withLines, writeFolder } from '../testing/town-folder.ts'
import { faultText } from './faults.ts'
import { importTown } from './import.ts'

const OPTIONS = { actor: 0, today: '2025-03-20' }

let town: TestTown
const imported = async (files: Files) => {
  const result = await importTown(town.db, writeFolder(files), OPTIONS)
  if (!result.ok) throw new Error(result.faults.map(faultText).join('\n'))
  return result
}
const refused = async (files: Files): Promise<string[]> => {
  const result = await importTown(town.db, writeFolder(files), OPTIONS)
  expect(result.ok).toBe(false)
  return result.ok ? [] : result.faults.map(faultText)
}
const faultless = async () => expect((await checkLedger(town.db)).filter((check) => check.faults > 0)).toEqual([])

describe('importing certifications', () => {
  beforeEach(async () => {
    town = await freshTown()
  })
  afterEach(() => town.drop())

  const HISTORY = `1,100.01,2025-01-10,Bill,WA,50.00,,,,,,,,
2,100.01,2025-02-10,Bill,WA,30.00,,,,,,,,
3,100.01,2025-02-10,Bill,SE,20.00,,,,,,,,
4,100.01,2025-03-01,PAdj,WA,-45.00,2025-01-31,,,,,,,
4,100.01,2025-03-01,PAdj,,45.00,,,2025,,,,,
5,100.01,2025-03-01,Fee,,25.00,,,2025,,,,,
`
  const HEADER =
    'certification,account_number,tax_year,date,service,amount,fee,updated_date,status,ages_in,run,padj,fee_transaction,county_file,county_must_be_told\n'

  it('takes all four statuses and claims what is neither updated nor withdrawn', async () => {
    await imported({
      ...withLines(HISTORY),
      certifications: `${HEADER}7,100.01,2025,2025-02-20,WA,45.00,25.00,2025-03-01,updated,2025-01-31,3,4,5,county.txt,yes
7,100.01,2025,2025-02-20,WA,5.00,,2025-03-01,paid_before,2025-01-31,3,4,5,county.txt,yes
C9,100.01,2025,2025-03-02,WA,10.00,0.00,,certified,2025-02-28,,,,,
C9,100.01,2025,2025-03-02,WA,2.00,,,withdrawn,2025-02-28,,,,,
X,100.01,2025,2025-03-03,SE,20.00,0.00,,withdrawn,2025-02-28,,,,,
`,
    })
    const found = await rows(
      town.db,
      sql`select c.id, c.number, c.run_number as run, c.fee::text as fee, c.updated_date::text as updated, c.withdrawn_at is not null as withdrawn,
      p.number as padj, f.number as fee_number, l.certified::text as certified, l.paid_before::text as paid, l.withdrawn::text as off, c.county_must_be_told as told
      from ledger.certification c join ledger.certification_line l on l.certification_id = c.id left join ledger.transaction p on p.id = c.padj_id
      left join ledger.transaction f on f.id = c.fee_transaction_id order by c.id`,
    )
    expect(found).toEqual([
      {
        id: 7,
        number: null,
        run: '3',
        fee: '25.00',
        updated: '2025-03-01',
        withdrawn: false,
        padj: '4',
        fee_number: '5',
        certified: '50.00',
        paid: '5.00',
        off: '0.00',
        told: true,
      },
      {
        id: 8,
        number: 'C9',
        run: null,
        fee: '0.00',
        updated: null,
        withdrawn: false,
        padj: null,
        fee_number: null,
        certified: '12.00',
        paid: '0.00',
        off: '2.00',
        told: false,
      },
      {
        id: 9,
        number: 'X',
        run: null,
        fee: '0.00',
        updated: null,
        withdrawn: true,
        padj: null,
        fee_number: null,
        certified: '20.00',
        paid: '0.00',
        off: '20.00',
        told: false,
      },
    ])
    expect(
      await rows(
        town.db,
        sql`select certification_id as id, aging_period::text as period from ledger.certification_claim`,
      ),
    ).toEqual([{ id: 8, period: '2025-02-28' }])
    await faultless()
  })

  it.each([
    [
      '7,100.01,2025,2025-02-20,WA,40.00,25.00,2025-03-01,updated,2025-01-31,,4,5,,',
      /^certifications\.csv:2:amount: the updated rows \(40\.00\)/,
    ],
    ['7,100.01,2025,2025-02-20,WA,45.00,25.00,,updated,2025-01-31,,4,5,,', /:2:updated_date: an updated row/],
    [
      '7,100.01,2025,2025-02-20,WA,45.00,25.00,2025-03-01,updated,2025-01-31,,1,5,,',
      /:2:padj: transaction 1 is not a PAdj/,
    ],
    ['7,100.01,2025,2025-02-20,WA,45.00,25.00,,lost,2025-01-31,,,,,', /:2:status: write one of/],
    ['7,100.01,2025,2025-02-20,WA,45.00,25.00,,certified,,,,,,', /:2:ages_in: this is required/],
    ['7,100.01,2025,2025-02-20,XX,45.00,25.00,,certified,2025-01-31,,,,,', /:2:service: there is no service XX/],
    [
      '7,100.01,2025,2025-02-20,WA,5.00,0.00,,certified,2025-02-28,,,,,\n8,100.01,2025,2025-02-20,WA,5.00,0.00,,certified,2025-02-28,,,,,',
      /:3:ages_in: certification 7 holds this bucket/,
    ],
  ])('refuses %s', async (row, reason) => {
    expect((await refused({ ...withLines(HISTORY), certifications: `${HEADER}${row}\n` }))[0]).toMatch(reason)
  })
})
