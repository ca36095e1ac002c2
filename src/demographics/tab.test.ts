import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { words } from '../testing/form.ts'
import { deleted, type PanelTown, panelTown, rowsOf } from '../testing/panel.ts'

let t: PanelTown
const PATH = '/panel/100.01/demographics'
const CATEGORY = 'HH People in the household'

beforeAll(async () => {
  t = await panelTown('2026-07-15')
})
afterAll(() => t.town.drop())

const id = async (table: string): Promise<string> => {
  const [row] = await t.town.db.execute<{ id: number }>(sql`select max(id) as id from ${sql.raw(table)}`)
  return String(row?.id)
}

describe('Demographics', () => {
  it('001-411 001-417 001-419: categories and items have their own screens', async () => {
    await t.administrator.post('/organization/demographic-categories/new', {
      code: 'HH',
      name: 'People in the household',
      level: 'customer',
    })
    await t.administrator.post('/organization/demographic-categories/new', {
      code: 'LOT',
      name: 'Lot',
      level: 'location',
    })
    const item = { kind: 'people', multiplier: '55' }
    await t.administrator.post('/organization/demographic-items/new', {
      ...item,
      code: 'RES',
      name: 'Residents',
      demographicCategoryId: 'HH',
    })
    await t.administrator.post('/organization/demographic-items/new', {
      ...item,
      code: 'ACRE',
      name: 'Acres',
      demographicCategoryId: 'LOT',
    })
    expect(words((await t.clerk.get('/organization/demographic-items')).text)).toContain('RES Residents people HH')
  })

  it('001-410 001-412 001-413 001-415: an empty list says so and Add opens the form', async () => {
    expect(words((await t.clerk.get(PATH)).text)).toContain('There are no demographic items on this account')
    expect(words((await t.clerk.get(`${PATH}/new`)).text)).toContain('HH People in the household: RES Residents')
  })

  it('001-416 001-418 001-420 001-421: the value is multiplied by the value of one', async () => {
    const item = await itemOf('RES')
    const form = { category: CATEGORY, demographicItemId: item, value: '4', effectiveDate: '01/01/2026' }
    expect((await t.clerk.post(PATH, form)).status).toBe(303)
    expect(words((await t.clerk.get(PATH)).text)).toContain('Customer People in the household Residents 4 55 220')
    const wrong = await t.clerk.post(PATH, { ...form, demographicItemId: await itemOf('ACRE') })
    expect(words(wrong.text)).toContain('This item does not belong to the category.')
  })

  it('001-414: a new value counts from its day on and the old one stays in the history', async () => {
    const at = `${PATH}/${await id('demographic')}`
    await t.clerk.post(at, { version: '1', value: '5', effectiveDate: '09/01/2026' })
    const page = words((await t.clerk.get(PATH)).text)
    expect(page).toContain('Residents 4 55 220')
    expect(page).toMatch(/History of Residents .*09\/01\/2026 5 .*01\/01\/2026 4/)
    expect(await rowsOf(t.town.db, 'demographic_value')).toBe(2)
  })

  it('001-422 001-423 001-424 001-425 001-426 001-427 001-428 001-429 001-430: variances count through their last day', async () => {
    const of = await id('demographic')
    const add = `/panel/100.01/demographic-variances`
    expect((await t.clerk.get(`${add}/new?of=${of}`)).text).toMatch(new RegExp(`<option value="${of}" selected>`))
    const summer = {
      demographicId: of,
      variance: 'Summer guests',
      amount: '0',
      value: '2',
      effectiveDate: '06/01/2026',
      expirationDate: '08/31/2026',
      reference: 'R-7',
    }
    expect((await t.clerk.post(add, summer)).headers.location).toBe(PATH)
    expect(words((await t.clerk.get(PATH)).text)).toContain('Residents 4 55 330')
    await t.clerk.post(add, {
      ...summer,
      variance: 'Garden',
      amount: '500',
      value: '0',
      effectiveDate: '07/01/2026',
      expirationDate: '07/31/2026',
    })
    const page = words((await t.clerk.get(PATH)).text)
    expect(page).toContain('Residents 4 55 830')
    expect(page).toContain('Summer guests 0 2 06/01/2026 08/31/2026 R-7 Yes')
    const refused = await t.clerk.post(add, { ...summer, expirationDate: '05/31/2026' })
    expect(words(refused.text)).toContain('The Expiration date is before the Effective Date.')
    const garden = await id('demographic_variance')
    await t.clerk.post(`${add}/${garden}`, {
      version: '1',
      variance: 'Garden',
      amount: '100',
      value: '0',
      effectiveDate: '07/01/2026',
    })
    expect(words((await t.clerk.get(PATH)).text)).toContain('Residents 4 55 430')
    expect((await deleted(t.clerk, `${add}/${garden}`)).status).toBe(303)
    expect(words((await t.clerk.get(PATH)).text)).toContain('Residents 4 55 330')
  })

  it('items that are added at once get a number each', async () => {
    const codes = ['A1', 'A2', 'A3', 'A4']
    const item = { kind: 'land', multiplier: '1', demographicCategoryId: 'LOT' }
    for (const code of codes)
      await t.administrator.post('/organization/demographic-items/new', { ...item, code, name: code })
    const typed = { category: 'LOT Lot', value: '2', effectiveDate: '01/01/2026' }
    const add = async (code: string) => t.clerk.post(PATH, { ...typed, demographicItemId: await itemOf(code) })
    expect((await Promise.all(codes.map(add))).map(({ status }) => status)).toEqual([303, 303, 303, 303])
    const several = sql`demographic_item_id in (select id from demographic_item where kind = 'land')`
    await t.town.db.execute(sql`delete from demographic where ${several}`)
  })

  it('an item is there once: a second one is refused, also of two that are added at once', async () => {
    const acres = { category: 'LOT Lot', demographicItemId: await itemOf('ACRE'), value: '2' }
    const days = ['01/01/2026', '02/01/2026', '03/01/2026']
    const added = await Promise.all(days.map((effectiveDate) => t.clerk.post(PATH, { ...acres, effectiveDate })))
    expect(added.map(({ status }) => status).sort()).toEqual([303, 422, 422])
    const refused = await t.clerk.post(PATH, { ...acres, effectiveDate: '05/01/2026' })
    expect(refused.text).toMatch(
      /id="f-demographicItemId-e">The location has this item already: change its value there/,
    )
    expect(await rowsOf(t.town.db, "demographic where level = 'location'")).toBe(1)
    expect((await t.clerk.post('/panel/200.01/demographics', { ...acres, effectiveDate: '05/01/2026' })).status).toBe(
      303,
    )
    await t.town.db.execute(sql`delete from demographic where level = 'location'`)
  })

  it('deletes an item with its values, and hides those of a private account', async () => {
    expect((await t.clerk.get('/panel/500.01/demographics')).status).toBe(404)
    expect((await deleted(t.clerk, `${PATH}/${await id('demographic')}`)).status).toBe(303)
    expect(await rowsOf(t.town.db, 'demographic_value')).toBe(0)
  })
})

async function itemOf(code: string): Promise<string> {
  const [row] = await t.town.db.execute<{ id: number }>(sql`select id from demographic_item where code = ${code}`)
  return String(row?.id)
}
