import type { Express } from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkLedger, isClean } from '../ledger/check.ts'
import { apiApp, type Caller, caller } from '../testing/caller.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { GOLDEN, loadTown } from '../testing/towns.ts'

let town: TestTown
let app: Express
let admin: Caller
let supervisor: Caller
let clerk: Caller
beforeAll(async () => {
  town = await freshTown()
  await loadTown(town.db, GOLDEN)
  app = apiApp(town)
  ;[admin, supervisor, clerk] = await Promise.all([
    caller(town, 'administrator', app),
    caller(town, 'supervisor', app),
    caller(town, 'clerk', app),
  ])
})
afterAll(() => town?.drop())

const CREATE = { kind: 'tax-certification.create-records', options: { date: '2011-04-30', taxYear: 2011 } }
const UPDATE = {
  kind: 'tax-certification.update-customer-balances',
  options: { date: '2011-04-30', include: { unupdated: true } },
}

describe('the golden case over HTTP', () => {
  let created: string
  let updated: string

  it('prepares, shows and posts the certification', async () => {
    expect((await clerk.get('/organization').expect(200)).body.counts.certifiable).toBe(1)
    const { body: run } = await supervisor.post('/runs', CREATE).expect(201)
    expect(run).toMatchObject({
      kind: CREATE.kind,
      state: 'prepared',
      count: 1,
      total: '204.55',
      fees: '25.00',
      posted: 0,
    })
    expect(run).toMatchObject({ postedAt: null, excluded: [], outsideCriteria: 0, reversedBy: null, register: null })
    expect(run.accounts).toEqual([
      {
        accountNumber: '100.01',
        before: '273.43',
        after: '273.43',
        lines: [
          { type: 'Certified', service: 'WA', amount: '204.55', taxYear: 2011 },
          { type: 'Fee', service: null, amount: '25.00', taxYear: 2011 },
        ],
      },
    ])
    await clerk.post(`/runs/${run.runId}/go`, { previewHash: run.previewHash }).expect(403)
    await supervisor.post(`/runs/${run.runId}/go`, { previewHash: 'other' }).expect(409)
    const go = () => supervisor.post(`/runs/${run.runId}/go`, { previewHash: run.previewHash })
    await go().expect(202, { runId: run.runId, state: 'posted' })
    await go().expect(202, { runId: run.runId, state: 'posted' })
    const { body: shown } = await clerk.get(`/runs/${run.runId}`).expect(200)
    expect(shown).toMatchObject({ state: 'posted', count: 1, posted: 1, total: '204.55', register: 'register.pdf' })
    expect(shown.postedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    created = run.runId
  })

  it('updates the customer balances', async () => {
    const { body: run } = await supervisor.post('/runs', UPDATE).expect(201)
    expect(run).toMatchObject({ count: 1, total: '-204.55', fees: '25.00' })
    await supervisor.post(`/runs/${run.runId}/go`, { previewHash: run.previewHash }).expect(202)
    const { body: account } = await clerk.get('/accounts/100.01').expect(200)
    expect(account).toMatchObject({
      balance: '68.88',
      pastDue: '68.88',
      customerBalance: '68.88',
      openCredit: '0.00',
      deposits: '0.00',
    })
    expect(account.services).toEqual([
      { service: 'WA', balance: '68.88', periods: [{ period: '2011-03-31', unpaid: '68.88' }] },
    ])
    expect(account.certifications).toEqual([
      { taxYear: 2011, balance: '229.55', certified: '204.55', fee: '25.00', notUpdated: '0.00' },
    ])
    const { body } = await clerk.get('/accounts/100.01/transactions').expect(200)
    const of = (type: string) => body.transactions.filter((each: { type: string }) => each.type === type)
    expect(of('PAdj')).toHaveLength(1)
    expect(of('PAdj')[0]).toMatchObject({ amount: '-204.55', description: 'Tax Certification 2011', runId: run.runId })
    expect(of('PAdj')[0].lines).toEqual([
      { book: 'utility', service: 'WA', amount: '-204.55', taxYear: null },
      { book: 'certification', service: null, amount: '204.55', taxYear: 2011 },
    ])
    expect(of('Fee')).toHaveLength(1)
    expect(of('Fee')[0].amount).toBe('0.00')
    await supervisor.post(`/transactions/${of('PAdj')[0].id}/reversal`, { reason: 'wrong' }).expect(422)
    updated = run.runId
  })

  it('has nothing to certify twice: a run of nobody is prepared and GO refuses it', async () => {
    const { body: run } = await supervisor.post('/runs', UPDATE).expect(201)
    expect(run).toMatchObject({ count: 0, total: '0.00', fees: '0.00', accounts: [] })
    await supervisor.post(`/runs/${run.runId}/go`, { previewHash: run.previewHash }).expect(422)
  })

  it('takes county money and adjusts, each once under its key', async () => {
    const pay = { taxYear: 2011, amount: '100.00', date: '2011-04-30', checkNumber: '12' }
    const first = await clerk.post('/accounts/100.01/certification-payments', pay, 'c1').expect(201)
    expect(first.body).toEqual({ transactionId: expect.any(String), certificationBalance: '129.55' })
    await clerk.post('/accounts/100.01/certification-payments', pay, 'c1').expect(201, first.body)
    await clerk.post('/accounts/100.01/certification-payments', { ...pay, amount: '130.00' }).expect(422)
    const adjust = { taxYear: 2011, amount: '29.55', reason: 'write_off', date: '2011-04-30' }
    await clerk.post('/accounts/100.01/certification-adjustments', adjust).expect(403)
    const made = await supervisor.post('/accounts/100.01/certification-adjustments', adjust, 'c2').expect(201)
    expect(made.body.certificationBalance).toBe('100.00')
    await supervisor.post('/accounts/100.01/certification-adjustments', { ...adjust, reason: 'gift' }).expect(422)
    for (const { transactionId } of [made.body, first.body]) {
      await supervisor.post(`/transactions/${transactionId}/reversal`, { reason: 'a test' }).expect(201)
    }
  })

  it('names the dependents of a run and reverses it with them only when told to', async () => {
    const { body } = await supervisor.post(`/runs/${created}/reversal`, { reason: 'wrong year' }).expect(409)
    expect(body.dependents).toEqual([updated])
    await clerk.post(`/runs/${created}/reversal`, { reason: 'wrong year', withDependents: true }).expect(403)
    const order = { reason: 'wrong year', withDependents: true }
    const first = await supervisor.post(`/runs/${created}/reversal`, order, 'r1').expect(201)
    expect(first.body).toEqual({ runId: expect.any(String) })
    await supervisor.post(`/runs/${created}/reversal`, order, 'r1').expect(201, first.body)
    await supervisor.post(`/runs/${created}/reversal`, order).expect(409)
    const { body: shown } = await clerk.get(`/runs/${created}`).expect(200)
    expect(shown).toMatchObject({ state: 'reversed', reversedBy: first.body.runId, posted: 1 })
    await clerk.get('/accounts/100.01').expect(200)
    const { body: account } = await clerk.get('/accounts/100.01')
    expect(account.balance).toBe('273.43')
    expect(isClean(await checkLedger(town.db))).toBe(true)
  })

  it('lists the files of a run and gives their bytes', async () => {
    const { body: files } = await clerk.get(`/runs/${created}/files`).expect(200)
    expect(files.map(({ name }: { name: string }) => name)).toEqual(['register.csv', 'register.pdf'])
    const file = await clerk.get(`/runs/${created}/files/register.pdf`).buffer(true).parse(bytes).expect(200)
    expect(file.headers['content-type']).toBe('application/pdf')
    expect((file.body as Buffer).length).toBe(files[1].bytes)
    expect((file.body as Buffer).subarray(0, 5).toString()).toBe('%PDF-')
    await clerk.get(`/runs/${created}/files/none.pdf`).expect(404)
  })
})

const bytes = (response: unknown, done: (error: Error | null, body: unknown) => void) => {
  const stream = response as NodeJS.ReadableStream
  const chunks: Buffer[] = []
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  stream.on('end', () => done(null, Buffer.concat(chunks)))
}

describe('runs', () => {
  it('are listed with the JSON Schema of their options', async () => {
    const { body } = await clerk.get('/run-kinds').expect(200)
    const kind = body.find((each: { kind: string }) => each.kind === CREATE.kind)
    expect(kind).toMatchObject({ menu: 'Tax Certification', title: 'Create Tax Certification Records' })
    expect(kind.options).toMatchObject({ type: 'object', additionalProperties: false })
    expect(Object.keys(kind.options.properties)).toContain('taxYear')
  })

  it('refuse what cannot be, naming it', async () => {
    await clerk.post('/runs', { kind: 'billing.calculate', options: {} }).expect(404)
    const options = await clerk.post('/runs', { ...CREATE, options: { date: '2011-04-30', taxyear: 2011 } }).expect(422)
    expect(Object.keys(options.body.errors).join()).toMatch(/taxYear/)
    const criteria = { all: [{ field: 'colour', operator: '=', value: 'red' }] }
    const { body } = await clerk.post('/runs', { ...CREATE, criteria }).expect(422)
    expect(body.detail).toMatch(/all\[0\]/)
    await clerk.post('/runs', { ...CREATE, extra: 1 }).expect(422)
    const layout = { kind: 'tax-certification.county-file', options: { taxYear: 2011, layout: 'NONE' } }
    expect(Object.keys((await supervisor.post('/runs', layout).expect(422)).body.errors)).toEqual(['layout'])
    await (await caller(town, 'viewer', app)).post('/runs', CREATE).expect(403)
    const again = {
      date: '2011-04-30',
      include: { from: '2011-01-01', to: '2011-12-31' },
      updateAlreadyUpdated: true,
      reason: 'x',
    }
    await clerk.post('/runs', { kind: UPDATE.kind, options: again }).expect(403)
  })

  it('select by criteria and say why somebody is left out', async () => {
    const nobody = { all: [{ field: 'balance', operator: '>', value: '1000.00' }] }
    const { body: run } = await clerk.post('/runs', { ...CREATE, criteria: nobody }).expect(201)
    expect(run).toMatchObject({ count: 0, outsideCriteria: 1, excluded: [] })
    const options = { ...CREATE.options, minimumCheck: 'current' }
    const { body: other } = await clerk.post('/runs', { ...CREATE, options }).expect(201)
    const [left] = other.excluded.length ? other.excluded : [undefined]
    if (left) expect(left).toMatchObject({ accountNumber: '100.01', reasons: expect.any(Array) })
    else expect(other.count).toBe(1)
  })

  it('are prepared once under a key, whoever asks twice at once', async () => {
    const asked = Array.from({ length: 5 }, () => clerk.post('/runs', CREATE, 'prepare'))
    const answers = await Promise.all(asked)
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.runId}`)).size).toBe(1)
    await clerk.post('/runs', UPDATE, 'prepare').expect(409)
    await supervisor.post('/runs', UPDATE, 'prepare').expect(201)
    await clerk.post('/runs', { kind: 'none.such' }, 'refused').expect(404)
    await clerk.post('/runs', UPDATE, 'refused').expect(201)
  })

  it('are stale when an account changed, and name it', async () => {
    const { body: run } = await supervisor.post('/runs', CREATE).expect(201)
    await clerk.post('/accounts/100.01/payments', { amount: '1.00', date: '2011-04-30', method: 'cash' }).expect(201)
    const { body } = await supervisor.post(`/runs/${run.runId}/go`, { previewHash: run.previewHash }).expect(409)
    expect(body.accounts).toEqual([{ accountNumber: '100.01', balance: '272.43' }])
  })

  it('are 404 alike, absent or no run at all', async () => {
    for (const id of ['999999', '0', 'abc', '99999999999999999999', '1e3']) {
      const { body } = await admin.get(`/runs/${id}`).expect(404)
      expect(body).toEqual({ title: 'Not found', status: 404, detail: 'There is no such run.' })
    }
  })
})
