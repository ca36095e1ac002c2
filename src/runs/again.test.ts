import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Db, one, rows } from '../db/db.ts'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import { create, faults, prepared, ran, registry, standing, TODAY } from '../testing/certifying.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { posted, transaction } from '../testing/small-town.ts'
import { GOLDEN, loadTown } from '../testing/towns.ts'
import { go, hashIn, PATH, postedBy, previewed, toyTown } from '../testing/toy-screen.ts'
import { asSeen } from './as-seen.ts'
import { goRun, prepareChangedAgain, prepareRun } from './service.ts'
import { runAccounts, runExclusions } from './store.ts'

const charge = async (db: Db, account: string, date: string, bucket: string, amount: string) =>
  posted(db, account, [await transaction(db, { account, date }, [['WA', bucket, amount]])])

describe('Prepare these again', () => {
  let toy: Awaited<ReturnType<typeof toyTown>>
  let db: Db
  let supervisor: Browser
  let admin: Browser
  beforeAll(async () => {
    toy = await toyTown()
    ;({ db, supervisor, admin } = toy)
  })
  afterAll(async () => {
    expect(await faults(db)).toEqual([])
    await toy.town.drop()
  })

  const staged = (run: string) =>
    rows<{ id: number; account: string }>(
      db,
      sql`select t.id::int, a.number as account from ledger.staged_transaction t join account a on a.id = t.account_id
        where t.run_id = ${run}::bigint order by a.number`,
    )

  it('does only the accounts that changed, shows what is different, and gives a new hash', async () => {
    const { run, hash } = await previewed(supervisor, { code: 'TAX' })
    const before = await staged(run)
    await charge(db, '3.01', '2026-04-10', '2026-04-30', '7.00')
    const refused = await go(supervisor, run, hash)
    expect(refused.status).toBe(409)
    expect(refused.text).toContain('<input type="hidden" name="only" value="changed">')
    expect(refused.text).toContain('all other accounts stays as it is')
    const again = await supervisor.post(`${PATH}/again`, { run, only: 'changed' })
    expect(again.headers.location).toBe(`${PATH}?run=${run}`)
    const after = await staged(run)
    const kept = after.filter(({ account }) => account !== '3.01')
    expect(kept).toEqual(before.filter(({ account }) => account !== '3.01'))
    expect(after).toHaveLength(5)
    expect(after.find(({ account }) => account === '3.01')).not.toEqual(
      before.find(({ account }) => account === '3.01'),
    )
    const { text } = await supervisor.get(`${PATH}?run=${run}`)
    expect(text).toMatch(
      /Prepared again<\/caption>.*<tbody>\s*<tr><td><a href="\/accounts\/3.01">3.01<\/a><\/td><td>Charge 5.00<\/td><td>Charge 5.00<\/td><\/tr>\s*<\/tbody>/s,
    )
    expect(text).toContain('5 accounts')
    expect(text).toMatch(/Since the preview of .*nothing changed/s)
    expect(hashIn(text)).not.toBe(hash)
    expect((await go(supervisor, run, hash)).status).toBe(409)
    expect((await go(supervisor, run, hashIn(text))).status).toBe(303)
    expect(await postedBy(db, run)).toBe(5)
    expect(await one(db, sql`select count(*)::int as n from customer where collection_code_id is not null`)).toEqual({
      n: 5,
    })
  })

  it('takes out who no longer meets the criteria, and totals what is left', async () => {
    const criteria = { 'c1-field': 'balance', 'c1-operator': '<', 'c1-value': '50' }
    const { run, hash } = await previewed(supervisor, criteria)
    await charge(db, '4.01', '2026-04-10', '2026-04-30', '90.00')
    await db.execute(sql`update customer set public = false where number = '5'`)
    await charge(db, '5.01', '2026-04-10', '2026-04-30', '1.00')
    expect((await go(supervisor, run, hash)).status).toBe(409)
    await supervisor.post(`${PATH}/again`, { run, only: 'changed' })
    expect((await staged(run)).map(({ account }) => account)).toEqual(['1.01', '3.01', '5.01', '6.01'])
    const { text } = await supervisor.get(`${PATH}?run=${run}`)
    expect(text).toMatch(/4.01<\/a><\/td><td>Charge 5.00<\/td><td>No longer on it/)
    expect(text).toContain('1 outside the criteria')
    expect(text).toMatch(/1 no longer on it: 4\.01; 4 accounts before, 3 now; total 20\.00 before, 15\.00 now/)
    // a private account is among them for an administrator only
    expect(text).not.toContain('5.01')
    expect((await admin.get(`${PATH}?run=${run}`)).text).toContain('5.01')
    expect((await go(supervisor, run, hashIn(text))).status).toBe(303)
    expect(await postedBy(db, run)).toBe(4)
    await db.execute(sql`update customer set public = true`)
  })

  it('does all of it where nothing but the hash is old, and where it is asked for', async () => {
    const { run } = await previewed(supervisor)
    const before = await staged(run)
    const wrong = await go(supervisor, run, '0123')
    expect(wrong.text).not.toContain('name="only"')
    await supervisor.post(`${PATH}/again`, { run, only: 'changed' })
    const after = await staged(run)
    expect(after.map(({ account }) => account)).toEqual(before.map(({ account }) => account))
    expect(after.some(({ id }) => before.some((old) => old.id === id))).toBe(false)
    expect((await supervisor.get(`${PATH}?run=${run}`)).text).not.toContain('Prepared again')
  })
})

