import { sql } from 'drizzle-orm'
import postgres from 'postgres'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { rows } from '../db/db.ts'
import { planReversal } from '../runs/reversal-plan.ts'
import { findRun, type RunRow } from '../runs/store.ts'
import { appFor, signedIn } from '../testing/browser.ts'
import { caller } from '../testing/caller.ts'
import { create, faults, ran, registry, reversed, standing, TODAY, update } from '../testing/certifying.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { buckets, posted, transaction } from '../testing/small-town.ts'
import { GOLDEN, loadTown } from '../testing/towns.ts'
import { adjustCertification, type Door, takeCertificationPayment } from './service.ts'
import { withdrawCertification } from './withdrawal.ts'

let town: TestTown
let door: Door
beforeEach(async () => {
  town = await freshTown()
  await loadTown(town.db, GOLDEN)
  door = { db: town.db, actor: 0, today: TODAY }
})
afterEach(async () => {
  expect(await faults(town.db)).toEqual([])
  await town.drop()
})

const YEAR = { taxYear: 2011, date: TODAY }
const ACCOUNT = '100.01'
const BEFORE = ['WA 2010-12-31 68.27', 'WA 2011-01-31 70.51', 'WA 2011-02-28 65.77', 'WA 2011-03-31 68.88']
const UNTOUCHED = { balance: '273.43', buckets: BEFORE, certified: [], claims: 0 }

const pay = async (amount: string) =>
  Number((await takeCertificationPayment(door, ACCOUNT, { ...YEAR, amount })).transactionId)
const adjust = async (reason: 'removed' | 'paid' | 'write_off', amount: string) =>
  Number((await adjustCertification(door, ACCOUNT, { ...YEAR, reason, amount })).transactionId)
const again = () =>
  update(town.db, {
    include: { from: '2011-04-01', to: '2011-04-30' },
    updateAlreadyUpdated: true,
    reason: 'Wrong text',
  })

/** Type and reason of what reverses each of these, with the run it stands in. */
const reversalsOf = (ids: number[]) =>
  rows<{ type: string; reason: string; of: number; run: number }>(
    town.db,
    sql`select v.type, v.facts->>'reason' as reason, v.reverses_id::int as of, r.reverses_run_id::int as run from ledger.transaction v
      join ledger.run r on r.id = v.run_id where v.reverses_id in ${ids} order by v.id`,
  )

const state = async (run: RunRow) => (await findRun(town.db, run.id))?.state

