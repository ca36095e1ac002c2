import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiApp, type Caller, caller } from '../testing/caller.ts'
import { anAccount, clerkTown } from '../testing/clerk-town.ts'
import { freshTown, type TestTown } from '../testing/database.ts'

let town: TestTown
let clerk: Caller
let viewer: Caller
const AT = '/accounts/100.01'

beforeAll(async () => {
  town = await freshTown()
  await clerkTown(town.db, { currentPeriod: '2011-04-30' })
  await anAccount(town.db, { number: '100.01', name: 'Ann Holt', services: ['WA'] })
  for (const statement of [
    sql`insert into condition_code (code, name) values ('SCX', 'Exempt'), ('SCY', 'Other')`,
    sql`insert into note_type (code, name) values ('CALL', 'Telephone')`,
    sql`insert into recurring_item (item, code, name) values ('R1', 'TRASH', 'Can'), ('R2', 'TRASH', 'Cart'), ('R3', 'LAMP', 'Lamp')`,
    sql`insert into demographic_category (code, name, level) values ('XHOUSE', 'Household', 'account')`,
    sql`insert into demographic_item (code, name, demographic_category_id, multiplier) select 'XPERS', 'Persons', id, 1 from demographic_category where code = 'XHOUSE'`,
    sql`insert into code_caption (code, name, holder) values ('SCH', 'School', 'location')`,
    sql`insert into code_value (code, name, code_caption_id) select x, 'School ' || x, id from code_caption, unnest(array['N', 'S']) x`,
    sql`insert into service_order_category (code, name) values ('XREP', 'Repair')`,
    sql`insert into service_order_code (code, name, service_order_category_id) select 'XLEAK', 'Leak', id from service_order_category where code = 'XREP'`,
  ])
    await town.db.execute(statement)
  const app = apiApp(town)
  ;[clerk, viewer] = await Promise.all([caller(town, 'clerk', app), caller(town, 'viewer', app)])
})
afterAll(() => town?.drop())

describe('records of an account over the API', () => {
  it.each([
    [
      'special-conditions',
      { code: 'SCX', expirationDate: '2012-12-31' },
      { level: 'account', expirationDate: '2012-12-31' },
    ],
    ['notes', { noteType: 'CALL', text: 'He called.', graceDate: '2011-05-31' }, { graceDate: '2011-05-31' }],
    ['recurring-items', { item: 'R2', timesToApply: 3 }, { code: 'TRASH', timesToApply: 3 }],
    ['recurring-items', { code: 'LAMP' }, { item: 'R3' }],
    ['demographics', { code: 'XPERS', value: '3' }, { categoryCode: 'XHOUSE', category: 'Household' }],
    ['location/codes', { code: 'SCH', valueCode: 'N' }, { caption: 'School', value: 'School N' }],
    ['service-orders', { code: 'XLEAK', due: '2011-05-02' }, { description: 'Leak', due: '2011-05-02' }],
  ])('%s: name rows by their codes, as they are answered', async (tab, sent, more) => {
    const { body } = await clerk.post(`${AT}/${tab}`, sent).expect(201)
    expect(body).toEqual({ id: expect.stringMatching(/^\d+$/) })
    const list = (await viewer.get(`${AT}/${tab}`).expect(200)).body as { id: string }[]
    const { value, timesToApply, ...codes } = sent as Record<string, unknown>
    expect(list.find(({ id }) => id === body.id)).toMatchObject({ ...codes, ...more })
    expect(JSON.stringify(list)).not.toMatch(/TypeId|CodeId|"id":\d/)
    const found = list.find(({ id }) => id === body.id) as object
    expect(Object.keys(found).filter((name) => name.endsWith('Id'))).toEqual([])
    await viewer.post(`${AT}/${tab}`, sent).expect(403)
  })

  it.each([
    ['special-conditions', { code: 'NONE' }, { code: 'There is no code NONE.' }],
    ['special-conditions', {}, { code: 'Code is needed.' }],
    ['special-conditions', { conditionCodeId: '1' }, { conditionCodeId: 'There is no such field.' }],
    [
      'special-conditions',
      { code: 'SCY', effectiveDate: '12/31/2026' },
      { effectiveDate: 'Write a date like 2026-10-31.' },
    ],
    ['special-conditions', { code: 'SCY', level: 'street' }, { level: 'Write one of account, customer, location.' }],
    ['recurring-items', { code: 'TRASH' }, { item: 'There are several: say which.' }],
    ['location/codes', { code: 'SCH', valueCode: 'W' }, { valueCode: 'There is no valueCode W.' }],
    ['location/codes', { code: 'SCH', valueCode: 'S' }, { code: 'The location has this code already: edit it.' }],
  ])('%s refuse %j by the fields that are sent', async (tab, sent, errors) => {
    expect((await clerk.post(`${AT}/${tab}`, sent).expect(422)).body.errors).toEqual(errors)
  })

  it('change what changes, and say what does not', async () => {
    const [code] = (await clerk.get(`${AT}/location/codes`)).body
    await clerk.put(`${AT}/location/codes/${code.id}`, { valueCode: 'S' }).expect(200)
    expect((await clerk.get(`${AT}/location/codes`)).body).toMatchObject([{ code: 'SCH', valueCode: 'S' }])
    const [condition] = (await clerk.get(`${AT}/special-conditions`)).body
    const at = `${AT}/special-conditions/${condition.id}`
    const { body } = await clerk.put(at, { code: 'SCY' }).expect(422)
    expect(body.errors).toEqual({ code: 'This does not change any more.' })
    await clerk.put(at, { code: 'SCX', expirationDate: null }).expect(200)
    expect((await clerk.get(`${AT}/special-conditions`)).body).toMatchObject([{ code: 'SCX', expirationDate: null }])
  })

  it('are described by their fields', async () => {
    const { body } = await clerk.get('/openapi.json').expect(200)
    const call = body.paths['/accounts/{number}/special-conditions']
    const { schema } = call.post.requestBody.content['application/json']
    expect(Object.keys(schema.properties).sort()).toEqual(
      ['active', 'code', 'effectiveDate', 'expirationDate', 'hasExpiration', 'level'].sort(),
    )
    expect(schema.additionalProperties).toBe(false)
    expect(schema.properties.effectiveDate).toMatchObject({ title: 'Effective Date' })
    expect(call.get.responses[200].content['application/json'].schema.items.properties.id).toEqual({ type: 'string' })
  })
})
