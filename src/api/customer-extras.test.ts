import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiApp, type Caller, caller } from '../testing/caller.ts'
import { anAccount, clerkTown } from '../testing/clerk-town.ts'
import { freshTown, type TestTown } from '../testing/database.ts'

let town: TestTown
let clerk: Caller
let supervisor: Caller
let viewer: Caller

beforeAll(async () => {
  town = await freshTown()
  await clerkTown(town.db, { currentPeriod: '2011-04-30' })
  await anAccount(town.db, { number: '100.01', name: 'Ann Holt' })
  await anAccount(town.db, { number: '500.01', name: 'Hidden Person', customer: { public: false } })
  const app = apiApp(town)
  ;[supervisor, clerk, viewer] = await Promise.all([
    caller(town, 'supervisor', app),
    caller(town, 'clerk', app),
    caller(town, 'viewer', app),
  ])
})
afterAll(() => town?.drop())

describe('a customer over the API', () => {
  it('alert messages are added once and ended', async () => {
    const at = '/customers/100/alerts'
    const { body } = await clerk.post(at, { text: 'Dog in yard' }).expect(201)
    expect(body).toEqual([{ id: expect.stringMatching(/^\d+$/), text: 'Dog in yard', since: '2011-04-30' }])
    expect((await clerk.post(at, { text: 'Dog in yard' }).expect(201)).body).toEqual(body)
    expect((await viewer.get(at).expect(200)).body).toEqual(body)
    expect((await clerk.post(at, { text: '' }).expect(422)).body.errors).toEqual({ text: 'Alert Message is needed.' })
    await viewer.post(at, { text: 'No' }).expect(403)
    expect((await clerk.delete(`${at}/${body[0].id}`).expect(200)).body).toEqual([])
    await clerk.delete(`${at}/${body[0].id}`).expect(404)
    await clerk.post('/customers/500/alerts', { text: 'x' }).expect(404)
    await clerk.get('/customers/500/alerts').expect(404)
  })

  it('personal information is for those who may, and shows no more than the last four', async () => {
    const at = '/customers/100/personal'
    const { body } = await supervisor.put(at, { birthDate: '1961-02-03', ssn: '123-45-6789' }).expect(200)
    expect(body).toMatchObject({ birthDate: '1961-02-03', licenceState: null, licence: '' })
    expect(body.ssn).toMatch(/6789$/)
    expect(JSON.stringify(body)).not.toContain('12345')
    expect((await supervisor.put(at, { licenceState: 'ID' }).expect(200)).body).toEqual({ ...body, licenceState: 'ID' })
    expect((await supervisor.put(at, { ssn: null }).expect(200)).body).toMatchObject({
      ssn: '',
      birthDate: '1961-02-03',
    })
    expect((await supervisor.put(at, { birthDate: '2999-01-01' }).expect(422)).body.errors.birthDate).toMatch(/born/)
    await viewer.get(at).expect(403)
    await supervisor.get('/customers/500/personal').expect(404)
  })

  it('is a record of a master contact, new or not, or of none', async () => {
    const { masterContact } = (await clerk.post('/customers/100/master-contact').expect(201)).body
    expect((await clerk.get(`/master-contacts/${masterContact}`)).body.records).toMatchObject([{ number: '100' }])
    await clerk.put('/customers/100/master-contact', { masterContact: null }).expect(200, { masterContact: null })
    await clerk.put('/customers/100/master-contact', { masterContact }).expect(200, { masterContact })
    await clerk.put('/customers/100/master-contact', { masterContact: 'none' }).expect(404)
    await clerk.put('/customers/500/master-contact', { masterContact }).expect(404)
    await viewer.put('/customers/100/master-contact', { masterContact }).expect(403)
  })
})
