import { sql } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { type Db, rows } from '../db/db.ts'
import { readRunFile, runFiles } from '../runs/files.ts'
import { keepRegister } from '../runs/register.ts'
import { findRun, listRuns, type RunRow, runAccounts, runExclusions } from '../runs/store.ts'
import { adjustCertification, takeCertificationPayment } from '../tax-certification/service.ts'
import { withdrawCertification } from '../tax-certification/withdrawal.ts'
import { apiApp, caller } from '../testing/caller.ts'
import { create, prepared, registry, reversed, standing, TODAY, update } from '../testing/certifying.ts'
import type { TestTown } from '../testing/database.ts'
import { dropTowns, exported, importInto, journal, openItems, survives } from '../testing/round-trip.ts'
import { writeFolder } from '../testing/town-folder.ts'
import { GOLDEN, goldenWithPrivate, loadTown } from '../testing/towns.ts'

afterEach(dropTowns)

const door = (db: Db) => ({ db, actor: 0, today: TODAY })

/** What a run says of itself and of its accounts; when something was posted is its own in each town. */
async function shown(db: Db, { id }: Pick<RunRow, 'id'>) {
  const { preparedBy: _prepared, preparedRole: _role, postedBy: _posted, ...run } = (await findRun(db, id)) as RunRow
  const accounts = await runAccounts(db, id)
  return {
    run,
    accounts: accounts.map(({ accountId: _account, ...account }) => account),
    excluded: await runExclusions(db, id),
    files: await runFiles(db, id),
  }
}

/** Certifications, collection codes and alerts, by the town's numbers. */
const otherData = (db: Db) =>
  rows(
    db,
    sql`select c.number, k.code, (select jsonb_agg(jsonb_build_array(a.text, a.ended_at is not null) order by a.id) from customer_alert a
        where a.customer_id = c.id) as alerts,
      (select jsonb_agg(ledger.certification_state(x.id) - 'updatedRunId' - 'padjId' - 'feeTransactionId' order by x.id) from ledger.certification x
        join account a on a.id = x.account_id where a.customer_id = c.id) as certifications
      from customer c left join collection_code k on k.id = c.collection_code_id order by c.number`,
  )

/** Both towns stand alike. */
async function alike(here: TestTown, there: TestTown): Promise<void> {
  expect(await standing(there.db, '100.01')).toEqual(await standing(here.db, '100.01'))
  expect(await openItems(there)).toEqual(await openItems(here))
  expect(await journal(there)).toEqual(await journal(here))
  expect(await otherData(there.db)).toEqual(await otherData(here.db))
}

/** The golden town, certified and updated, with everything that such a run may do to other data. */
async function certified() {
  const town = await importInto(GOLDEN)
  await town.db.execute(sql`insert into collection_code (code, name) values ('TAX', 'Taxes')`)
  await town.db.execute(sql`insert into customer_alert (customer_id, text, since, added_by)
    select id, 'Dog in yard', '2010-01-01', 0 from customer where number = '100'`)
  const created = await create(town.db, { assignCollectionCode: 'TAX', addAlertMessage: 'Certified, "to" taxes' })
  const updated = await update(town.db, {
    addAlertMessage: 'Updated',
    updateCustomersWithExistingAlert: true,
    existingAlertMessages: 'replace',
  })
  for (const run of [created, updated]) await keepRegister(town.db, registry, run.id)
  return { town, created, updated }
}

const runOf = async (db: Db, { number }: Pick<RunRow, 'number'>): Promise<RunRow> => {
  const found = (await listRuns(db, { limit: 100 })).find((run) => run.number === number)
  if (!found) throw new Error(`no run ${number}`)
  return found
}

