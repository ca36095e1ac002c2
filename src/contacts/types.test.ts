import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { one } from '../db/db.ts'
import { anAccount } from '../testing/clerk-town.ts'
import { contactDesk, type Desk, page } from '../testing/contact-desk.ts'
import { type Form, words } from '../testing/form.ts'

let desk: Desk
beforeAll(async () => {
  desk = await contactDesk()
})
afterAll(() => desk.town.drop())

describe('contact types', () => {
  it('001-252 001-254 001-255 001-256 001-257 001-258: five of the system that stay, and Setup Contact Type for own ones', async () => {
    const { administrator, types, form, press, added } = desk
    await added()
    const html = (await administrator.get(page)).text
    expect(html).toContain('href="/organization/contact-types" aria-label="Setup Contact Type"')
    expect(words((await press('add', await form())).html)).toContain(
      'Emergency Employer Landlord Other Secondary Account Holder',
    )
    const list = words((await administrator.get('/organization/contact-types')).text)
    expect(list).toContain('Code Name Type IS System')
    expect(list).toContain('landlord Landlord Location Contact')
    const system = (await administrator.get(`/organization/contact-types/${types['contact employer']}`)).text
    expect(words(system)).toContain('This contact type always exists, as it is.')
    expect(system).not.toMatch(/\/delete"|form="record"|Ctrl\+S/)
    const deleted = await administrator.post(`/organization/contact-types/${types['contact employer']}/delete`, {
      version: '1',
    })
    expect(deleted.status).toBe(422)
  })

  it('001-253 001-255: own types are added, edited and deleted, and used', async () => {
    const { town, clerk, administrator, form, press, added } = desk
    const add = (more: Form) =>
      administrator.post('/organization/contact-types/new', {
        code: 'agent',
        name: 'Agent',
        place: 'location',
        ...more,
      })
    expect((await add({ system: 'on' })).status).toBe(422)
    expect((await add({})).status).toBe(303)
    const id = (await one<{ id: number }>(town.db, sql`select id from contact_type where code = 'agent'`))?.id
    const used = await added({ 'n1-contactTypeId': String(id), 'n1-firstName': 'Una' })
    expect((await administrator.post(`/organization/contact-types/${id}/delete`, { version: '1' })).status).toBe(422)
    await clerk.post(page, (await press('delete', await form({ selected: `c${used}` }))).form)
    expect((await administrator.post(`/organization/contact-types/${id}/delete`, { version: '1' })).status).toBe(303)
  })

  it('001-259 001-260: a Customer Contact goes with the customer, a Location Contact stays with the location', async () => {
    const { town, clerk, types, form, added, contactRow } = desk
    const goes = await added({ 'n1-firstName': 'Goes' })
    const stays = await added({ 'n1-firstName': 'Stays', 'n1-contactTypeId': types['contact landlord'] })
    const elsewhere = (await clerk.get('/panel/100.02/contacts')).text
    expect(elsewhere).toContain('Goes Lund')
    expect(elsewhere).not.toContain('Stays Lund')
    await anAccount(town.db, { number: '500.01', name: 'Next Tenant' })
    await town.db.execute(sql`update account set activity_status = 'Final' where number = '100.01'`)
    await town.db.execute(
      sql`update account set location_id = (select location_id from account where number = '100.01') where number = '500.01'`,
    )
    const next = (await clerk.get('/panel/500.01/contacts')).text
    expect(next).toContain('Stays Lund')
    expect(next).not.toContain('Goes Lund')
    await clerk.post(page, await form({ [`c${stays}-contactTypeId`]: types['contact other'] }))
    expect(await contactRow(stays)).toMatchObject({ location_id: null })
    expect((await contactRow(goes))?.customer_id).toEqual((await contactRow(stays))?.customer_id)
  })
})
