import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { words } from '../testing/form.ts'
import { type PanelTown, panelTown } from '../testing/panel.ts'

let t: PanelTown
let items: Record<string, string>
const PATH = '/panel/100.01/recurring-items'

beforeAll(async () => {
  t = await panelTown()
  const add = (form: Record<string, string>) =>
    t.administrator.post('/organization/recurring-items/new', { timesToApply: '0', active: 'on', ...form })
  await add({
    item: 'SENIOR5',
    code: 'SENIOR',
    name: 'Senior 5.00',
    amount: '5.00',
    timesToApply: '3',
    beforeTax: 'on',
  })
  await add({ item: 'SENIOR10', code: 'SENIOR', name: 'Senior 10 percent', percent: '0.10' })
  await add({ item: 'TOILET', code: 'REBATE', name: 'Toilet rebate', amount: '40.00', rebate: 'on' })
  const list = await t.town.db.execute<{ id: number; item: string }>(sql`select id, item from recurring_item`)
  items = Object.fromEntries(list.map(({ id, item }) => [item, String(id)]))
})
afterAll(() => t.town.drop())

const typed = (changed: object = {}) => ({
  level: 'account',
  code: 'SENIOR',
  recurringItemId: items.SENIOR5 ?? '',
  effectiveDate: '11/20/2026',
  timesToApply: '',
  ...changed,
})

describe('Recurring Items', () => {
  it('001-444 001-445 001-446: items are discounts, credits or rebates, before or after tax, set up on their own screen', async () => {
    const page = words((await t.administrator.get('/organization/recurring-items')).text)
    expect(page).toContain('SENIOR5 SENIOR Senior 5.00')
    const refused = await t.administrator.post('/organization/recurring-items/new', {
      item: 'X',
      code: 'X',
      name: 'X',
      timesToApply: '0',
    })
    expect(words(refused.text)).toContain('Give an amount, a percentage or both.')
  })

  it('001-443 001-448 001-449 001-450: an empty grid says so; Add opens with today and Active not to be ticked', async () => {
    const page = await t.clerk.get(PATH)
    expect(words(page.text)).toContain('There are no recurring items on this account')
    expect(page.text).toContain('data-copy="#items"')
    expect(page.text).toContain('name="all"')
    const form = (await t.clerk.get(`${PATH}/new`)).text
    expect(form).toMatch(/name="active"[^>]* disabled/)
    expect(form).toMatch(/name="effectiveDate"[^>]* value="11\/20\/2026"/)
  })

  it('001-451 001-455 001-457 001-458 001-459 001-461 001-464: saved it is active, its times are those of the item', async () => {
    expect((await t.clerk.post(PATH, typed())).status).toBe(303)
    expect(words((await t.clerk.get(PATH)).text)).toContain('Yes Account SENIOR Senior 5.00 11/20/2026 3 0')
    const other = await t.clerk.post(PATH, typed({ recurringItemId: items.TOILET }))
    expect(other.status).toBe(422)
    expect(words(other.text)).toContain('This item does not belong to the code SENIOR.')
  })

  it('an item that is switched off in the set-up is not offered, and shows where it was given', async () => {
    await t.town.db.execute(sql`update recurring_item set active = false where item = 'SENIOR5'`)
    const form = (await t.clerk.get(`${PATH}/new`)).text
    expect(words(form)).toContain('SENIOR: Senior 10 percent')
    expect(words(form)).not.toContain('SENIOR: Senior 5.00')
    const refused = await t.clerk.post(PATH, typed())
    expect(refused.text).toMatch(/id="f-recurringItemId-e">Choose one of the list/)
    const [given] = await t.town.db.execute<{ id: number }>(sql`select max(id) as id from applied_item`)
    const page = await t.clerk.get(`${PATH}/${given?.id}`)
    expect(page.text).toMatch(/<option value="\d+" selected>SENIOR: Senior 5.00/)
    await t.town.db.execute(sql`update recurring_item set active = true`)
  })

  it('001-462 001-463: zero times shows "While active"', async () => {
    await t.clerk.post(PATH, typed({ level: 'location', timesToApply: '0' }))
    expect(words((await t.clerk.get(PATH)).text)).toContain('Yes Location SENIOR Senior 5.00 11/20/2026 While active')
  })

  it('001-447: is searched by code, description, type and effective date', async () => {
    const found = words((await t.clerk.get(`${PATH}?by=type&find=loc`)).text)
    expect(found).toContain('Yes Location')
    expect(found).not.toContain('Yes Account')
  })

  it('001-452 001-454 001-456 001-460 001-465: a saved one is only deactivated, for good, and never deleted', async () => {
    const id = await first()
    const page = (await t.clerk.get(`${PATH}/${id}`)).text
    expect(page).toMatch(/name="timesToApply"[^>]* readonly/)
    expect(page).not.toContain(`${PATH}/${id}/delete`)
    expect((await t.clerk.post(`${PATH}/${id}/delete`)).status).toBe(404)
    await t.clerk.post(`${PATH}/${id}`, { version: '1', timesToApply: '9', active: 'on' })
    expect(words((await t.clerk.get(PATH)).text)).toContain('11/20/2026 3 0')
    await t.clerk.post(`${PATH}/${id}`, { version: '2' })
    await t.clerk.post(`${PATH}/${id}`, { version: '3', active: 'on' })
    expect(words((await t.clerk.get(`${PATH}?all=on`)).text)).toContain('No Account SENIOR')
  })

  it('001-453: is on the panel of a private account for administrators only', async () => {
    expect((await t.clerk.get('/panel/500.01/recurring-items')).status).toBe(404)
    expect((await t.administrator.get('/panel/500.01/recurring-items')).status).toBe(200)
  })
})

async function first(): Promise<number> {
  const [row] = await t.town.db.execute<{ id: number }>(sql`select min(id) as id from applied_item`)
  return row?.id ?? 0
}