describe('a posted run in another town', () => {
  it('is there with its accounts, who was left out, its register and its files', async () => {
    const { town, created, updated } = await certified()
    await prepared(town.db, 'create-records', { date: TODAY, taxYear: 2012 })
    const { files, elsewhere } = await survives(town)
    for (const run of [created, updated]) {
      const there = await runOf(elsewhere.db, run)
      expect(await shown(elsewhere.db, there)).toEqual({ ...(await shown(town.db, run)), run: expect.anything() })
      const { preparedBy: _p, preparedRole: _r, postedBy: _q, ...before } = (await findRun(town.db, run.id)) as RunRow
      expect(there).toMatchObject(before)
    }
    const register = await readRunFile(elsewhere.db, (await runOf(elsewhere.db, updated)).id, 'register.pdf')
    expect(register?.content).toEqual((await readRunFile(town.db, updated.id, 'register.pdf'))?.content)
    expect(Object.keys(files).filter((name) => name.startsWith('files/'))).toEqual(
      [created, updated].flatMap(({ number }) => [
        `files/runs/${number}/register.csv`,
        `files/runs/${number}/register.pdf`,
      ]),
    )
    // neither the import nor what is only prepared
    expect(files['runs.csv']?.trimEnd().split('\n')).toHaveLength(3)
    expect((await listRuns(elsewhere.db, { limit: 100 })).map(({ kind }) => kind).sort()).toEqual([
      'tax-certification.create-records',
      'tax-certification.update-customer-balances',
      'town.import',
    ])
  })

  it('is reversed with the same result as where it was posted', async () => {
    const { town, created, updated } = await certified()
    const { elsewhere } = await survives(town)
    await reversed(town.db, updated)
    await reversed(elsewhere.db, await runOf(elsewhere.db, updated))
    await alike(town, elsewhere)
    expect((await standing(elsewhere.db, '100.01')).balance).toBe('273.43')
    await reversed(town.db, created)
    await reversed(elsewhere.db, await runOf(elsewhere.db, created))
    await alike(town, elsewhere)
    const { elsewhere: third } = await survives(elsewhere)
    expect(await runOf(third.db, updated)).toMatchObject({ state: 'reversed', number: updated.number })
    await expect(reversed(third.db, await runOf(third.db, updated))).rejects.toMatchObject({ status: 409 })
  })

  it('is reversed with what rests on it: payments and adjustments entered singly, and a withdrawal', async () => {
    const { town, created } = await certified()
    const { db } = town
    await withdrawCertification(door(db), '1', { amount: '68.27', reason: 'paid in part' } as never)
    const payment = { taxYear: 2011, amount: '10.00', date: TODAY, checkNumber: '7' }
    await takeCertificationPayment(door(db), '100.01', payment as never)
    const adjustment = { taxYear: 2011, amount: '20.00', reason: 'removed', date: TODAY }
    await adjustCertification(door(db), '100.01', adjustment as never)
    const { elsewhere } = await survives(town)
    const there = await runOf(elsewhere.db, created)
    await expect(reversed(elsewhere.db, there)).rejects.toMatchObject({ detail: { transactions: { length: 2 } } })
    await reversed(db, created, true)
    await reversed(elsewhere.db, there, true)
    await alike(town, elsewhere)
    expect(await standing(elsewhere.db, '100.01')).toMatchObject({ balance: '273.43', certified: [], claims: 0 })
    await survives(elsewhere)
  })

  it('is kept and not reversed where this version does not know its kind', async () => {
    const { town, created } = await certified()
    const { files } = await exported(town)
    const kind = 'tax-certification.create-by-hand'
    const runs = files['runs.csv']?.replace('tax-certification.create-records', kind) ?? ''
    const other = await importInto(writeFolder({ ...files, 'runs.csv': runs }))
    const there = await runOf(other.db, created)
    expect(await runAccounts(other.db, there.id)).toHaveLength(1)
    const admin = await caller(other, 'administrator', apiApp(other))
    expect((await admin.get(`/runs/${created.number}`).expect(200)).body).toMatchObject({ kind, state: 'posted' })
    await expect(reversed(other.db, there)).rejects.toMatchObject({ code: 'kind_unknown' })
    expect((await exported(other)).files).toEqual({ ...files, 'runs.csv': runs })
  })

  it('hides private accounts from those who may not know of them', async () => {
    const town = await importInto(writeFolder(goldenWithPrivate()))
    const created = await create(town.db)
    await keepRegister(town.db, registry, created.id)
    const { elsewhere } = await survives(town)
    const app = apiApp(elsewhere)
    const [admin, clerk] = await Promise.all([caller(elsewhere, 'administrator', app), caller(elsewhere, 'clerk', app)])
    const numbers = (body: { accounts: { accountNumber: string }[] }) => body.accounts.map((each) => each.accountNumber)
    const whole = (await admin.get(`/runs/${created.number}`).expect(200)).body
    expect(numbers(whole)).toEqual(['100.01', '200.01'])
    expect(whole).toMatchObject({ count: 2, total: '504.55', state: 'posted' })
    const seen = (await clerk.get(`/runs/${created.number}`).expect(200)).body
    expect(numbers(seen)).toEqual(['100.01'])
    expect(seen).toMatchObject({ count: 1, total: '204.55', register: 'register.pdf' })
    await clerk.get(`/runs/${created.number}/files/register-public.pdf`).expect(404)
    await admin.get(`/runs/${created.number}/files/register.pdf`).expect(200)
  })

  it('keeps its number where imports of nothing have its id, and is reversed there too', async () => {
    const { town, updated } = await certified()
    const { folder, files } = await exported(town)
    const other = await importInto(writeFolder({}))
    for (let times = 0; times < 3; times += 1) await loadTown(other.db, writeFolder({}))
    await loadTown(other.db, folder)
    const there = await runOf(other.db, updated)
    expect(there.id).not.toBe(Number(there.number))
    expect((await exported(other)).files).toEqual(files)
    await reversed(other.db, there)
    await reversed(town.db, updated)
    await alike(town, other)
  })
})
