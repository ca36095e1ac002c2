import { sql } from 'drizzle-orm'
import type { Express } from 'express'
import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROLES } from '../auth/permissions.ts'
import { checkLedger, isClean } from '../ledger/check.ts'
import { apiApp, type Caller, caller } from '../testing/caller.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { GOLDEN, loadTown } from '../testing/towns.ts'
import { accountAnswer, checksAnswer, foundAnswer, organizationAnswer, transactionsAnswer } from './schemas.ts'

let town: TestTown
let app: Express
let admin: Caller
let supervisor: Caller
let clerk: Caller
beforeAll(async () => {
  town = await freshTown()
  await loadTown(town.db, GOLDEN)
  await town.db.execute(sql`insert into customer (number, name, public) values ('200', 'Judge Roe', false)`)
  await town.db.execute(sql`insert into location (number, service_address) values ('L200', '1 Quiet Ln')`)
  await town.db.execute(sql`insert into account (number, customer_id, location_id, account_status_id)
    select '200.01', c.id, l.id, s.id from customer c, location l, account_status s
    where c.number = '200' and l.number = 'L200' and s.code = 'CURRENT'`)
  app = apiApp(town)
  ;[admin, supervisor, clerk] = await Promise.all([
    caller(town, 'administrator', app),
    caller(town, 'supervisor', app),
    caller(town, 'clerk', app),
  ])
})
afterAll(async () => {
  const checks = await checkLedger(town.db)
  await town.drop()
  expect(isClean(checks)).toBe(true)
})

const PAY = { amount: '10.00', date: '2011-04-30', method: 'cash' }

describe('who asks', () => {
  it('is 401 without a token, with a wrong one and with a revoked one', async () => {
    for (const header of ['', 'Bearer', 'Bearer cw_none_such_token_000000', 'Basic eDp5']) {
      const { body, headers } = await supertest(app)
        .get('/api/v1/accounts/100.01')
        .set('Authorization', header)
        .expect(401)
      expect(headers['content-type']).toMatch('application/problem+json')
      expect(headers['www-authenticate']).toBe('Bearer')
      expect(body).toMatchObject({ status: 401, title: expect.any(String), detail: expect.any(String) })
    }
    await supertest(app)
      .post('/api/v1/accounts/100.01/payments')
      .send('{')
      .set('Content-Type', 'application/json')
      .expect(401)
    const gone = await caller(town, 'clerk', app)
    await town.db.execute(sql`update api_token set revoked_at = now() where user_id = ${gone.user.id}`)
    await gone.get('/accounts/100.01').expect(401)
  })

  it('may what the role may', async () => {
    const allowed: Record<string, string> = {}
    for (const role of ROLES) {
      const who = await caller(town, role, app)
      const tries = {
        account: who.get('/accounts/100.01'),
        preview: who.post('/accounts/100.01/payments/preview', { amount: '1.00', date: '2011-04-30' }),
        pay: who.post('/accounts/100.01/payments', { ...PAY, amount: '0' }),
        county: who.post('/accounts/100.01/certification-payments', {}),
        adjust: who.post('/accounts/100.01/certification-adjustments', {}),
        save: who.put('/organization', { dueDays: 'x' }),
        checks: who.get('/checks'),
        kinds: who.get('/run-kinds'),
      }
      const answers = await Promise.all(
        Object.entries(tries).map(async ([name, test]) => ((await test).status === 403 ? '' : name)),
      )
      allowed[role] = answers.filter(Boolean).join(' ')
    }
    expect(allowed).toEqual({
      administrator: 'account preview pay county adjust save checks kinds',
      supervisor: 'account preview pay county adjust save kinds',
      clerk: 'account preview pay county kinds',
      viewer: 'account kinds',
      auditor: 'account checks kinds',
    })
  })

  it('does not learn of private accounts', async () => {
    const absent = (await clerk.get('/accounts/999.01').expect(404)).body
    expect(absent).toEqual({ title: 'Not found', status: 404, detail: 'There is no such account.' })
    const calls = [
      clerk.get('/accounts/200.01'),
      clerk.get('/accounts/200.01/transactions'),
      clerk.post('/accounts/200.01/payments', PAY),
      clerk.post('/accounts/200.01/payments/preview', { amount: '1.00', date: '2011-04-30' }),
      clerk.post('/accounts/200.01/certification-payments', { taxYear: 2011, amount: '1.00', date: '2011-04-30' }),
    ]
    for (const { status, body } of await Promise.all(calls)) {
      expect(status).toBe(404)
      expect(body).toEqual(absent)
    }
    expect((await clerk.get('/accounts?query=Roe').expect(200)).body).toEqual([])
    expect((await admin.get('/accounts?query=Roe').expect(200)).body).toHaveLength(1)
    const own = await admin.post('/accounts/200.01/payments', PAY).expect(201)
    await supervisor.post(`/transactions/${own.body.transactionId}/reversal`, { reason: 'x' }).expect(404)
    await admin.post(`/transactions/${own.body.transactionId}/reversal`, { reason: 'x' }).expect(201)
  })
})

