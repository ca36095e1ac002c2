import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { RUN_KINDS } from '../run-kinds.ts'
import { renewRegisters } from '../runs/register.ts'
import { apiApp, type Caller, caller } from '../testing/caller.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { GOLDEN, loadTown } from '../testing/towns.ts'

let town: TestTown
let admin: Caller
let supervisor: Caller
beforeAll(async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'clerkwell-town-'))
  cpSync(GOLDEN, folder, { recursive: true })
  const add = (name: string, ...rows: string[]) =>
    appendFileSync(path.join(folder, `${name}.csv`), `${rows.join('\n')}\n`)
  add('customers', '200,individual,Judge Roe,,Roe,yes,no,1 Quiet Ln,Ashford,UT,84000')
  add('locations', '11,1 Quiet Ln,Ashford,UT,84000,07-114-0013')
  add('accounts', '200.01,200,11,2010-12-01,,Current')
  add('account_services', '200.01,WA,,1,1,monthly,2010-12-01,')
  add('transactions', 'P1,200.01,2010-12-31,2010-12-31,Bill,Water,WA,300.00,,')
  town = await freshTown()
  await loadTown(town.db, folder)
  rmSync(folder, { recursive: true })
  const app = apiApp(town)
  ;[admin, supervisor] = await Promise.all([caller(town, 'administrator', app), caller(town, 'supervisor', app)])
})
afterAll(() => town?.drop())

it('a run takes private accounts in whoever starts it, and shows them to administrators only', async () => {
  const options = { date: '2011-04-30', taxYear: 2011 }
  const { body: run } = await supervisor
    .post('/runs', { kind: 'tax-certification.create-records', options })
    .expect(201)
  const numbers = (body: { accounts: { accountNumber: string }[] }) => body.accounts.map((each) => each.accountNumber)
  expect(run).toMatchObject({ count: 1, total: '204.55', fees: '25.00' })
  const counted = run.count + run.excluded.length
  expect(run.progress).toEqual({ done: counted, total: counted })
  expect(numbers(run)).toEqual(['100.01'])
  const { body: whole } = await admin.get(`/runs/${run.runId}`).expect(200)
  expect(whole).toMatchObject({ count: 2, total: '504.55', fees: '50.00' })
  expect(numbers(whole)).toEqual(['100.01', '200.01'])
  await supervisor.post(`/runs/${run.runId}/go`, { previewHash: run.previewHash }).expect(202)
  const files = async (who: Caller) =>
    (await who.get(`/runs/${run.runId}/files`).expect(200)).body.map((each: { name: string }) => each.name)
  expect(await files(admin)).toEqual(['register-public.csv', 'register-public.pdf', 'register.csv', 'register.pdf'])
  expect(await files(supervisor)).toEqual(['register.csv', 'register.pdf'])
  const { text: csv } = await supervisor.get(`/runs/${run.runId}/files/register.csv`).expect(200)
  expect([csv.includes('100.01'), csv.includes('200.01')]).toEqual([true, false])
  await supervisor.get(`/runs/${run.runId}/files/register-public.pdf`).expect(404)
  const { body: seen } = await supervisor.get(`/runs/${run.runId}`).expect(200)
  expect(seen.progress).toEqual(run.progress)
  expect(whole.progress.total).toBe(counted + 1)
  expect(seen).toMatchObject({ count: 1, posted: 1, total: '204.55', register: 'register.pdf' })
  const customer = (await admin.get('/accounts/100.01').expect(200)).body.customerNumber
  await admin.put(`/customers/${customer}`, { public: false }).expect(200)
  await supervisor.get('/accounts/100.01').expect(404)
  expect(await files(supervisor)).toEqual([])
  await supervisor.get(`/runs/${run.runId}/files/register.csv`).expect(404)
  await renewRegisters(town.db, RUN_KINDS)
  expect(await files(supervisor)).toEqual(['register.csv', 'register.pdf'])
  const { text: anew } = await supervisor.get(`/runs/${run.runId}/files/register.csv`).expect(200)
  expect([anew.includes('100.01'), anew.includes('200.01')]).toEqual([false, false])
  const { text: all } = await admin.get(`/runs/${run.runId}/files/register.csv`).expect(200)
  expect([all.includes('100.01'), all.includes('200.01')]).toEqual([true, true])
  expect((await admin.get('/accounts/200.01').expect(200)).body.certifications[0].certified).toBe('300.00')
})
