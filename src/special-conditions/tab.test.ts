import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Form, formOf, words } from '../testing/form.ts'
import { deleted, type PanelTown, panelTown, rowsOf } from '../testing/panel.ts'

let t: PanelTown
let codes: Record<string, string>
const PATH = '/panel/100.01/special-conditions'

beforeAll(async () => {
  t = await panelTown()
  await t.administrator.post('/organization/special-conditions/new', {
    code: 'MED',
    name: 'Medical',
    icon: 'phone',
    exemptPenalty: 'on',
  })
  await t.administrator.post('/organization/special-conditions/new', {
    code: 'FARM',
    name: 'Farm',
    requiresKind: 'government',
  })
  const list = await t.town.db.execute<{ id: number; code: string }>(sql`select id, code from condition_code`)
  codes = Object.fromEntries(list.map(({ id, code }) => [code, String(id)]))
})
afterAll(() => t.town.drop())

const typed = (changed: object = {}) => ({
  level: 'account',
  conditionCodeId: codes.MED ?? '',
  effectiveDate: '11/01/2026',
  ...changed,
})

describe('Special Conditions', () => {
  it('001-512: codes are set up on their own screen, with icon and the actions they take out of', async () => {
    const page = words((await t.administrator.get('/organization/special-conditions')).text)
    expect(page).toContain('MED Medical phone')
    expect((await t.clerk.post('/organization/special-conditions/new', { code: 'X', name: 'X' })).status).toBe(403)
  })

  it('001-509 001-515: says when there is none and offers Add to those who may', async () => {
    const page = await t.clerk.get(PATH)
    expect(words(page.text)).toContain('There are no special conditions on this account')
    expect(page.text).toContain(`href="${PATH}/new"`)
    expect((await t.viewer.get(PATH)).text).not.toContain(`${PATH}/new`)
    expect((await t.viewer.get(`${PATH}/new`)).status).toBe(403)
  })

  it('001-519 001-528 001-532: a new one opens with today and Active not to be ticked', async () => {
    const page = (await t.clerk.get(`${PATH}/new`)).text
    expect(page).toMatch(/name="effectiveDate"[^>]* value="11\/20\/2026"/)
    expect(page).toMatch(/name="expirationDate"[^>]* value="11\/20\/2026"/)
    expect(page).toMatch(/name="active"[^>]* disabled/)
  })

  it('001-517 001-520 001-522 001-524 001-526: saved it is active, with the description of its code', async () => {
    expect((await t.clerk.post(PATH, typed())).headers.location).toBe(PATH)
    expect(words((await t.clerk.get(PATH)).text)).toContain('Yes Account MED Medical 11/01/2026 permanent')
  })

  it('001-523 001-525 001-527 001-529 001-530 001-531: Type and Code stay; the dates may change', async () => {
    const id = await latest()
    const page = (await t.clerk.get(`${PATH}/${id}`)).text
    expect(page).toMatch(/<select id="f-level"[^>]* disabled/)
    expect(page).toMatch(/<select id="f-conditionCodeId"[^>]* disabled/)
    const form = {
      version: '1',
      active: 'on',
      effectiveDate: '11/01/2026',
      hasExpiration: 'on',
      expirationDate: '11/30/2026',
    }
    expect((await t.clerk.post(`${PATH}/${id}`, { ...form, level: 'location' })).status).toBe(303)
    expect(words((await t.clerk.get(PATH)).text)).toContain('Yes Account MED Medical 11/01/2026 11/30/2026')
    const without = { version: '2', active: 'on', effectiveDate: '11/01/2026', expirationDate: '11/30/2026' }
    await t.clerk.post(`${PATH}/${id}`, without)
    expect(words((await t.clerk.get(PATH)).text)).toContain('11/01/2026 permanent')
  })

  it('001-531: an Expiration Date that was typed without Has Expiration is not thrown away in silence', async () => {
    const before = await rowsOf(t.town.db, 'special_condition')
    const lost = await t.clerk.post(PATH, typed({ expirationDate: '12/31/2026' }))
    expect(lost.status).toBe(422)
    expect(lost.text).toMatch(/id="f-hasExpiration-e">Tick Has Expiration for the date to count, or clear the date/)
    expect(lost.text).toMatch(/id="f-expirationDate"[^>]* value="12\/31\/2026"/)
    expect(await rowsOf(t.town.db, 'special_condition')).toBe(before)
    // what the form opened with was not typed
    expect((await t.clerk.post(PATH, formOf((await t.clerk.get(`${PATH}/new`)).text, 'record'))).status).toBe(422)
    const opened: Form = {
      ...formOf((await t.clerk.get(`${PATH}/new`)).text, 'record'),
      conditionCodeId: codes.MED ?? '',
    }
    expect(opened.expirationDate).toBe('11/20/2026')
    expect((await t.clerk.post(PATH, opened)).status).toBe(303)
    await deleted(t.clerk, `${PATH}/${await latest()}`)
  })

  it('001-533: an expiration that is not later is refused beside the field, and what was typed stays', async () => {
    const refused = await t.clerk.post(PATH, typed({ hasExpiration: 'on', expirationDate: '11/01/2026' }))
    expect(refused.status).toBe(422)
    expect(refused.text).toMatch(/id="f-expirationDate-e">The Expiration Date must be later than the Effective Date/)
    expect(refused.text).toMatch(/name="effectiveDate"[^>]* value="11\/01\/2026"/)
  })

  it('001-511: is offered only where the requirements of its set-up are met', async () => {
    const refused = await t.clerk.post(PATH, typed({ conditionCodeId: codes.FARM }))
    expect(refused.status).toBe(422)
    expect(words(refused.text)).toContain('only for customers of another kind')
  })

  it('tells the second of two clerks that it was changed', async () => {
    const late = await t.clerk.post(`${PATH}/${await latest()}`, {
      version: '1',
      active: 'on',
      effectiveDate: '11/02/2026',
    })
    expect(late.status).toBe(409)
    expect(words(late.text)).toMatch(/changed meanwhile|Somebody|was changed/)
  })

  it('001-513 001-514 001-518 001-521: searched by column, active only unless asked; deactivated for good', async () => {
    await t.clerk.post(PATH, typed({ level: 'customer', effectiveDate: '10/01/2026' }))
    const id = await latest()
    await t.clerk.post(`${PATH}/${id}`, { version: '1', effectiveDate: '10/01/2026' })
    expect(words((await t.clerk.get(PATH)).text)).not.toContain('Customer MED')
    expect(words((await t.clerk.get(`${PATH}?all=on`)).text)).toContain('No Customer MED Medical 10/01/2026')
    expect(words((await t.clerk.get(`${PATH}?all=on&by=type&find=cust`)).text)).not.toContain('Yes Account')
    expect(words((await t.clerk.get(`${PATH}?by=effectiveDate&find=09/`)).text)).toContain(
      'No special condition matches',
    )
    await t.clerk.post(`${PATH}/${id}`, { version: '2', active: 'on' })
    expect(words((await t.clerk.get(`${PATH}?all=on`)).text)).toContain('No Customer MED')
  })

  it('001-516: Delete takes the selected one away', async () => {
    const before = await rowsOf(t.town.db, 'special_condition')
    expect((await deleted(t.clerk, `${PATH}/${await latest()}`)).status).toBe(303)
    expect(await rowsOf(t.town.db, 'special_condition')).toBe(before - 1)
  })

  it('is not to be found on a private account or under another one', async () => {
    expect((await t.clerk.get('/panel/500.01/special-conditions')).status).toBe(404)
    expect((await t.clerk.get(`/panel/200.01/special-conditions/${await latest()}`)).status).toBe(404)
    await t.administrator.post('/panel/500.01/special-conditions', typed({ level: 'customer' }))
    const seen = await t.town.databases.app.execute(
      sql`select 1 from special_condition o join account a on a.customer_id = o.customer_id where a.number = '500.01'`,
    )
    expect(seen.length).toBe(0)
  })
})

async function latest(): Promise<number> {
  const [row] = await t.town.db.execute<{ id: number }>(
    sql`select max(o.id) as id from special_condition o join account a on a.customer_id = o.customer_id where a.number = '100.01'`,
  )
  return row?.id ?? 0
}
