import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Db, one } from '../db/db.ts'
import { goRun, prepareAgain, prepareRun } from '../runs/service.ts'
import { runAccounts, runExclusions } from '../runs/store.ts'
import { create, faults, prepared, ran, registry, reversed, standing, TODAY, update } from '../testing/certifying.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { posted, transaction } from '../testing/small-town.ts'
import { GOLDEN, loadTown } from '../testing/towns.ts'
import { createRecords } from './create-records.ts'
import { updateCustomerBalances } from './update-customer-balances.ts'

const options = { date: TODAY, taxYear: 2011 }
const go = (town: TestTown, run: { id: number; previewHash: string | null }) =>
  goRun(town.db, run.id, run.previewHash ?? '', 0)

describe('on the golden town', () => {
  let town: TestTown
  beforeEach(async () => {
    town = await freshTown()
    await loadTown(town.db, GOLDEN)
  })
  afterEach(async () => {
    expect(await faults(town.db)).toEqual([])
    await town.drop()
  })

  it('two creates prepared side by side certify each bucket once', async () => {
    const first = await prepared(town.db, 'create-records', options)
    const second = await prepared(town.db, 'create-records', options)
    await go(town, first)
    await expect(go(town, second)).rejects.toThrow('Changed since the preview: 100.01')
    await prepareAgain(town.db, second.id)
    expect((await prepareRun(town.db, registry, second.id, TODAY)).count).toBe(0)
    expect((await standing(town.db, '100.01')).claims).toBe(3)
  })

  it('a payment after the preview posts nothing until it is prepared again', async () => {
    await create(town.db)
    const run = await prepared(town.db, 'update-customer-balances', { date: TODAY, include: { unupdated: true } })
    const pay = async (period: string, amount: string) =>
      posted(town.db, '100.01', [
        await transaction(town.db, { account: '100.01', type: 'Pmt', date: TODAY }, [['WA', period, amount]]),
      ])
    await pay('2010-12-31', '-68.27')
    await expect(go(town, run)).rejects.toThrow('Changed since the preview: 100.01')
    await prepareAgain(town.db, run.id)
    const again = await prepareRun(town.db, registry, run.id, TODAY)
    expect(again.total).toBe('-136.28')
    await pay('2011-03-31', '-68.88')
    expect((await go(town, again)).state).toBe('posted')
    expect((await standing(town.db, '100.01')).balance).toBe('0.00')
  })

  it('a payment that commits while GO waits for its account is seen', async () => {
    await create(town.db)
    const run = await prepared(town.db, 'update-customer-balances', { date: TODAY, include: { unupdated: true } })
    const payment = await transaction(town.db, { account: '100.01', type: 'Pmt', date: TODAY }, [
      ['WA', '2010-12-31', '-68.27'],
    ])
    let going: Promise<unknown> = Promise.resolve()
    await town.db.transaction(async (holding) => {
      await posted(holding as unknown as Db, '100.01', [payment])
      going = go(town, run).catch((error: unknown) => error)
      await new Promise((resume) => setTimeout(resume, 500))
    })
    expect(String(await going)).toContain('Changed since the preview: 100.01')
    expect((await standing(town.db, '100.01')).balance).toBe('205.16')
  })

  it('criteria narrow the run and are optional (000-022, 000-023)', async () => {
    const none = { all: [{ field: 'balance', operator: '>=', value: '300.00' }] }
    expect(await ran(town.db, 'create-records', options, none)).toMatchObject({ count: 0, outsideCriteria: 1 })
    await create(town.db)
    const other = { date: TODAY, include: { unupdated: true } }
    expect(await ran(town.db, 'update-customer-balances', other, none)).toMatchObject({ count: 0 })
    const met = { all: [{ field: 'accountNumber', operator: '=', value: '100.01' }] }
    expect((await ran(town.db, 'update-customer-balances', other, met)).count).toBe(1)
  })

  it('lists who owes something and was left out, with the test that failed, and explains who was taken (000-041, 000-046)', async () => {
    const [left] = await runExclusions(
      town.db,
      (await prepared(town.db, 'create-records', { ...options, minimumCheck: 'service' })).id,
    )
    expect(left).toBeUndefined()
    await town.db.execute(sql`update setting set value = '204.56' where name = 'certification_minimum_balance'`)
    const run = await prepared(town.db, 'create-records', options)
    expect((await runExclusions(town.db, run.id))[0]?.reasons.at(-1)).toEqual({
      test: 'Certification minimum balance, total delinquent balance',
      value: '204.55',
      threshold: '204.56',
      passed: false,
    })
    const [taken] = await runAccounts(
      town.db,
      (await prepared(town.db, 'create-records', { ...options, minimumCheck: 'prior' })).id,
    )
    expect(createRecords.explain?.(taken ?? { facts: null, lines: [] })).toEqual([
      'Water: certified 68.27 of 12/31/2010, 70.51 of 01/31/2011, 65.77 of 02/28/2011 (Certification Periods 2, current period 04/30/2011)',
      'Water: not certified 68.88 of 03/31/2011',
      'Unpaid and older than the current portion: 204.55, needed 0.01',
      'Certification minimum balance, prior account balance: 273.43, needed 204.56',
      'Fee 25.00: 25.00 plus 0 of 204.55',
    ])
    await create(town.db, { minimumCheck: 'ignore' })
    const [row] = await runAccounts(
      town.db,
      (await prepared(town.db, 'update-customer-balances', { date: TODAY, include: { unupdated: true } })).id,
    )
    expect(updateCustomerBalances.explain?.(row ?? { facts: null, lines: [] })).toContain(
      'Fee 25.00, on the certification balance',
    )
  })

  it('an update without the GL accounts it needs names the setting', async () => {
    await create(town.db)
    await town.db.execute(sql`delete from setting where name = 'certification_fee_gl'`)
    await expect(update(town.db)).rejects.toThrow('certification_fee_gl')
  })
})

