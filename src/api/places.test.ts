import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiApp, type Caller, caller } from '../testing/caller.ts'
import { aCharge, anAccount, clerkTown } from '../testing/clerk-town.ts'
import { freshTown, type TestTown } from '../testing/database.ts'

let town: TestTown
let admin: Caller
let clerk: Caller
let viewer: Caller

beforeAll(async () => {
  town = await freshTown()
  await clerkTown(town.db, { currentPeriod: '2011-04-30' })
  await anAccount(town.db, { number: '100.01', name: 'Ann Holt', services: ['WA'] })
  await anAccount(town.db, { number: '200.01', name: 'Ben Ames', services: [] })
  await anAccount(town.db, { number: '500.01', name: 'Hidden Person', customer: { public: false }, services: ['WA'] })
  await aCharge(town.db, '100.01', '2011-04-05', { WA: '20.00' })
  for (const statement of [
    sql`insert into cycle (code, name) values ('X1', 'First'), ('X2', 'Second')`,
    sql`update location set owner_customer_id = (select id from customer where number = '500') where number = 'L200.01'`,
    sql`insert into meter (number, service_id, location_id, install_date, install_read)
      select 'M-1', s.id, n.id, '2011-01-01', 100 from service s, location n where s.code = 'WA' and n.number = 'L100.01'`,
    sql`insert into reading (meter_id, read_date, reading, kind)
      select id, x.day::date, x.shows, 'actual' from meter, (values ('2011-02-28', 140), ('2011-03-31', 175)) x(day, shows)`,
  ])
    await town.db.execute(statement)
  const app = apiApp(town)
  ;[admin, clerk, viewer] = await Promise.all([
    caller(town, 'administrator', app),
    caller(town, 'clerk', app),
    caller(town, 'viewer', app),
  ])
})
afterAll(() => town?.drop())

describe('locations', () => {
  it('are added with the next number, changed by the fields that are named, listed and read', async () => {
    const sent = { serviceAddress: '7 Elm St', cycle: 'X1', rental: true, owner: '100' }
    const { body: made } = await clerk.post('/locations', sent).expect(201)
    expect(made).toMatchObject({ ...sent, route: null, outOfTown: false, parcelNumber: null, accounts: [] })
    const at = `/locations/${made.locationNumber}`
    const { body: changed } = await clerk.put(at, { cycle: 'X2', rental: false, parcelNumber: '07-1' }).expect(200)
    expect(changed).toMatchObject({ ...sent, cycle: 'X2', rental: false, parcelNumber: '07-1' })
    expect((await viewer.get(at).expect(200)).body).toEqual(changed)
    expect((await viewer.get('/locations?query=elm').expect(200)).body).toEqual([
      expect.objectContaining({ number: made.locationNumber, address: '7 Elm St', cycle: 'X2' }),
    ])
    await viewer.put(at, { cycle: 'X1' }).expect(403)
    await clerk.get('/locations/none').expect(404)
    const four = await Promise.all([1, 2, 3, 4].map((n) => clerk.post('/locations', { serviceAddress: `${n} Oak` })))
    expect(new Set(four.map(({ body }) => body.locationNumber)).size).toBe(4)
  })

  it.each([
    [{ serviceAddress: '' }, { serviceAddress: 'Service Address is needed.' }],
    [{ serviceAddress: 'x', cycle: 'NONE' }, { cycle: 'There is no cycle NONE.' }],
    [{ serviceAddress: 'x', cycleId: '1' }, { cycleId: 'There is no such field.' }],
    [{ serviceAddress: 'x', owner: '999' }, { owner: 'There is no customer 999.' }],
    [{ serviceAddress: 'x', number: 'L100.01' }, { number: 'This location number is taken.' }],
  ])('refuse %j', async (sent, errors) => {
    expect((await clerk.post('/locations', sent).expect(422)).body.errors).toEqual(errors)
  })

  it('keep an owner and accounts that are not shown to whoever asks', async () => {
    const { body } = await clerk.get('/locations/L200.01').expect(200)
    expect(body).toMatchObject({ owner: 'not shown', accounts: ['200.01'] })
    await clerk.put('/locations/L200.01', { region: 'North', owner: 'not shown' }).expect(200)
    expect((await clerk.put('/locations/L200.01', { owner: '100' }).expect(422)).body.errors.owner).toMatch(/not shown/)
    expect((await admin.get('/locations/L200.01')).body).toMatchObject({ owner: '500', region: 'North' })
    expect((await clerk.get('/locations/L500.01').expect(200)).body.accounts).toEqual([])
    expect((await clerk.get('/locations?query=L500')).text).not.toContain('Hidden')
  })
})

