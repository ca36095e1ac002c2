import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiApp, type Caller, caller } from '../testing/caller.ts'
import { anAccount, clerkTown } from '../testing/clerk-town.ts'
import { freshTown, type TestTown } from '../testing/database.ts'

let town: TestTown
let clerk: Caller
let viewer: Caller

beforeAll(async () => {
  town = await freshTown()
  await clerkTown(town.db)
  await anAccount(town.db, { number: '100.01', name: 'Dale Whitcomb' })
  await anAccount(town.db, { number: '300.01', name: 'Hidden Person', customer: { public: false } })
  await town.db.execute(sql`insert into address_type (code, name) values ('cabin', 'Cabin')`)
  const app = apiApp(town)
  ;[clerk, viewer] = await Promise.all([caller(town, 'clerk', app), caller(town, 'viewer', app)])
})
afterAll(() => town.drop())

const PATH = '/accounts/100.01/contacts'
const CABIN = { type: 'cabin', addressLine1: '9 Palm Ave', city: 'Ashford', state: 'ID', country: 'USA' }
const IDA = { type: 'emergency', firstName: 'Ida', lastName: 'Lund', birthDate: '1952-02-29', ssn: '123-45-6789' }

describe('contacts', () => {
  it('are listed, added, changed and deleted, by the rules of the tab', async () => {
    expect((await clerk.get(PATH).expect(200)).body).toEqual([])
    const { body: added } = await clerk.post(PATH, { ...IDA, notices: 'mail', addresses: [CABIN] }, 'k-1').expect(201)
    await clerk.post(PATH, { ...IDA, notices: 'mail', addresses: [CABIN] }, 'k-1').expect(201)
    const [one] = (await viewer.get(PATH).expect(200)).body
    expect(one).toMatchObject({
      id: added.id,
      number: '1001',
      type: 'emergency',
      place: 'customer',
      birthDate: '1952-02-29',
    })
    expect(one.addresses).toEqual([
      { ...CABIN, primary: true, careOf: null, addressLine2: null, zip: null, county: null, geoCode: null },
    ])
    expect(JSON.stringify(one)).not.toContain('6789')
    const emails = [
      { type: 'work', address: 'a@example.org' },
      { type: 'home', address: 'b@example.org', primary: true },
    ]
    await clerk.put(`${PATH}/${added.id}`, { emails, suffix: 'Jr.' }).expect(200)
    const [changed] = (await clerk.get(PATH)).body
    expect(changed).toMatchObject({ firstName: 'Ida', suffix: 'Jr.', addresses: [{ city: 'Ashford' }] })
    expect(changed.emails.map((each: { address: string; primary: boolean }) => [each.address, each.primary])).toEqual([
      ['b@example.org', true],
      ['a@example.org', false],
    ])
    const refused = await clerk.put(`${PATH}/${added.id}`, { addresses: [] }).expect(422)
    expect(JSON.stringify(refused.body)).toContain('Mail can be chosen once there is an address.')
    await clerk.post(PATH, { firstName: 'X' }).expect(422)
    await clerk.post(PATH, { ...IDA, type: 'nobody' }).expect(422)
    await viewer.post(PATH, IDA).expect(403)
    await clerk.delete(`${PATH}/${added.id}`).expect(200)
    expect((await clerk.get(PATH)).body).toEqual([])
    await clerk.get('/accounts/300.01/contacts').expect(404)
  })
})

describe('master contacts', () => {
  it('are listed, added, changed, assigned and merged', async () => {
    const { body } = await clerk.post('/master-contacts', { name: 'Dale Whitcomb', city: 'Ashford' }).expect(201)
    expect(body).toEqual({ number: '1001' })
    await clerk.put('/master-contacts/1001', { phone: '555-0142' }).expect(200)
    await clerk.post('/master-contacts/1001/records', { record: 'customer', number: '100' }).expect(200)
    await clerk.post('/master-contacts/1001/records', { record: 'customer', number: '300' }).expect(404)
    const { body: found } = await viewer.get('/master-contacts?q=dale').expect(200)
    expect(found).toMatchObject({
      total: 1,
      masterContacts: [{ number: '1001', records: [{ kind: 'customer', number: '100', keptIn: 'Customers' }] }],
    })
    await clerk.post('/master-contacts', { number: 'B', name: 'Another' }).expect(201)
    await clerk.post('/master-contacts/B/merge', { other: '1001' }).expect(200)
    expect((await clerk.get('/master-contacts/B').expect(200)).body).toMatchObject({
      name: 'Another',
      records: [{ number: '100' }],
      merged: [{ number: '1001' }],
    })
    await clerk.post('/master-contacts/B/merge', { other: '1001', undo: true }).expect(200)
    expect((await clerk.get('/master-contacts/1001')).body).toMatchObject({
      phone: '555-0142',
      city: 'Ashford',
      records: [{ number: '100' }],
    })
    await viewer.post('/master-contacts', { name: 'No' }).expect(403)
  })

  it('leave a record alone that is of another one by now', async () => {
    const dale = { record: 'customer', number: '100' }
    await clerk.post('/master-contacts/B/records', dale).expect(200)
    const { body } = await clerk.post('/master-contacts/1001/records', { ...dale, remove: true }).expect(409)
    expect(JSON.stringify(body)).toContain('Dale Whitcomb is not of this master contact any more.')
    expect((await clerk.get('/master-contacts/B')).body).toMatchObject({ records: [{ number: '100' }] })
    await clerk.post('/master-contacts/B/records', { ...dale, remove: true }).expect(200)
    expect((await clerk.get('/master-contacts/B')).body).toMatchObject({ records: [] })
  })

  it('and contacts that are added at once get a number each', async () => {
    const names = ['Ann Birch', 'Ben Ames', 'Cal Dunn', 'Eve Fox']
    const added = await Promise.all(names.map((name) => clerk.post('/master-contacts', { name })))
    expect(added.map(({ status }) => status)).toEqual([201, 201, 201, 201])
    expect(new Set(added.map(({ body }) => body.number)).size).toBe(4)
    const people = names.map((name) => clerk.post(PATH, { ...IDA, firstName: name, notices: 'none' }))
    expect((await Promise.all(people)).map(({ status }) => status)).toEqual([201, 201, 201, 201])
  })
})