describe('Update Customer Accounts (000-029, 000-030, 000-055 to 000-064)', () => {
  let town: TestTown
  beforeEach(async () => {
    town = await freshTown()
    await loadTown(town.db, GOLDEN)
    await town.db.execute(sql`insert into collection_code (code, name) values ('TC', 'Certified'), ('BK', 'Bankrupt')`)
  })
  afterEach(async () => {
    expect(await faults(town.db)).toEqual([])
    await town.drop()
  })

  const customer = () =>
    one<{ code: string | null; alerts: string[] }>(
      town.db,
      sql`select k.code, coalesce((select jsonb_agg(a.text order by a.id) from customer_alert a where a.customer_id = c.id and a.ended_at is null), '[]') as alerts
      from customer c left join collection_code k on k.id = c.collection_code_id where c.number = '100'`,
    )
  const given = async (code: string | null, alerts: string[]) => {
    await town.db.execute(
      sql`update customer set collection_code_id = (select id from collection_code where code = ${code})`,
    )
    await town.db.execute(sql`insert into customer_alert (customer_id, text, since, added_by)
      select c.id, t.value, '2011-01-01', 0 from customer c, jsonb_array_elements_text(${JSON.stringify(alerts)}::jsonb) t`)
  }

  it.each([
    [null, false, 'TC'],
    ['BK', false, 'BK'],
    [null, true, 'TC'],
    ['BK', true, 'TC'],
  ])(
    'collection code %s, replace %s: %s, and back on reverse (000-059 to 000-062, U10)',
    async (code, replaces, after) => {
      await given(code, [])
      const run = await create(town.db, { assignCollectionCode: 'TC', replaceExistingCollectionCode: replaces })
      expect((await customer())?.code).toBe(after)
      await reversed(town.db, run)
      expect((await customer())?.code).toBe(code)
    },
  )

  it.each([
    [[], false, 'append', ['Tax']],
    [['Dog'], false, 'append', ['Dog']],
    [['Dog', 'Key'], true, 'append', ['Dog', 'Key', 'Tax']],
    [['Dog', 'Key'], true, 'replace', ['Tax']],
    [['Dog', 'Tax'], true, 'append', ['Dog', 'Tax']],
  ] as const)(
    'alerts %j, box %s, %s: %j, and back on reverse (000-065 to 000-073, U11)',
    async (alerts, box, mode, after) => {
      await given(null, [...alerts])
      await create(town.db)
      const run = await update(town.db, {
        addAlertMessage: 'Tax',
        updateCustomersWithExistingAlert: box,
        existingAlertMessages: mode,
      })
      expect((await customer())?.alerts).toEqual([...after])
      await reversed(town.db, run)
      expect((await customer())?.alerts).toEqual([...alerts])
    },
  )

  it('left empty changes nothing (000-030); an unknown code is refused by its field', async () => {
    await given('BK', ['Dog'])
    await create(town.db)
    await update(town.db)
    expect(await customer()).toEqual({ code: 'BK', alerts: ['Dog'] })
    await expect(create(town.db, { assignCollectionCode: 'XX' })).rejects.toMatchObject({
      detail: { assignCollectionCode: expect.any(String) },
    })
  })

  it('changes a customer with two accounts once, and nobody who was not selected (000-064)', async () => {
    await town.db.execute(
      sql`insert into location (number, service_address, parcel_number) values ('11', '14 Canal St', '07-114-0013')`,
    )
    await town.db.execute(sql`insert into account (number, customer_id, location_id, account_status_id)
      select '100.02', c.id, l.id, s.id from customer c, location l, account_status s where c.number = '100' and l.number = '11' and s.code = 'CURRENT'`)
    await town.db.execute(sql`insert into customer (number, name) values ('101', 'Other')`)
    const bill = { account: '100.02', date: TODAY }
    await posted(town.db, '100.02', [await transaction(town.db, bill, [['WA', '2011-01-31', '250.00']])])
    const run = await create(town.db, { assignCollectionCode: 'TC', addAlertMessage: 'Tax' })
    expect(run).toMatchObject({ count: 2, total: '454.55', fees: '50.00' })
    expect(await customer()).toEqual({ code: 'TC', alerts: ['Tax'] })
    expect(
      await one(town.db, sql`select count(*)::int as n from customer where collection_code_id is not null`),
    ).toEqual({ n: 1 })
  })
})
