import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rows } from '../db/db.ts'
import { SETUP_TABLES } from '../set-up-tables.ts'
import { apiApp, type Caller, caller } from '../testing/caller.ts'
import { freshTown, type TestTown } from '../testing/database.ts'

let town: TestTown
let supervisor: Caller
let clerk: Caller
beforeAll(async () => {
  town = await freshTown()
  const app = apiApp(town)
  ;[supervisor, clerk] = await Promise.all([caller(town, 'supervisor', app), caller(town, 'clerk', app)])
})
afterAll(() => town.drop())

describe('the calls of a set-up table', () => {
  it('are there for every one, and described', async () => {
    const { body } = await supervisor.get('/openapi.json').expect(200)
    for (const { file } of SETUP_TABLES) {
      const path = `/${file.replace('.csv', '').replaceAll('_', '-')}`
      expect(Object.keys(body.paths[path])).toEqual(['get', 'post'])
      await clerk.get(path).expect(200)
    }
    expect(body.paths['/cycles/{code}'].put.requestBody.content['application/json'].schema.properties).toMatchObject({
      dueDays: { title: 'Days until due' },
    })
  })

  it('add, show, list, change and delete, audited', async () => {
    await supervisor.post('/gl-accounts', { number: '1010', name: 'Cash', type: 'asset' }).expect(201)
    const sent = { code: 'wire', name: 'Wire', kind: 'other', gl: '1010', active: true }
    const { body } = await supervisor.post('/payment-methods', sent, 'key-1').expect(201)
    expect(body).toEqual({ ...sent, referenceRequired: false })
    await supervisor.post('/payment-methods', sent, 'key-1').expect(201)
    expect((await clerk.get('/payment-methods/wire').expect(200)).body).toEqual(body)
    expect((await clerk.get('/payment-methods?query=WIRE').expect(200)).body).toEqual([body])
    const changed = await supervisor.put('/payment-methods/wire', { gl: null, active: false }).expect(200)
    expect(changed.body).toEqual({ ...body, gl: null, active: false })
    await supervisor.delete('/payment-methods/wire').expect(200)
    await clerk.get('/payment-methods/wire').expect(404)
    const trail = await rows<{ action: string }>(
      town.db,
      sql`select action from audit where subject = 'payment_method' and actor = ${supervisor.user.id} order by id`,
    )
    expect(trail.map(({ action }) => action)).toEqual(['add', 'change', 'delete'])
  })

  it('begin a new row with what the table defaults to', async () => {
    const { body } = await supervisor.post('/services', { code: 'WA', name: 'Water' }).expect(201)
    expect(body).toMatchObject({ kind: 'flat', active: true, allowNewBillings: true, sort: 1, receivableGl: null })
    expect((await supervisor.post('/services', { code: 'WA', name: 'Water' }).expect(422)).body.errors).toEqual({
      code: 'There is already a service WA.',
    })
  })

  it.each([
    ['/cycles', { code: '1', name: 'One', dueDays: 400 }, 'dueDays'],
    ['/cycles', { code: '1', name: 'One', dueDays: '4' }, 'dueDays'],
    ['/cycles', { name: 'One' }, 'code'],
    ['/cycles', { code: '1', name: 'One', colour: 'red' }, 'colour'],
    ['/payment-methods', { code: 'x', name: 'X', gl: '9999' }, 'gl'],
  ])('refuse %s %j by its field', async (path, sent, name) => {
    const { body } = await supervisor.post(path, sent).expect(422)
    expect(Object.keys(body.errors)).toEqual([name])
  })

  it('keep what is fixed, and ask for the right', async () => {
    await supervisor.put('/account-statuses/CURRENT', { name: 'Other' }).expect(422)
    await supervisor.delete('/note-types/general').expect(422)
    await clerk.post('/cycles', { code: '1', name: 'One' }).expect(403)
    await clerk.delete('/cycles/1').expect(403)
  })
})
