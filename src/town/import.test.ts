import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { rows } from '../db/db.ts'
import { checkLedger } from '../ledger/check.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { type Files, SMALL, withLines, writeFolder } from '../testing/town-folder.ts'
import { GOLDEN } from '../testing/towns.ts'
import { faultText } from './faults.ts'
import { importTown } from './import.ts'

const OPTIONS = { actor: 0, today: '2025-03-20' }

let town: TestTown
const imported = async (files: Files) => {
  const result = await importTown(town.db, writeFolder(files), OPTIONS)
  if (!result.ok) throw new Error(result.faults.map(faultText).join('\n'))
  return result
}
const items = () =>
  rows<{ item: string }>(
    town.db,
    sql`select concat_ws(' ', a.number, s.code, nullif(o.aging_period::text, 'infinity'), o.unpaid) as item from ledger.open_item o
    join account a on a.id = o.account_id join service s on s.id = o.service_id order by a.number, s.code, o.aging_period`,
  ).then((found) => found.map(({ item }) => item))
const faultless = async () => expect((await checkLedger(town.db)).filter((check) => check.faults > 0)).toEqual([])

describe('importing', () => {
  beforeEach(async () => {
    town = await freshTown()
  })
  afterEach(() => town.drop())

  it('takes the golden town to the cent, closes its periods and counts as a run', async () => {
    const result = await importTown(town.db, GOLDEN, { actor: 0, today: '2011-04-30' })
    expect(result).toMatchObject({
      ok: true,
      totals: { receivable: '273.43', services: [{ service: 'WA', balance: '273.43' }], transactions: 4 },
    })
    expect(await items()).toEqual([
      '100.01 WA 2010-12-31 68.27',
      '100.01 WA 2011-01-31 70.51',
      '100.01 WA 2011-02-28 65.77',
      '100.01 WA 2011-03-31 68.88',
    ])
    const periods = await rows(
      town.db,
      sql`select end_date::text as end, closed_at is not null as closed from ledger.period where end_date <> 'infinity' order by 1`,
    )
    expect(periods.map((period) => period)).toEqual([
      ...['2010-12-31', '2011-01-31', '2011-02-28', '2011-03-31'].map((end) => ({ end, closed: true })),
      { end: '2011-04-30', closed: false },
    ])
    expect(await rows(town.db, sql`select kind, state, options, total::text as total from ledger.run`)).toEqual([
      { kind: 'town.import', state: 'posted', options: { folder: 'golden-2011' }, total: '273.43' },
    ])
    expect(
      await rows(town.db, sql`select number, source_key as source from ledger.transaction order by id limit 1`),
    ).toEqual([{ number: 'T1', source: 'import/T1' }])
    await faultless()
  })

  it('refuses a town that is not empty', async () => {
    await imported(SMALL)
    await expect(importTown(town.db, writeFolder(SMALL), OPTIONS)).rejects.toMatchObject({ code: 'town_not_empty' })
  })

  it('finds set-up rows that are there already and keeps what the folder does not name', async () => {
    await town.db.execute(
      sql`insert into gl_account (number, name, type) values ('1010', 'Old cash', 'asset'), ('9999', 'Other', 'expense')`,
    )
    await town.db.execute(sql`insert into setting (name, value) values ('name', 'Oldville'), ('phone', '555')`)
    await imported(SMALL)
    expect(
      await rows(town.db, sql`select number, name from gl_account where number in ('1010', '9999') order by 1`),
    ).toEqual([
      { number: '1010', name: 'Cash' },
      { number: '9999', name: 'Other' },
    ])
    expect(
      await rows(town.db, sql`select name, value from setting where name in ('name', 'phone') order by 1`),
    ).toEqual([
      { name: 'name', value: 'Smallville' },
      { name: 'phone', value: '555' },
    ])
    await town.db.execute(sql`insert into gl_account (number, name, type) values ('new', 'Ids go on', 'asset')`)
  })

  it('ages charges, cuts credits oldest first and takes up open credit', async () => {
    await imported(
      withLines(`1,100.01,2025-01-10,Bill,WA,50.00,,,,,,,,
2,100.01,2025-02-10,Pmt,WA,-80.00,,,,,,,,check
3,100.01,2025-02-11,Bill,WA,40.00,,,,,,,,
4,100.01,2025-03-01,Pmt,,-5.00,,,,,,,,
5,200.01,2025-03-01,Pmt,SE,-7.00,,,,,,,,
`),
    )
    expect(await items()).toEqual(['100.01  -5.00', '100.01 WA 2025-02-28 10.00', '200.01 SE -7.00'])
    await faultless()
  })

  it('mends what a reversal leaves in the wrong bucket, under the next free number', async () => {
    await imported(
      withLines(`1,100.01,2025-01-10,Bill,WA,50.00,,,,,,,,
2,100.01,2025-02-10,Pmt,WA,-80.00,,,,,,,,
3,100.01,2025-02-11,Bill,WA,40.00,,,,,,,,
4,100.01,2025-03-05,NSF,WA,80.00,,2,,,,,,
`),
    )
    expect(await items()).toEqual(['100.01 WA 2025-01-31 50.00', '100.01 WA 2025-02-28 40.00'])
    expect(
      await rows(
        town.db,
        sql`select number, type, description, source_key as source from ledger.transaction where id > 4 order by id`,
      ),
    ).toContainEqual({
      number: '5',
      type: 'Adj',
      description: 'Credit moved',
      source: 'move/4',
    })
    await faultless()
  })

  it('moves what a reversed bill leaves overpaid to the oldest unpaid bucket', async () => {
    await imported(
      withLines(`A,100.01,2025-01-10,Bill,WA,50.00,,,,,,,,
B,100.01,2025-02-10,Bill,WA,60.00,,,,,,,,
C,100.01,2025-02-11,Pmt,WA,-50.00,,,,,,,,
D,100.01,2025-03-05,Rev,WA,-50.00,,A,,,,,,
`),
    )
    expect(await items()).toEqual(['100.01 WA 2025-02-28 10.00'])
    await faultless()
  })

  it('posts the other side by type, method, settings and gl', async () => {
    await imported(
      withLines(
        `1,100.01,2025-01-10,Bill,WA,50.00,,,,,,,,
2,100.01,2025-01-11,Bill,SE,20.00,,,,,,4800,,
3,100.01,2025-01-12,Pmt,WA,-10.00,,,,,,,,card
4,100.01,2025-01-13,WriteOff,WA,-5.00,,,,,,,,
5,100.01,2025-01-14,Dep,,100.00,,,,deposit,D1,,,
6,100.01,2025-01-15,DepApp,WA,-30.00,,,,,,,,
6,100.01,2025-01-15,DepApp,,-30.00,,,,deposit,D1,,,
7,100.01,2025-01-16,DepRef,,-20.00,,,,deposit,D1,,,
8,100.01,2025-01-17,PAdj,SE,-20.00,,,,,,,,
8,100.01,2025-01-17,PAdj,,20.00,,,2025,,,,,
9,100.01,2025-01-17,Fee,,25.00,,,2025,,,,,
10,100.01,2025-01-18,CertPmt,,-15.00,,,2025,,,,,
11,100.01,2025-01-19,CertAdj,,-2.00,,,2025,,,,,
12,100.01,2025-01-20,Xfer,WA,-1.00,,,,,,,,
`,
        { ...SMALL, payment_methods: 'code,name,kind,gl\ncard,Card,card,1020\n' },
      ),
    )
    const trial = await rows<{ line: string }>(
      town.db,
      sql`select concat_ws(' ', g.number, s.code, sum(j.debit - j.credit)) as line from ledger.journal j join gl_account g on g.id = j.gl_account_id
        left join service s on s.id = j.service_id group by g.number, s.code having sum(j.debit - j.credit) <> 0 order by 1`,
    )
    expect(trial.map(({ line }) => line)).toEqual([
      '1010 95.00',
      '1020 10.00',
      '1090 1.00',
      '1110 WA 4.00',
      '1150 28.00',
      '2200 -50.00',
      '4110 WA -50.00',
      '4800 -20.00',
      '4900 -25.00',
      '4990 7.00',
    ])
    await faultless()
  })

  it('keeps numbers, receipts, runs, links, facts and moments, and goes on behind the greatest', async () => {
    await imported({
      ...SMALL,
      transactions: `transaction,account_number,date,type,description,service,amount,receipt,run,link,facts,recorded_at,source,due_date
0007,100.01,2025-01-10,Bill,"Water, ""Jan""
second line",WA,50.00,,12,,"{""rule"": ""x""}",2025-01-10T08:30:00.123456Z,bill/a,2025-01-31
900,100.01,2025-01-11,Pmt,,WA,-50.00,41,,L1,,,,
`,
    })
    const [bill, payment] = await rows(
      town.db,
      sql`select number, description, receipt, run_number as run, link, facts, source_key as source, due_date::text as due,
      to_char(posted_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') as at from ledger.transaction order by id`,
    )
    expect(bill).toEqual({
      number: '0007',
      description: 'Water, "Jan"\nsecond line',
      receipt: null,
      run: '12',
      link: null,
      facts: { rule: 'x' },
      source: 'bill/a',
      due: '2025-01-31',
      at: '2025-01-10 08:30:00.123456',
    })
    expect(payment).toMatchObject({ number: '900', receipt: '41', link: 'L1', due: null })
    expect(
      await rows(
        town.db,
        sql`select nextval('ledger.transaction_id')::int as transaction,
      nextval(pg_get_serial_sequence('ledger.run', 'id'))::int as run, (select value::int from ledger.counter where name = 'receipt') as receipt`,
      ),
    ).toEqual([{ transaction: 901, run: 13, receipt: 41 }])
  })

  it('makes the periods that the history needs and no file lists, open', async () => {
    await imported(
      withLines('1,100.01,2024-11-10,Bill,WA,50.00,,,,,,,,\n2,100.01,2025-01-10,Bill,WA,50.00,2024-10-31,,,,,,,\n'),
    )
    const found = await rows<{ end: string }>(
      town.db,
      sql`select end_date::text as end from ledger.period where closed_at is null order by 1`,
    )
    expect(found.map(({ end }) => end)).toEqual(['2024-10-31', '2024-11-30', '2024-12-31', '2025-03-31'])
  })

  it('reads customers with alerts and a status for all their accounts', async () => {
    await imported({
      ...SMALL,
      customers:
        'customer_number,name,account_status,alert_message,public\n100,Mary Holt,SHUTOFF,"Dog in yard\nBad check",no\n200,Abe Lund,,,\n',
    })
    expect(await rows(town.db, sql`select text, since::text as since from customer_alert order by id`)).toEqual([
      { text: 'Dog in yard', since: '2025-03-20' },
      { text: 'Bad check', since: '2025-03-20' },
    ])
    expect(
      await rows(
        town.db,
        sql`select a.number, s.code, c.public, c.mail_notices as mail from account a join account_status s on s.id = a.account_status_id
      join customer c on c.id = a.customer_id order by 1`,
      ),
    ).toEqual([
      { number: '100.01', code: 'SHUTOFF', public: false, mail: true },
      { number: '200.01', code: 'CURRENT', public: true, mail: true },
    ])
  })
})
