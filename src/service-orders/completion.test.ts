import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { formOf, words } from '../testing/form.ts'
import { type PanelTown, panelTown } from '../testing/panel.ts'

let t: PanelTown
const PATH = '/panel/100.01/service-orders'

beforeAll(async () => {
  t = await panelTown('2026-11-20', async (db) => {
    await db.execute(sql`insert into service_order_code (code, name, service_order_category_id)
      select 'LEAK', 'Look for a leak', id from service_order_category where code = 'REPAIR'`)
  })
})
afterAll(() => t.town.drop())

interface Stored extends Record<string, unknown> {
  completed: string | null
  result: string | null
  version: number
}

let next = 900

async function order(description: string, requested = '2026-11-18', account = '100.01'): Promise<number> {
  const [row] = await t.town.db.execute<{ id: number }>(
    sql`insert into service_order (number, customer_id, location_id, service_order_code_id, description, requested)
      select ${String(next++)}, a.customer_id, a.location_id, k.id, ${description}, ${requested} from account a, service_order_code k
      where a.number = ${account} returning id`,
  )
  return row?.id ?? 0
}

async function stored(id: number): Promise<Stored | undefined> {
  const [row] = await t.town.db.execute<Stored>(
    sql`select completed::text, result, version from service_order where id = ${id}`,
  )
  return row
}

const complete = (id: number, completed: string, version = '1') =>
  t.clerk.post(`${PATH}/${id}/complete`, { completed, result: 'Done', version })

describe('the day of completion', () => {
  it.each([
    ['12/25/2027', 'It cannot be completed after today.'],
    ['11/21/2026', 'It cannot be completed after today.'],
    ['11/17/2026', 'It cannot be completed before it was requested.'],
  ])('%s is refused beside its field', async (day, sentence) => {
    const id = await order('Day')
    const refused = await complete(id, day)
    expect([refused.status, words(refused.text)]).toEqual([422, expect.stringContaining(sentence)])
    expect(refused.text).toContain(`id="f-completed-e">${sentence}`)
    expect(await stored(id)).toEqual({ completed: null, result: null, version: 1 })
  })

  it.each(['11/18/2026', '11/20/2026'])('%s, from the day of the request until today, is taken', async (day) => {
    const id = await order('Day')
    expect((await complete(id, day)).headers.location).toBe(PATH)
    expect(await stored(id)).toMatchObject({ result: 'Done', version: 2 })
  })
})

describe('Reopen', () => {
  it('asks, opens the order again, and its history says who did and what it said before', async () => {
    const id = await order('Completed by mistake')
    await complete(id, '11/19/2026')
    expect((await t.clerk.get(`${PATH}?status=complete`)).text).toContain(`${PATH}/${id}/reopen`)
    const page = (await t.clerk.get(`${PATH}/${id}/reopen`)).text
    expect(words(page)).toMatch(
      /Reopen the service order \d+, Completed by mistake\? .*Completed on 11\/19\/2026: Done/,
    )
    const answer = await t.clerk.post(`${PATH}/${id}/reopen`, formOf(page, 'reopen'))
    expect([answer.status, answer.headers.location]).toEqual([303, PATH])
    expect(await stored(id)).toEqual({ completed: null, result: null, version: 3 })
    expect(words((await t.clerk.get(PATH)).text)).toContain('Completed by mistake')
    const history = words((await t.clerk.get(`${PATH}/${id}/history`)).text)
    expect(history).toContain('completed: 2026-11-19 to empty')
    expect(history).toContain('result: Done to empty')
    expect(history).toContain(t.clerk.user.name)
    expect((await t.clerk.get(`${PATH}/${id}`)).text).toMatch(/name="description"[^>]*(?<!readonly)>/)
    expect((await complete(id, '11/20/2026', '3')).status).toBe(303)
  })

  it('of an order that is open says so, and one that was changed meanwhile stays', async () => {
    const open = await order('Open')
    expect((await t.clerk.get(`${PATH}/${open}/reopen`)).status).toBe(422)
    expect((await t.clerk.post(`${PATH}/${open}/reopen`, { version: '1' })).status).toBe(422)
    const done = await order('Done')
    await complete(done, '11/19/2026')
    const late = await t.clerk.post(`${PATH}/${done}/reopen`, { version: '1' })
    expect([late.status, words(late.text)]).toEqual([409, expect.stringContaining('changed meanwhile')])
    expect(await stored(done)).toMatchObject({ result: 'Done', version: 2 })
  })

  it('is of those who may change orders, and of the orders of the account', async () => {
    const id = await order('Done')
    await complete(id, '11/19/2026')
    expect((await t.viewer.get(`${PATH}/${id}/reopen`)).status).toBe(403)
    expect((await t.viewer.post(`${PATH}/${id}/reopen`, { version: '2' })).status).toBe(403)
    expect((await t.viewer.get(`${PATH}?status=complete`)).text).not.toContain('/reopen')
    expect((await t.clerk.post(`/panel/200.01/service-orders/${id}/reopen`, { version: '2' })).status).toBe(404)
  })
})

