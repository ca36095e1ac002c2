import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { one } from '../db/db.ts'
import { readRunFile, runFiles } from '../runs/files.ts'
import { runAccounts, runExclusions } from '../runs/store.ts'
import { appFor, signedIn } from '../testing/browser.ts'
import { create, faults, prepared, ran, reversed, standing, TODAY, update } from '../testing/certifying.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { posted, transaction } from '../testing/small-town.ts'
import { GOLDEN, loadTown } from '../testing/towns.ts'
import { uploaded } from '../testing/upload.ts'

let town: TestTown
beforeEach(async () => {
  town = await freshTown()
  await loadTown(town.db, GOLDEN)
})
afterEach(async () => {
  expect(await faults(town.db)).toEqual([])
  await town.drop()
})

const contentOf = async (runId: number, name: string) => (await readRunFile(town.db, runId, name))?.content.toString()

describe('County file', () => {
  const file = (layout: string) => ran(town.db, 'county-file', { taxYear: 2011, layout })

  it('San Mateo: one line of 80 characters for parcel 071140012', async () => {
    await town.db.execute(sql`update setting set value = 'F33' where name = 'certification_id_number'`)
    await town.db.execute(sql`update location set parcel_number = '07-114-00123'`)
    await create(town.db)
    const run = await file('san-mateo')
    expect(run).toMatchObject({ state: 'prepared', count: 0 })
    expect((await runExclusions(town.db, run.id))[0]?.reasons[0]).toMatchObject({
      threshold: 'it is too long for the layout',
    })
    await town.db.execute(sql`update location set parcel_number = '071-140-012'`)
    const fits = await file('san-mateo')
    expect(fits).toMatchObject({ state: 'posted', count: 1, total: '204.55', fees: '25.00' })
    expect(await contentOf(fits.id, 'county-2011-san-mateo.txt')).toBe(`6F3307114001200022955${' '.repeat(59)}\n`)
  })

  it('CSV with control totals; a change afterwards says the county must be told', async () => {
    await create(town.db)
    const run = await file('csv')
    expect((await runFiles(town.db, run.id)).map(({ name }) => name)).toEqual([
      'county-2011-control-totals.txt',
      'county-2011-csv.csv',
    ])
    expect(await contentOf(run.id, 'county-2011-csv.csv')).toBe(
      'Parcel,Owner,Service Address,Certified,Fee,Total\n07-114-0012,Mary Holt,12 Canal St,204.55,25.00,229.55\n',
    )
    expect(await contentOf(run.id, 'county-2011-control-totals.txt')).toContain('Total:              229.55')
    const payment = await transaction(town.db, { account: '100.01', type: 'Pmt', date: TODAY }, [
      ['WA', '2010-12-31', '-50.00'],
    ])
    await posted(town.db, '100.01', [payment])
    const updated = await update(town.db)
    expect((await runAccounts(town.db, updated.id))[0]?.effects).toEqual([
      '50.00 paid before update; the county must be told',
    ])
    const told = () =>
      one(town.db, sql`select county_must_be_told as told, county_file as file from ledger.certification`)
    expect(await told()).toEqual({ told: true, file: 'county-2011-csv.csv' })
    await file('csv')
    expect(await told()).toMatchObject({ told: false })
    await reversed(town.db, updated)
    expect(await standing(town.db, '100.01')).toMatchObject({ balance: '223.43', claims: 3 })
  })

  it('leaves out and lists an account without a parcel number, which is certified all the same (domain.md K8)', async () => {
    await town.db.execute(sql`update location set parcel_number = null`)
    const created = await create(town.db)
    expect((await runAccounts(town.db, created.id))[0]?.facts).toMatchObject({
      marks: [expect.stringContaining('No parcel number')],
    })
    const run = await file('csv')
    expect(run.count).toBe(0)
    expect((await runExclusions(town.db, run.id))[0]?.reasons[0]).toMatchObject({
      threshold: 'there is no parcel number',
    })
    await expect(file('nowhere')).rejects.toThrow('There are: csv, san-mateo, munis')
  })

  it('goes when the certification it rests on is reversed with it', async () => {
    const created = await create(town.db)
    const run = await file('csv')
    await expect(reversed(town.db, created)).rejects.toMatchObject({ detail: { dependents: [run.id] } })
    await reversed(town.db, created, true)
    expect(await one(town.db, sql`select county_file as file from ledger.certification`)).toEqual({ file: null })
  })
})