describe('landlords', () => {
  it('are listed and read; one who is not shown is told as such', async () => {
    const of = async (who: Caller) =>
      (await who.get('/landlords?show=all&query=L200').expect(200)).body as { count: number; properties: object[] }
    expect(await of(clerk)).toMatchObject({
      count: 1,
      properties: [{ location: 'L200.01', landlord: 'not shown', landlordName: null, account: '200.01' }],
    })
    expect(await of(admin)).toMatchObject({ properties: [{ landlord: '500', landlordName: 'Hidden Person' }] })
    const { body } = await clerk.get('/landlords/L200.01').expect(200)
    expect(body).toEqual((await of(clerk)).properties[0])
    expect(JSON.stringify(body)).not.toContain('Hidden')
    await clerk.get('/landlords/none').expect(404)
    await clerk.get('/landlords?show=some').expect(422)
  })
})

describe('services of an account', () => {
  const AT = '/accounts/200.01/services'
  it('are added, changed, disconnected and taken off', async () => {
    expect((await viewer.get(AT).expect(200)).body).toEqual([])
    const { body: made } = await clerk.post(AT, { service: 'WA', quantity: '2' }).expect(201)
    const kept = { service: 'WA', rate: null, quantity: '2', units: '1', frequency: 'monthly' }
    expect(made).toEqual({ ...kept, connectDate: '2011-04-30', disconnectDate: null, billed: false })
    const { body: off } = await clerk.put(`${AT}/WA`, { disconnectDate: '2011-05-31' }).expect(200)
    expect(off).toEqual({ ...made, disconnectDate: '2011-05-31' })
    expect((await viewer.get(AT)).body).toEqual([off])
    await viewer.put(`${AT}/WA`, {}).expect(403)
    await clerk.delete(`${AT}/WA`).expect(200)
    await clerk.get(AT).expect(200, [])
    await clerk.put(`${AT}/WA`, {}).expect(404)
  })

  it.each([
    [{}, { service: 'Service is needed.' }],
    [{ service: 'XX' }, { service: 'There is no service XX.' }],
    [{ service: 'WA', rate: 'NONE' }, { rate: 'There is no rate NONE.' }],
    [{ service: 'WA', quantity: 'many' }, { quantity: expect.stringContaining('number') }],
    [{ service: 'WA', connectDate: '05/01/2011' }, { connectDate: 'Write a date like 2026-10-31.' }],
    [
      { service: 'WA', connectDate: '2011-05-02', disconnectDate: '2011-05-01' },
      { disconnectDate: 'The disconnect date is before the connect date.' },
    ],
  ])('refuse %j', async (sent, errors) => {
    expect((await clerk.post(AT, sent).expect(422)).body.errors).toEqual(errors)
  })

  it('stay where they were billed, and are not there where the account is hidden', async () => {
    const again = await clerk.post('/accounts/100.01/services', { service: 'WA' }).expect(422)
    expect(again.body.errors).toEqual({ service: 'The account has this service already.' })
    expect((await clerk.get('/accounts/100.01/services')).body).toMatchObject([{ service: 'WA', billed: true }])
    await clerk.delete('/accounts/100.01/services/WA').expect(422)
    for (const call of [clerk.get, clerk.delete]) {
      await call(`/accounts/500.01/services${call === clerk.get ? '' : '/WA'}`).expect(404)
    }
    await clerk.put('/accounts/500.01/services/WA', { quantity: '2' }).expect(404)
    await admin.get('/accounts/500.01/services').expect(200)
  })
})

it('usage of an account is what its meters counted, newest first', async () => {
  const { body } = await viewer.get('/accounts/100.01/usage').expect(200)
  expect(body.usage).toMatchObject([
    { date: '2011-03-31', service: 'WA', actual: '35', billed: null, estimated: false },
    { date: '2011-02-28', actual: '40' },
  ])
  const until = await viewer.get('/accounts/100.01/usage?asOf=2011-02-28&service=WA').expect(200)
  expect(until.body.usage).toHaveLength(1)
  expect((await viewer.get('/accounts/100.01/usage?service=SE')).body.usage).toEqual([])
  await clerk.get('/accounts/500.01/usage').expect(404)
})