describe('accounts', () => {
  it('are answered in the documented shape, as of a day too', async () => {
    const { body } = await clerk.get('/accounts/100.01').expect(200)
    expect(accountAnswer.strict().parse(body)).toEqual(body)
    expect(body).toMatchObject({
      accountNumber: '100.01',
      customerNumber: '100',
      customerName: 'Mary Holt',
      collectionCode: null,
      alertMessages: [],
    })
    expect(body.services[0].periods[0]).toEqual({ period: '2011-03-31', unpaid: '68.88' })
    const then = await clerk.get('/accounts/100.01?asOf=2011-01-31').expect(200)
    expect(then.body.balance).toBe('138.78')
    const { errors } = (await clerk.get('/accounts/100.01?asOf=2011-02-30').expect(422)).body
    expect(errors).toHaveProperty('asOf')
    await clerk.get('/accounts/100.01?asof=2011-02-28').expect(422)
    await clerk.get('/accounts/100.01?asOf=2011-02-28&asOf=2011-03-31').expect(400)
  })

  it('list their transactions newest first', async () => {
    const { body } = await clerk.get('/accounts/100.01/transactions').expect(200)
    expect(transactionsAnswer.strict().parse(body)).toEqual(body)
    expect(body.transactions.map((each: { date: string }) => each.date)).toEqual(
      [...body.transactions.map((each: { date: string }) => each.date)].sort().reverse(),
    )
    const { body: two } = await clerk.get('/accounts/100.01/transactions?limit=2').expect(200)
    expect(two.transactions).toEqual(body.transactions.slice(0, 2))
    await clerk.get('/accounts/100.01/transactions?limit=0').expect(422)
  })

  it('are found by what a caller says', async () => {
    const { body } = await clerk.get('/accounts?query=holt').expect(200)
    expect(foundAnswer.parse(body)).toEqual(body)
    expect(body[0].accountNumber).toBe('100.01')
    expect((await clerk.get('/accounts').expect(200)).body).toEqual([])
  })
})

describe('the organization', () => {
  it('is answered with its settings, services, lists and counts', async () => {
    const { body } = await clerk.get('/organization').expect(200)
    expect(organizationAnswer.parse(body)).toEqual(body)
    expect(body).toMatchObject({
      name: 'City of Ashford',
      delinquentMinimumBalance: '50.00',
      delinquentPeriods: 1,
      payPastDueFirst: false,
    })
    expect(body.counts).toEqual({ delinquent: 1, shutoff: 1, certifiable: 1 })
    expect(body.paymentAllocation.first).toEqual(['WA'])
  })

  it('takes what is named and refuses what does not fit', async () => {
    const { body } = await supervisor.put('/organization', { dueDays: 25 }, 'put').expect(200)
    expect(body.dueDays).toBe(25)
    await supervisor.put('/organization', { dueDays: 25 }, 'put').expect(200, body)
    await supervisor.put('/organization', { dueDays: 26 }, 'put').expect(409)
    const refused = await supervisor.put('/organization', { dueDays: -1, colour: 'red' }).expect(422)
    expect(Object.keys(refused.body.errors).sort()).toEqual(['colour', 'dueDays'])
    await supervisor.put('/organization', { cashGl: '9999' }).expect(422)
    expect((await clerk.get('/organization')).body.dueDays).toBe(25)
    await supervisor.put('/organization', (await clerk.get('/organization')).body).expect(200)
  })
})

describe('the rest', () => {
  it('proves the ledger', async () => {
    const { body } = await admin.get('/checks').expect(200)
    expect(checksAnswer.parse(body)).toEqual(body)
    expect(body.ok).toBe(true)
    expect(body.checks.length).toBeGreaterThan(10)
  })

  it('describes itself', async () => {
    const { body } = await clerk.get('/openapi.json').expect(200)
    expect(body.openapi).toBe('3.1.0')
    const post = body.paths['/accounts/{number}/payments'].post
    expect(post.requestBody.content['application/json'].schema).toMatchObject({
      required: ['amount', 'date', 'method'],
      additionalProperties: false,
    })
    expect(post.parameters.map((each: { name: string }) => each.name)).toEqual(['number', 'Idempotency-Key'])
    const calls = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods as object).map((method) => `${method} ${path}`),
    )
    // what the contract names; every set-up table has calls of its own beside (tables.test.ts)
    expect(calls).toEqual(
      expect.arrayContaining([
        'get /accounts',
        'get /accounts/{number}',
        'get /accounts/{number}/transactions',
        'get /checks',
        'get /openapi.json',
        'get /organization',
        'get /run-kinds',
        'get /runs/{id}',
        'get /runs/{id}/files',
        'get /runs/{id}/files/{name}',
        'post /accounts/{number}/certification-adjustments',
        'post /accounts/{number}/certification-payments',
        'post /accounts/{number}/payments',
        'post /accounts/{number}/payments/preview',
        'post /runs',
        'post /runs/{id}/go',
        'post /runs/{id}/reversal',
        'post /transactions/{id}/reversal',
        'put /organization',
      ]),
    )
  })

  it('is 404 for a call that does not exist', async () => {
    const { body, headers } = await clerk.post('/rates/W1/quote', {}).expect(404)
    expect(headers['content-type']).toMatch('application/problem+json')
    expect(body).toEqual({ title: 'Not found', status: 404, detail: expect.any(String) })
    await clerk.get('/accounts/%C0%80').expect(400)
    await clerk.get('/accounts/%00').expect(404)
  })
})