describe('001-432: the control panel completes several', () => {
  const FILTERS = 'status=both&category=REPAIR&route=&page=1'
  const asked = (ids: number[], filters = FILTERS) =>
    t.clerk.get(`/service-orders/complete?${filters}${ids.map((id) => `&order=${id}`).join('')}`)

  it('is a plain form that carries the filters', async () => {
    await order('On the list')
    const { text } = await t.clerk.get('/service-orders?status=both&category=REPAIR')
    expect(text).toContain('<form class="sheet" id="ticked" action="/service-orders/complete"')
    expect(formOf(text, 'ticked')).toEqual({ status: 'both', category: 'REPAIR', route: '', page: '1' })
  })

  it('first says how many and which, then completes them and comes back with the filters', async () => {
    const ids = [await order('First'), await order('Second', '2026-11-18', '200.01')]
    const page = (await asked(ids)).text
    expect(words(page)).toMatch(/Complete 2 service orders\? .* First Ann Holt .* Second Ben Ames/)
    expect(await stored(ids[0] ?? 0)).toMatchObject({ completed: null })
    const answer = await t.clerk.post('/service-orders/complete', {
      ...formOf(page, 'complete'),
      order: ids.map(String),
      result: 'Done on the round',
    })
    expect(answer.headers.location).toBe('/service-orders?status=both&category=REPAIR&route=&page=1')
    for (const id of ids)
      expect(await stored(id)).toMatchObject({ completed: '2026-11-20', result: 'Done on the round' })
    expect(words((await t.clerk.get('/service-orders')).text)).toContain('2 service orders are completed.')
    expect(page).toContain('href="/service-orders?status=both&amp;category=REPAIR&amp;route=&amp;page=1"')
  })

  it('completes none that was asked for on a later day, and says which', async () => {
    const ids = [await order('Now'), await order('Next week', '2026-11-27')]
    const page = (await asked(ids)).text
    expect(words(page)).toMatch(/Complete 1 service order\? .* Now/)
    expect(words(page)).toMatch(/Next week.* is requested for 11\/27\/2026 and stays open/)
    await t.clerk.post('/service-orders/complete', { order: ids.map(String), result: '' })
    expect(await stored(ids[0] ?? 0)).toMatchObject({ completed: '2026-11-20', result: 'Completed' })
    expect(await stored(ids[1] ?? 0)).toMatchObject({ completed: null })
  })

  it('with nothing ticked, or with those completed meanwhile alone, there is nothing to say yes to', async () => {
    const id = await order('Done')
    await complete(id, '11/19/2026')
    for (const ids of [[], [id]]) {
      const page = await asked(ids)
      expect([page.status, words(page.text)]).toEqual([
        422,
        expect.stringContaining('No open service order is ticked.'),
      ])
      expect(page.text).not.toContain('id="complete"')
    }
    await t.clerk.post('/service-orders/complete', { order: [String(id)], result: 'Twice' })
    expect(await stored(id)).toMatchObject({ result: 'Done', version: 2 })
  })

  it('a result that is too long comes back with what was typed, and completes nothing', async () => {
    const id = await order('Long')
    const refused = await t.clerk.post('/service-orders/complete', { order: [String(id)], result: 'x'.repeat(2001) })
    expect([refused.status, refused.text]).toEqual([422, expect.stringContaining('x'.repeat(2001))])
    expect(await stored(id)).toMatchObject({ completed: null })
  })

  it('neither names nor completes the order of a private customer, and a viewer completes nothing', async () => {
    const id = await order('Hidden order', '2026-11-18', '500.01')
    expect((await asked([id])).text).not.toContain('Hidden order')
    await t.clerk.post('/service-orders/complete', { order: [String(id)], result: '' })
    expect(await stored(id)).toMatchObject({ completed: null })
    expect((await t.viewer.get(`/service-orders/complete?order=${id}`)).status).toBe(403)
    expect((await t.viewer.post('/service-orders/complete', { order: [String(id)] })).status).toBe(403)
  })
})