describe('a run whose certification payments and adjustments were entered singly', () => {
  it('is reversed with them, newest first, each with its own reversing transaction and reason', async () => {
    const created = await create(town.db)
    const updated = await update(town.db)
    const paid = await pay('100.00')
    const removed = await adjust('removed', '50.00')
    const atCityHall = await adjust('paid', '29.55')
    const resting = { dependents: [updated.id], transactions: [atCityHall, removed, paid] }
    await expect(reversed(town.db, created)).rejects.toMatchObject({ status: 409, detail: resting })
    expect((await standing(town.db, ACCOUNT)).certified).toEqual(['2011 50.00'])
    await reversed(town.db, created, true)
    expect(await standing(town.db, ACCOUNT)).toEqual(UNTOUCHED)
    expect(await reversalsOf([paid, removed, atCityHall])).toEqual(
      [atCityHall, removed, paid].map((of) => ({ type: 'Rev', reason: 'a test', of, run: updated.id })),
    )
    // what was paid at city hall is linked with its adjustment and goes along
    expect(
      await rows(
        town.db,
        sql`select t.type from ledger.transaction t where t.type in ('Pmt', 'CertPmt', 'CertAdj', 'PAdj', 'Fee')
          and not exists (select from ledger.transaction v where v.reverses_id = t.id)
          and t.run_id <> (select min(id) from ledger.run where kind = 'town.import') order by t.id`,
      ),
    ).toEqual([])
    expect([await state(created), await state(updated)]).toEqual(['reversed', 'reversed'])
    expect((await create(town.db)).total).toBe('204.55')
  })

  it('is left as it is, with all that rests on it, when one reversal cannot be posted', async () => {
    const created = await create(town.db)
    const updated = await update(town.db)
    await pay('100.00')
    const before = await standing(town.db, ACCOUNT)
    const owner = postgres(town.url, { max: 1, onnotice: () => {} })
    await owner.unsafe(`create function public.trouble() returns trigger language plpgsql as $$ begin
        if new.reverses_run_id = ${created.id} and new.state = 'posted' then raise exception 'trouble'; end if; return new; end $$;
      create trigger trouble before update on ledger.run for each row execute function public.trouble()`)
    await expect(reversed(town.db, created, true)).rejects.toThrow()
    expect(await standing(town.db, ACCOUNT)).toEqual(before)
    expect([await state(created), await state(updated)]).toEqual(['posted', 'posted'])
    await owner.unsafe('drop trigger trouble on ledger.run')
    await owner.end()
    await reversed(town.db, created, true)
    expect(await standing(town.db, ACCOUNT)).toEqual(UNTOUCHED)
  })

  it('leaves alone what was entered before it', async () => {
    await create(town.db)
    const first = await update(town.db)
    const paid = await pay('100.00')
    const second = await again()
    const later = await pay('9.55')
    expect(await planReversal(town.db, registry, second.id)).toMatchObject({ runs: [], transactions: [later] })
    await reversed(town.db, second, true)
    expect(await reversalsOf([paid, later])).toMatchObject([{ of: later }])
    expect((await standing(town.db, ACCOUNT)).certified).toEqual(['2011 129.55'])
    await reversed(town.db, first, true)
    expect((await standing(town.db, ACCOUNT)).balance).toBe('273.43')
  })

  it('goes with updates that replaced each other and payments between them, each put back in turn', async () => {
    const created = await create(town.db)
    const first = await update(town.db)
    const one = await pay('100.00')
    const second = await again()
    const two = await pay('29.55')
    await ran(town.db, 'county-file', { taxYear: 2011, layout: 'csv' })
    const { steps } = await planReversal(town.db, registry, created.id)
    expect(steps.map(({ runId, transactions }) => [runId, transactions])).toEqual([
      [expect.any(Number), []],
      [second.id, [two]],
      [first.id, [one]],
      [created.id, []],
    ])
    await reversed(town.db, created, true)
    expect(await standing(town.db, ACCOUNT)).toEqual(UNTOUCHED)
    expect(
      await rows(
        town.db,
        sql`select updated_date, padj_id, fee_transaction_id, county_file, withdrawn_at is not null as gone from ledger.certification`,
      ),
    ).toEqual([{ updated_date: null, padj_id: null, fee_transaction_id: null, county_file: null, gone: true }])
  })

  it('goes with a part that was withdrawn in between', async () => {
    const created = await create(town.db)
    await update(town.db)
    const [number] = await rows<{ n: string }>(town.db, sql`select id::text as n from ledger.certification`)
    await withdrawCertification(door, number?.n ?? '', { reason: 'Paid to the clerk', amount: '50.00' })
    await pay('20.00')
    await reversed(town.db, created, true)
    expect(await standing(town.db, ACCOUNT)).toEqual(UNTOUCHED)
  })

  it('moves credit where the account paid since what an adjustment had given back', async () => {
    const created = await create(town.db)
    await update(town.db)
    await adjust('removed', '65.77')
    expect(await buckets(town.db, ACCOUNT)).toEqual(['WA 2011-02-28 65.77', 'WA 2011-03-31 68.88'])
    await posted(town.db, ACCOUNT, [
      await transaction(town.db, { account: ACCOUNT, type: 'Pmt', date: TODAY }, [['WA', '2011-02-28', '-65.77']]),
    ])
    await reversed(town.db, created, true)
    const after = await standing(town.db, ACCOUNT)
    expect(after).toMatchObject({ balance: '207.66', certified: [], claims: 0 })
  })
})