describe('of a certification', () => {
  let town: TestTown
  beforeEach(async () => {
    town = await freshTown()
    await loadTown(town.db, GOLDEN)
    await town.db.execute(sql`insert into collection_code (code, name) values ('TC', 'Certified')`)
    await town.db.execute(
      sql`insert into location (number, service_address, parcel_number) values ('11', '14 Canal St', '07-114-0013'), ('12', '16 Canal St', '07-114-0014')`,
    )
    await town.db.execute(sql`insert into customer (number, name) values ('101', 'Other')`)
    await town.db.execute(sql`insert into account (number, customer_id, location_id, account_status_id)
      select x.account, c.id, l.id, s.id from (values ('100.02', '100', '11'), ('101.01', '101', '12')) as x(account, customer, location)
      join customer c on c.number = x.customer join location l on l.number = x.location join account_status s on s.code = 'CURRENT'`)
    await charge(town.db, '100.02', TODAY, '2011-01-31', '250.00')
    await charge(town.db, '101.01', TODAY, '2011-01-31', '300.00')
  })
  afterEach(async () => {
    expect(await faults(town.db)).toEqual([])
    await town.drop()
  })

  const pay = async (account: string, period: string, amount: string) =>
    posted(town.db, account, [
      await transaction(town.db, { account, type: 'Pmt', date: TODAY }, [['WA', period, `-${amount}`]]),
    ])
  const changedAgain = async (id: number) => {
    await prepareChangedAgain(town.db, registry, id)
    return prepareRun(town.db, registry, id, TODAY)
  }

  it('Create states total and fees of all, and does its customer once', async () => {
    const options = {
      date: TODAY,
      taxYear: 2011,
      assignCollectionCode: 'TC',
      addAlertMessage: 'Tax',
      minimumCheck: 'ignore',
    }
    const run = await prepared(town.db, 'create-records', options)
    expect(run).toMatchObject({ count: 3, total: '754.55', fees: '75.00' })
    await pay('100.01', '2010-12-31', '68.27')
    await expect(goRun(town.db, run.id, run.previewHash ?? '', 0)).rejects.toThrow('100.01')
    const again = await changedAgain(run.id)
    expect(again).toMatchObject({ count: 3, total: '686.28', fees: '75.00', lastPreview: { changed: ['100.01'] } })
    await goRun(town.db, run.id, again.previewHash ?? '', 0)
    expect(
      await rows(
        town.db,
        sql`select c.number, k.code, (select count(*)::int from customer_alert a where a.customer_id = c.id) as alerts
        from customer c join collection_code k on k.id = c.collection_code_id order by c.number`,
      ),
    ).toEqual([
      { number: '100', code: 'TC', alerts: 1 },
      { number: '101', code: 'TC', alerts: 1 },
    ])
  })

  it('lists who failed a test since with the reason, and whose other account carries what is done once', async () => {
    await town.db.execute(sql`update setting set value = '10.00' where name = 'certification_minimum_balance'`)
    const run = await prepared(town.db, 'create-records', { date: TODAY, taxYear: 2011, assignCollectionCode: 'TC' })
    for (const [period, amount] of [
      ['2010-12-31', '68.27'],
      ['2011-01-31', '70.51'],
      ['2011-02-28', '60.00'],
    ] as const)
      await pay('100.01', period, amount)
    const again = await changedAgain(run.id)
    expect(again).toMatchObject({ count: 2, total: '550.00', fees: '50.00', excluded: 1 })
    expect((await runExclusions(town.db, run.id)).map(({ accountNumber }) => accountNumber)).toEqual(['100.01'])
    const accounts = await runAccounts(town.db, run.id)
    expect(accounts.map(({ accountNumber, effects }) => [accountNumber, effects.length])).toEqual([
      ['100.02', 1],
      ['101.01', 1],
    ])
    await goRun(town.db, run.id, again.previewHash ?? '', 0)
    expect((await standing(town.db, '100.02')).claims).toBe(1)
  })

  it('Update sums what it posts, of all', async () => {
    await create(town.db)
    const run = await prepared(town.db, 'update-customer-balances', { date: TODAY, include: { unupdated: true } })
    expect(run).toMatchObject({ total: '-754.55', fees: '75.00' })
    await pay('101.01', '2011-01-31', '300.00')
    const again = await changedAgain(run.id)
    expect(again).toMatchObject({ count: 3, total: '-454.55', fees: '50.00', lastPreview: { changed: ['101.01'] } })
    await goRun(town.db, run.id, again.previewHash ?? '', 0)
    expect((await standing(town.db, '101.01')).balance).toBe('0.00')
  })

  it('is seen without private accounts, whatever their lines are', async () => {
    await create(town.db)
    await pay('101.01', '2011-01-31', '20.00')
    await town.db.execute(sql`update customer set public = false where number = '101'`)
    const run = await ran(town.db, 'update-customer-balances', { date: TODAY, include: { unupdated: true } })
    expect(run.total).toBe('-734.55')
    expect(await asSeen(town.app, town.db, run)).toMatchObject({ count: 2, total: '-454.55', fees: '50.00' })
    const content = ['100.01', '101.01'].map((account) => `${account},2011,5.00,2011-04-30`).join('\n')
    const file = { fileName: 'county.csv', content: `Account,Tax Year,Amount,Date\n${content}` }
    const paid = await ran(town.db, 'import-payments', file)
    expect(paid.total).toBe('10.00')
    expect(await asSeen(town.app, town.db, paid)).toMatchObject({ count: 1, total: '5.00' })
  })

  it('County file makes one file of all, so it is prepared whole and the screen says so', async () => {
    await create(town.db)
    const run = await prepared(town.db, 'county-file', { taxYear: 2011, layout: 'csv' })
    await pay('101.01', '2011-01-31', '1.00')
    const supervisor = await signedIn(town, 'supervisor', appFor(town, { today: TODAY }))
    const path = '/tax-certification/county-file'
    const refused = await supervisor.post(`${path}/go`, { run: String(run.id), hash: run.previewHash ?? '' })
    expect(refused.status).toBe(409)
    expect(refused.text).toContain('The rows of this routine hang together, so all of it is prepared again.')
    expect(refused.text).toContain('Prepare all again')
    await supervisor.post(`${path}/again`, { run: String(run.id) })
    const { text } = await supervisor.get(`${path}?run=${run.id}`)
    expect((await supervisor.post(`${path}/go`, { run: String(run.id), hash: hashIn(text) })).status).toBe(303)
  })
})
