import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { words } from '../testing/form.ts'
import { deleted, type PanelTown, panelTown, rowsOf } from '../testing/panel.ts'

let t: PanelTown
const PATH = '/panel/100.01/customer/codes'

beforeAll(async () => {
  t = await panelTown()
})
afterAll(() => t.town.drop())

const value = async (code: string): Promise<string> => {
  const [row] = await t.town.db.execute<{ id: number }>(sql`select id from code_value where code = ${code}`)
  return String(row?.id)
}

describe('user defined codes', () => {
  it('001-189: captions and their values have their own screens', async () => {
    const add = '/organization/user-defined-codes/new'
    await t.administrator.post(add, { code: 'LANG', name: 'Language spoken at home', holder: 'customer' })
    await t.administrator.post(add, { code: 'ZONE', name: 'Pressure zone', holder: 'location' })
    const values = '/organization/user-defined-code-values/new'
    for (const [code, name, codeCaptionId] of [
      ['ES', 'Spanish', 'LANG'],
      ['HM', 'Hmong', 'LANG'],
      ['Z1', 'Zone 1', 'ZONE'],
    ] as const) {
      await t.administrator.post(values, { code, name, codeCaptionId })
    }
    expect(words((await t.clerk.get('/organization/user-defined-code-values')).text)).toContain('ES Spanish LANG')
  })

  it('001-182 001-184 001-185 001-186 001-187: Add UDC offers captions of customers and their values', async () => {
    expect(words((await t.clerk.get(PATH)).text)).toContain('The customer has no user defined codes.')
    const form = words((await t.clerk.get(`${PATH}/new`)).text)
    expect(form).toContain('LANG Language spoken at home: Spanish')
    expect(form).not.toContain('Zone 1')
    expect(
      (await t.clerk.post(PATH, { caption: 'LANG Language spoken at home', codeValueId: await value('ES') })).headers
        .location,
    ).toBe(PATH)
    expect(words((await t.clerk.get(PATH)).text)).toContain('Language spoken at home Spanish Edit UDC')
    const twice = await t.clerk.post(PATH, { caption: 'LANG Language spoken at home', codeValueId: await value('HM') })
    expect(words(twice.text)).toContain('The customer has this code already')
  })

  it('001-183: the tab says in red and in a number that a code is assigned', async () => {
    expect((await t.clerk.get(PATH)).text).toMatch(/Customer Codes <b>1<\/b>/)
  })

  it('001-188: on an existing code only the value changes', async () => {
    const [row] = await t.town.db.execute<{ id: number }>(sql`select id from assigned_code`)
    const page = (await t.clerk.get(`${PATH}/${row?.id}`)).text
    expect(page).toMatch(/<select id="f-caption"[^>]* disabled/)
    await t.clerk.post(`${PATH}/${row?.id}`, {
      version: '1',
      caption: 'ZONE Pressure zone',
      codeValueId: await value('HM'),
    })
    expect(words((await t.clerk.get(PATH)).text)).toContain('Language spoken at home Hmong')
    expect((await deleted(t.clerk, `${PATH}/${row?.id}`)).status).toBe(303)
    expect(await rowsOf(t.town.db, 'assigned_code')).toBe(0)
  })

  it('001-312 001-313: a location has codes of its own, kept when the occupant changes', async () => {
    const path = '/panel/100.01/location/codes'
    expect((await t.clerk.post(path, { caption: 'ZONE Pressure zone', codeValueId: await value('Z1') })).status).toBe(
      303,
    )
    const [row] = await t.town.db.execute<{ location: number; customer: number | null }>(
      sql`select location_id as location, customer_id as customer from assigned_code`,
    )
    expect(row).toMatchObject({ customer: null })
    const refused = await t.clerk.post(path, {
      caption: 'LANG Language spoken at home',
      codeValueId: await value('ES'),
    })
    expect(refused.status).toBe(422)
  })

  it('a private customer has none that can be found', async () => {
    expect((await t.clerk.get('/panel/500.01/customer/codes')).status).toBe(404)
    expect(
      (
        await t.clerk.post('/panel/500.01/customer/codes', {
          caption: 'LANG Language spoken at home',
          codeValueId: await value('ES'),
        })
      ).status,
    ).toBe(404)
  })
})