describe('Print Certification Notices (000-014)', () => {
  const notices = (more: object = {}) =>
    ran(town.db, 'print-notices', { date: TODAY, taxYear: 2011, payBy: '2011-05-20', hearing: '2011-05-16', ...more })

  it('prints a letter for the customer and one for the owner, with the mailing list', async () => {
    await town.db.execute(
      sql`insert into customer (number, name, address_line_1, city, state, zip) values ('200', 'Ashford Rentals, LLC', '9 Mill Rd', 'Ashford', 'UT', '84000')`,
    )
    await town.db.execute(
      sql`update location set rental = true, owner_customer_id = (select id from customer where number = '200')`,
    )
    await create(town.db)
    const run = await notices()
    expect(run).toMatchObject({ state: 'posted', count: 1, total: '204.55', fees: '25.00' })
    expect((await runFiles(town.db, run.id)).map(({ name }) => name)).toEqual([
      'mailing-list-2011.csv',
      'notices-2011.pdf',
    ])
    expect(await contentOf(run.id, 'mailing-list-2011.csv')).toBe(
      'Account,Copy,Name,Care of,Address 1,Address 2,City,Country,Parcel,Certified,Fee,Total\n' +
        '100.01,customer,Mary Holt,,12 Canal St,,"Ashford, UT 84000",,07-114-0012,204.55,25.00,229.55\n' +
        '100.01,owner,"Ashford Rentals, LLC",,9 Mill Rd,,"Ashford, UT 84000",,07-114-0012,204.55,25.00,229.55\n',
    )
    const pdf = (await readRunFile(town.db, run.id, 'notices-2011.pdf'))?.content.toString('latin1') ?? ''
    expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(2)
  })

  it('001-101: goes to the seasonal address that is in force on the day of the letter', async () => {
    await town.db.execute(sql`insert into customer_address (customer_id, care_of, address_line_1, city, state, zip, country, mail_from, mail_to)
      select id, 'Ann Lee', '9 Palm Ave', 'Nogales', 'Son.', '84000', 'Mexico', '11-15', '04-30' from customer where number = '100'`)
    const created = await create(town.db)
    const first = await notices()
    expect(await contentOf(first.id, 'mailing-list-2011.csv')).toContain(
      '100.01,customer,Mary Holt,Ann Lee,9 Palm Ave,,"Nogales, Son. 84000",Mexico,',
    )
    const later = await notices({ date: '2011-05-01', reprint: true, runId: created.id })
    expect(await contentOf(later.id, 'mailing-list-2011.csv')).toContain('100.01,customer,Mary Holt,,12 Canal St,')
  })

  it('writes the notice date once; again only when told to', async () => {
    const created = await create(town.db)
    const first = await notices()
    const date = () => one(town.db, sql`select notice_date::text as date from ledger.certification`)
    expect(await date()).toEqual({ date: TODAY })
    const second = await notices({ date: '2011-05-01' })
    expect(second.count).toBe(0)
    expect((await runExclusions(town.db, second.id))[0]?.reasons[0]).toMatchObject({ value: 'sent 04/30/2011' })
    const again = await notices({ date: '2011-05-01', reprint: true, runId: created.id })
    expect(await date()).toEqual({ date: '2011-05-01' })
    await reversed(town.db, again)
    expect(await date()).toEqual({ date: TODAY })
    await reversed(town.db, first)
    expect(await date()).toEqual({ date: null })
  })
})