describe('what rests on a run, at its doors', () => {
  const NAME = 'tax-certification/update-customer-balances'

  it('is listed on its page, refuses Reverse by name, and goes with it when the box is ticked', async () => {
    await create(town.db)
    const updated = await update(town.db)
    const paid = await pay('100.00')
    const supervisor = await signedIn(town, 'supervisor', appFor(town, { today: TODAY }))
    const page = await supervisor.get(`/runs/${updated.id}`)
    expect(page.text).toMatch(
      new RegExp(`<a href="/accounts/100.01/transactions/${paid}">CertPmt ${paid}</a> of 04/30/2011, account 100.01`),
    )
    const form = { run: String(updated.id), reason: 'Wrong year' }
    const refused = await supervisor.post(`/${NAME}/reverse`, form)
    expect(refused.status).toBe(409)
    expect(refused.text).toContain(`Rests on this run: CertPmt ${paid} of account 100.01.`)
    expect(refused.text).toContain('value="Wrong year"')
    expect((await standing(town.db, ACCOUNT)).certified).toEqual(['2011 129.55'])
    const done = await supervisor.post(`/${NAME}/reverse`, { ...form, withDependents: 'on' })
    expect(done.headers.location).toBe(`/runs/${updated.id}`)
    expect(await reversalsOf([paid])).toMatchObject([{ reason: 'Wrong year' }])
    const shown = (await supervisor.get(`/runs/${updated.id}`)).text
    expect(shown).toContain('Reversed by')
    expect(shown).not.toContain('What rests on this run')
  })

  it('is the detail of a 409 of the API, and 201 with it', async () => {
    const created = await create(town.db)
    const updated = await update(town.db)
    const paid = await pay('100.00')
    const supervisor = await caller(town, 'supervisor', appFor(town, { today: TODAY }))
    const { body } = await supervisor.post(`/runs/${created.id}/reversal`, { reason: 'Wrong year' }).expect(409)
    expect(body).toMatchObject({
      dependents: [String(updated.id)],
      transactions: [{ transactionId: String(paid), accountNumber: ACCOUNT, type: 'CertPmt', date: TODAY }],
      detail: `Rests on this run: runs ${updated.id}; CertPmt ${paid} of account 100.01. Reverse it first or with the run.`,
    })
    const order = { reason: 'Wrong year', withDependents: true }
    await supervisor.post(`/runs/${created.id}/reversal`, order).expect(201)
    expect(await standing(town.db, ACCOUNT)).toEqual(UNTOUCHED)
  })

  it('names no account that the person may not see', async () => {
    await create(town.db)
    const updated = await update(town.db)
    const paid = await pay('100.00')
    await town.db.execute(sql`update customer set public = false`)
    const app = appFor(town, { today: TODAY })
    const supervisor = await signedIn(town, 'supervisor', app)
    const refused = await supervisor.post(`/${NAME}/reverse`, { run: String(updated.id), reason: 'x' })
    expect(refused.status).toBe(409)
    for (const { text } of [refused, await supervisor.get(`/runs/${updated.id}`)]) {
      expect(text).toContain('Reverse it too')
      expect(text).not.toContain(ACCOUNT)
      expect(text).not.toContain(`CertPmt ${paid}`)
    }
    const api = await caller(town, 'supervisor', app)
    const { body } = await api.post(`/runs/${updated.id}/reversal`, { reason: 'x' }).expect(409)
    expect(body).toMatchObject({ dependents: [], transactions: [] })
    const admin = await signedIn(town, 'administrator', app)
    expect((await admin.get(`/runs/${updated.id}`)).text).toContain(`CertPmt ${paid}`)
  })
})
