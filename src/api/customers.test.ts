import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiApp, type Caller, caller } from '../testing/caller.ts'
import { aCharge, anAccount, clerkTown } from '../testing/clerk-town.ts'
import { freshTown, type TestTown } from '../testing/database.ts'

let town: TestTown
let clerk: Caller
let administrator: Caller
let viewer: Caller

beforeAll(async () => {
  town = await freshTown()
  await clerkTown(town.db)
  const customer = {
    firstName: 'Dale',
    lastName: 'Whitcomb',
    addressLine1: 'PO Box 214',
    city: 'Marlow Ferry',
    ssnSealed: 'x',
    ssnLast4: '6789',
  }
  await anAccount(town.db, { number: '100.01', name: 'Dale Whitcomb', customer })
  await anAccount(town.db, { number: '300.01', name: 'Hidden Person', customer: { public: false } })
  await aCharge(town.db, '100.01', '2011-04-10', { WA: '20.00' })
  await town.db.execute(sql`insert into customer_type (code, name) values ('RES', 'Residential')`)
  const app = apiApp(town)
  clerk = await caller(town, 'clerk', app)
  administrator = await caller(town, 'administrator', app)
  viewer = await caller(town, 'viewer', app)
})
afterAll(() => town.drop())

describe('customers over the API', () => {
  it('answers a customer whole, with the mailing address, and nothing that is protected', async () => {
    const { body } = await clerk.get('/customers/100').expect(200)
    expect(body).toMatchObject({
      ...{ customerNumber: '100', name: 'Dale Whitcomb', customerType: null, active: true, disallowedPayMethods: [] },
      ...{
        phones: [],
        addresses: [],
        mailingAddress: { primary: true, lines: ['PO Box 214', 'Marlow Ferry'] },
        accounts: ['100.01'],
      },
    })
    expect(JSON.stringify(body)).not.toMatch(/6789|sealed/i)
    expect((await clerk.get('/customers?query=whitcomb').expect(200)).body).toMatchObject([{ number: '100' }])
    await clerk.get('/customers/300').expect(404)
    await clerk.get('/customers/4711').expect(404)
    await administrator.get('/customers/300').expect(200)
  })

  it('changes what is named by the rules of the form, and refuses by field', async () => {
    const { body } = await clerk
      .put('/customers/100', { lastName: 'Whit', customerType: 'RES', disallowedPayMethods: ['check'], bankrupt: true })
      .expect(200)
    expect(body).toMatchObject({
      name: 'Dale Whit',
      customerType: 'RES',
      disallowedPayMethods: ['check'],
      bankrupt: true,
      city: 'Marlow Ferry',
    })
    const refused = async (sent: object, field: string) =>
      expect((await clerk.put('/customers/100', sent).expect(422)).body.errors).toHaveProperty([field])
    await refused({ emailNotices: true }, 'emailNotices')
    await refused({ customerType: 'NONE' }, 'customerType')
    await refused({ disallowedPayMethods: ['gold'] }, 'disallowedPayMethods')
    await refused({ ssn: '123456789' }, 'ssn')
    await refused({ public: false }, 'public')
    await refused({ number: '300' }, 'number')
    await viewer.put('/customers/100', { lastName: 'X' }).expect(403)
    expect((await clerk.put('/customers/100', { customerType: null, bankrupt: false }).expect(200)).body).toMatchObject(
      { customerType: null, bankrupt: false },
    )
  })

  it('001-086: a disallowed pay method is refused', async () => {
    const { body } = await clerk
      .post('/accounts/100.01/payments', { amount: '5.00', date: '2011-04-30', method: 'check', checkNumber: '1' })
      .expect(422)
    expect(body.errors).toHaveProperty('method')
    await clerk.put('/customers/100', { doNotAcceptPayments: true }).expect(200)
    await clerk.post('/accounts/100.01/payments', { amount: '5.00', date: '2011-04-30', method: 'cash' }).expect(422)
    await clerk.put('/customers/100', { doNotAcceptPayments: false, disallowedPayMethods: [] }).expect(200)
  })

  it('adds a customer once under one key, with the next number', async () => {
    const first = await clerk.post('/customers', { name: 'New Person', phone: '555-0100' }, 'k1').expect(201)
    expect(first.body).toMatchObject({
      customerNumber: '1001',
      mailingAddress: null,
      phones: [{ id: 'primary', number: '555-0100' }],
    })
    expect((await clerk.post('/customers', { name: 'New Person', phone: '555-0100' }, 'k1').expect(201)).body).toEqual(
      first.body,
    )
    await clerk.post('/customers', { name: '' }).expect(422)
  })

  it('phones and addresses: added, changed, deleted; a season decides the mailing address of a day', async () => {
    const phone = await clerk.post('/customers/100/phones', { phoneType: 'home', number: '208-555-0142' }).expect(201)
    expect(phone.body.phones).toEqual([{ id: 'primary', phoneType: 'home', number: '208-555-0142', primary: true }])
    const two = await clerk.post('/customers/100/phones', { phoneType: 'work', number: '2' }).expect(201)
    const [, second] = two.body.phones
    expect(
      (await clerk.put(`/customers/100/phones/${second.id}`, { primary: true }).expect(200)).body.phones[0].number,
    ).toBe('2')
    expect((await clerk.delete('/customers/100/phones/primary').expect(200)).body.phones).toMatchObject([
      { id: 'primary', number: '208-555-0142' },
    ])
    const winter = { addressType: 'temporary', addressLine1: '9 Palm Ave', mailFrom: '11/15', mailTo: '04-30' }
    const added = await clerk.post('/customers/100/addresses', winter).expect(201)
    expect(added.body.addresses).toMatchObject([{ addressType: 'temporary', mailFrom: '11-15', mailTo: '04-30' }])
    expect(added.body.mailingAddress).toEqual({ primary: false, lines: ['9 Palm Ave'] })
    expect((await clerk.get('/customers/100?on=2011-05-01')).body.mailingAddress.primary).toBe(true)
    expect(
      (await clerk.post('/customers/100/addresses', { ...winter, mailTo: null }).expect(422)).body.errors,
    ).toHaveProperty('mailTo')
    await clerk.put(`/customers/100/addresses/${added.body.addresses[0].id}`, { city: 'Miami' }).expect(200)
    await clerk.delete(`/customers/100/addresses/${added.body.addresses[0].id}`).expect(200)
    await clerk.delete('/customers/100/addresses/999').expect(404)
    await clerk.post('/customers/300/phones', { phoneType: 'home', number: '1' }).expect(404)
  })

  it('describes the fields of a customer, of a phone and of an address', async () => {
    const { paths } = (await clerk.get('/openapi.json').expect(200)).body
    const fieldsOf = (path: string) =>
      Object.keys(paths[path].post.requestBody.content['application/json'].schema.properties)
    expect(fieldsOf('/customers')).toEqual(
      expect.arrayContaining(['lastName', 'customerType', 'collectionCode', 'public']),
    )
    expect(fieldsOf('/customers').filter((name) => /Id$|version|seen/.test(name))).toEqual(['altCustomerId'])
    expect(fieldsOf('/customers/{number}/phones')).toEqual(expect.arrayContaining(['number', 'phoneType']))
    expect(fieldsOf('/customers/{number}/addresses')).toContain('addressType')
  })

  it('gives customers that are added at once a number each', async () => {
    const names = ['Ann', 'Ben', 'Cal', 'Eve']
    const added = await Promise.all(
      names.map((firstName) => clerk.post('/customers', { firstName, lastName: 'Birch' })),
    )
    expect(added.map(({ status }) => status)).toEqual([201, 201, 201, 201])
    expect(new Set(added.map(({ body }) => body.customerNumber)).size).toBe(4)
  })

  it('the Message Center of an account', async () => {
    const { body } = await viewer.get('/accounts/100.01/message-center').expect(200)
    expect(body).toMatchObject({ notes: [], customerBalance: '20.00', locationBalance: '20.00' })
    expect(body.lines).toContainEqual({ label: 'NSF (last 12 Months)', text: '0' })
    await viewer.get('/accounts/300.01/message-center').expect(404)
  })
})
