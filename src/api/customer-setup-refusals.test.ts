import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rows } from '../db/db.ts'
import { appFor } from '../testing/browser.ts'
import { type Caller, caller } from '../testing/caller.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { finalOne, setupTown } from '../testing/setup-town.ts'

let town: TestTown
let clerk: Caller

beforeAll(async () => {
  town = await freshTown()
  await setupTown(town.db)
  await finalOne(town.db)
  clerk = await caller(town, 'clerk', appFor(town, { today: '2026-04-20' }))
})
afterAll(() => town.drop())

const customer = { name: 'Rosalind Ibarra' }
const connectDate = '2026-04-20'
const newLocation = { number: '81', serviceAddress: '81 Quay St' }

/** What is refused of a call, by the fields as they were sent. */
async function refused(body: object): Promise<Record<string, string>> {
  const answer = await clerk.post('/customers-setup', { customer, connectDate, ...body }).expect(422)
  return answer.body.errors
}

describe('POST /customers-setup refuses by the names it was sent', () => {
  it.each([
    ['a service twice', { newLocation, services: [{ service: 'WA' }, { service: 'WA' }] }, 'services.1.service'],
    ['no such service', { newLocation, services: [{ service: 'WA' }, { service: 'NO' }] }, 'services.1.service'],
    ['no units', { newLocation, services: [{ service: 'WA', units: '0' }] }, 'services.0.units'],
    ['no such rate', { newLocation, services: [{ service: 'WA', rate: 'X-9' }] }, 'services.0.rate'],
    [
      'a service before its account',
      { newLocation, services: [{ service: 'WA', connectDate: '2020-01-01' }] },
      'services.0.connectDate',
    ],
    [
      'too many instalments',
      { newLocation, deposits: [{ service: 'WA', amount: '75.00', installments: 24 }] },
      'deposits.0.installments',
    ],
    [
      'a service without deposits',
      { newLocation, deposits: [{ service: 'GA', amount: '75.00' }] },
      'deposits.0.service',
    ],
    ['a location number that is taken', { newLocation: { ...newLocation, number: '1' } }, 'newLocation.number'],
    ['no such owner', { newLocation: { ...newLocation, owner: '999' } }, 'newLocation.owner'],
    ['a ZIP of the location', { newLocation: { ...newLocation, zip: 'bad' } }, 'newLocation.zip'],
    ['a customer number that is taken', { newLocation, customer: { ...customer, number: '2' } }, 'customer.number'],
    ['no such type', { newLocation, customer: { ...customer, customerType: 'XX' } }, 'customer.customerType'],
    ['a ZIP', { newLocation, customer: { ...customer, zip: 'bad zip' } }, 'customer.zip'],
    [
      'an e-mail address',
      { newLocation, customer: { ...customer, email: 'nope', emailNotices: true } },
      'customer.email',
    ],
    ['no e-mail address', { newLocation, customer: { ...customer, emailNotices: true } }, 'customer.emailNotices'],
    ['a meter of elsewhere', { copyFrom: '1.01', reads: [{ meter: '9', reading: '1' }] }, 'reads.0.meter'],
    ['a read below the last', { copyFrom: '1.01', reads: [{ meter: '48213419', reading: '1' }] }, 'reads.0.reading'],
    [
      'a meter twice',
      { copyFrom: '1.01', reads: ['1245', '1250'].map((reading) => ({ meter: '48213419', reading })) },
      'reads.1.meter',
    ],
    ['an occupied location', { copyFrom: '2.01' }, 'copyFrom'],
    ['another location than the copied one', { location: '2', copyFrom: '1.01' }, 'location'],
    ['a new location beside the copied one', { newLocation, copyFrom: '1.01' }, 'newLocation'],
    ['a new location beside another', { newLocation, location: '1' }, 'newLocation'],
    ['services nowhere', { services: [{ service: 'WA' }] }, 'services'],
  ])('%s', async (_what, body, field) => {
    expect(Object.keys(await refused(body))).toEqual([field])
  })

  it('says it in a sentence, and sets nothing up', async () => {
    expect(await refused({ newLocation, services: [{ service: 'WA' }, { service: 'WA' }] })).toEqual({
      'services.1.service': 'WA is named twice.',
    })
    expect(await rows(town.db, sql`select from customer where name = ${customer.name}`)).toEqual([])
  })
})

describe('what is refused to nobody', () => {
  it('several calls at once without a number: each gets its own', async () => {
    const names = ['Ann', 'Bo', 'Cy', 'Di', 'Ed', 'Flo', 'Gus', 'Hal']
    const made = await Promise.all(
      names.map((name) => clerk.post('/customers-setup', { customer: { name }, connectDate })),
    )
    expect(made.map(({ status }) => status)).toEqual(names.map(() => 201))
    expect(new Set(made.map(({ body }) => body.customer)).size).toBe(8)
  })

  it('a ZIP of another country, and the location that is copied', async () => {
    const abroad = { name: 'Jean Roy', zip: 'H2X 1Y4', country: 'Canada' }
    const { body } = await clerk
      .post('/customers-setup', { customer: abroad, connectDate, copyFrom: '1.01', location: '1' })
      .expect(201)
    const answer = await clerk.get(`/customers/${body.customer}`).expect(200)
    expect(answer.body).toMatchObject({ zip: 'H2X 1Y4', country: 'Canada' })
  })
})