describe('county payments from a file', () => {
  const content = [
    'Parcel,Tax Year,Amount,Date,Check Number,Source ID',
    '07-114-0012,2011,$114.78,04/30/2011,5512,A-1',
    '071140012,2011,114.77,2011-04-30,5512,A-2',
    '07-114-0012,2011,0.01,2011-04-30,5512,A-3',
    '99-999,2011,10.00,2011-04-30,5512,A-4',
    '07-114-0012,2011,ten,2011-04-30,5512,A-5',
  ].join('\n')
  const load = (text = content) => ran(town.db, 'import-payments', { fileName: 'county.csv', content: text })

  it('posts what can be posted, lists every other line with its reason, and the same file never twice', async () => {
    await create(town.db)
    await update(town.db)
    const run = await load()
    expect(run).toMatchObject({ state: 'posted', count: 1, total: '229.55' })
    expect(await standing(town.db, '100.01')).toMatchObject({ balance: '68.88', certified: [] })
    expect((await contentOf(run.id, 'lines-not-posted.csv'))?.split('\n').slice(1)).toEqual([
      '4,07-114-0012,Line 4: certification balance of tax year 2011,0.01,at most 0.00',
      '5,99-999,Line 5: account or parcel,99-999,one account',
      '6,07-114-0012,Line 6 can be read,ten,"an amount like 42.50, above 0.00"',
      '',
    ])
    const again = await load()
    expect(again.count).toBe(0)
    await reversed(town.db, run)
    expect((await standing(town.db, '100.01')).certified).toEqual(['2011 229.55'])
    expect((await load()).total).toBe('229.55')
  })

  it('takes accounts by number, and rests on the update', async () => {
    await create(town.db)
    const updated = await update(town.db)
    const run = await load('account,tax year,amount,date\n100.01,2011,29.55,2011-04-30\n')
    expect((await standing(town.db, '100.01')).certified).toEqual(['2011 200.00'])
    await expect(reversed(town.db, updated)).rejects.toMatchObject({ detail: { dependents: [run.id] } })
    await reversed(town.db, updated, true)
    expect((await standing(town.db, '100.01')).balance).toBe('273.43')
  })

  it('keeps the file with the run and not among its options, for administrators only where it names a private customer', async () => {
    await create(town.db)
    await update(town.db)
    const first = await load()
    expect(first.options).toEqual({ fileName: 'county.csv' })
    expect((await readRunFile(town.app, first.id, 'received-county.csv'))?.content.toString()).toBe(content)
    await town.db.execute(sql`update customer set public = false`)
    const second = await load(content.replace('ten', 'eleven'))
    expect(await readRunFile(town.app, second.id, 'received-county.csv')).toBeUndefined()
    expect(await readRunFile(town.db, second.id, 'received-county.csv')).toBeDefined()
    const third = await load('account,tax year,amount,date\n999.99,2011,1.00,2011-04-30\n')
    expect(await readRunFile(town.app, third.id, 'received-county.csv')).toBeDefined()
  })

  it('are chosen on their own screen, and taken again for the next preview', async () => {
    await create(town.db)
    await update(town.db)
    const clerk = await signedIn(town, 'clerk', appFor(town, { today: TODAY }))
    const path = '/tax-certification/import-payments'
    expect((await uploaded(clerk, `${path}/preview`, {})).text).toContain('File: choose a file.')
    const first = await uploaded(clerk, `${path}/preview`, {}, { name: 'county 5.csv', text: content })
    const [, run = ''] = (first.headers.location ?? '').split('?run=')
    const second = await uploaded(clerk, `${path}/preview`, { run })
    const page = await clerk.get(second.headers.location ?? '')
    expect(page.text).toContain('1 account')
    expect(page.text).toContain('received-county_5.csv')
    const [, next = ''] = (second.headers.location ?? '').split('?run=')
    expect(next).not.toBe(run)
    expect((await clerk.get(`/runs/${next}`)).text).toContain('<dt>File</dt><dd>county 5.csv</dd>')
    expect((await clerk.get(`/runs/${next}/files/received-county_5.csv`)).text).toBe(content)
  })

  it('takes only accounts that meet the criteria', async () => {
    await create(town.db)
    await update(town.db)
    const criteria = { all: [{ field: 'accountNumber', operator: '!=', value: '100.01' }] }
    const run = await prepared(town.db, 'import-payments', { fileName: 'county.csv', content }, criteria)
    expect(run).toMatchObject({ count: 0, excluded: 1 })
    expect((await runExclusions(town.db, run.id))[0]?.reasons[0]).toMatchObject({
      test: 'Line 2: the account meets the Selection Criteria',
      passed: false,
    })
  })

  it('refuses a file without its columns', async () => {
    await expect(load('a,b\n1,2\n')).rejects.toThrow('Missing: Account or Parcel, Tax Year, Amount, Date')
    await expect(load('"a')).rejects.toThrow('not comma separated')
  })
})
