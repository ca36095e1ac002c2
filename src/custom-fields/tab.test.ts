import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { formOf, words } from '../testing/form.ts'
import { type PanelTown, panelTown, rowsOf } from '../testing/panel.ts'

let t: PanelTown
const PATH = '/panel/100.01/customer/custom-fields'

beforeAll(async () => {
  t = await panelTown()
})
afterAll(() => t.town.drop())

describe('Custom Fields', () => {
  it('001-242: are defined on their own screen', async () => {
    expect(words((await t.clerk.get(PATH)).text)).toContain('The town has defined no custom fields here.')
    const add = '/organization/custom-fields/new'
    await t.administrator.post(add, { code: 'DOG', name: 'Dog in yard', holder: 'customer', kind: 'yes_no' })
    await t.administrator.post(add, { code: 'PETS', name: 'How many pets', holder: 'customer', kind: 'number' })
    await t.administrator.post(add, { code: 'KEY', name: 'Key box', holder: 'location', kind: 'text', required: 'on' })
    const list = await t.administrator.post(add, { code: 'COLOR', name: 'Color', holder: 'customer', kind: 'list' })
    expect(words(list.text)).toContain('Write the choices of the list')
  })

  it('001-241: the tab shows the customer fields with their values', async () => {
    const [dog, pets] = await ids('customer')
    expect((await t.clerk.post(PATH, { [`f${dog}`]: 'on', [`f${pets}`]: '3' })).headers.location).toBe(PATH)
    const page = (await t.clerk.get(PATH)).text
    expect(page).toMatch(/<input type="checkbox" id="f-f\d+"[^>]* checked/)
    expect(page).toMatch(/value="3"/)
    expect(page).not.toContain('Key box')
    const refused = await t.clerk.post(PATH, { [`f${pets}`]: 'many' })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('value="many"')
    const opened = formOf(page, 'custom')
    await t.clerk.post(PATH, { ...opened, [`f${pets}`]: '4' })
    const late = await t.administrator.post(PATH, { ...opened, [`f${pets}`]: '5' })
    expect(late.status).toBe(409)
    expect(words(late.text)).toContain('How many pets was 3 and is now 4; you typed 5.')
    expect((await t.administrator.post(PATH, formOf(late.text, 'custom'))).status).toBe(303)
    expect((await t.clerk.get(PATH)).text).toMatch(/value="5"/)
    await t.clerk.post(PATH, { [`f${pets}`]: '' })
    expect(await rowsOf(t.town.db, 'custom_value')).toBe(0)
  })

  it('001-320: the location has fields of its own', async () => {
    const [key] = await ids('location')
    await t.clerk.post('/panel/100.01/location/custom-fields', { [`f${key}`]: 'Behind the meter' })
    const [kept] = await t.town.db.execute<{ customer: number | null }>(
      sql`select customer_id as customer from custom_value`,
    )
    expect(kept).toEqual({ customer: null })
    const path = '/panel/100.01/location/custom-fields'
    const opened = formOf((await t.clerk.get(path)).text, 'custom')
    await t.clerk.post(path, { ...opened, [`f${key}`]: 'On the porch' })
    const late = await t.clerk.post(path, { ...opened, [`f${key}`]: 'Gone' })
    expect(words(late.text)).toContain('Key box was Behind the meter and is now On the porch; you typed Gone.')
  })

  it('a private customer has none to be found', async () => {
    expect((await t.clerk.get('/panel/500.01/customer/custom-fields')).status).toBe(404)
    expect((await t.clerk.post('/panel/500.01/customer/custom-fields', {})).status).toBe(404)
  })
})

async function ids(holder: string): Promise<number[]> {
  const list = await t.town.db.execute<{ id: number }>(
    sql`select id from custom_field where holder = ${holder} order by id`,
  )
  return list.map(({ id }) => id)
}
