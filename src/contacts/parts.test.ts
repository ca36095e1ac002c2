import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rows } from '../db/db.ts'
import { contactDesk, type Desk, page } from '../testing/contact-desk.ts'
import { words } from '../testing/form.ts'

let desk: Desk
beforeAll(async () => {
  desk = await contactDesk()
})
afterAll(() => desk.town.drop())

describe('addresses, e-mail addresses and phone numbers', () => {
  it('001-263: Mail can be chosen only with an address, Email only with an e-mail address', async () => {
    const { clerk, form, press } = desk
    const { html, form: sent } = await press('add', await form())
    expect(html).toMatch(/name="n1-notices" value="mail" disabled/)
    const refused = await clerk.post(page, { ...sent, ...desk.named(), 'n1-notices': 'mail' })
    expect(refused.status).toBe(422)
    expect(words(refused.text)).toContain('Mail can be chosen once there is an address.')
    expect((await press('address:n1', sent)).html).not.toMatch(/name="n1-notices" value="mail" disabled/)
  })

  it('001-268 001-269 001-270 001-271 001-272: addresses are tiles with Add and Edit; one is primary and locked, ticking another makes it primary', async () => {
    const { town, clerk, types, form, press, added } = desk
    const id = await added({ 'n1-firstName': 'Adr' })
    const stored = () =>
      rows<Record<string, unknown>>(
        town.db,
        sql`select id, address_line_1, is_primary from contact_address where contact_id = ${id} order by id`,
      )
    expect(await stored()).toMatchObject([{ is_primary: true }])
    const { html, form: sent } = await press(`address:c${id}`, await form({ selected: `c${id}` }))
    const first = Number((await stored())[0]?.id)
    expect(html).toMatch(new RegExp(`id="f-c${id}-a${first}-primary"[^>]* checked disabled`))
    expect(html).toMatch(new RegExp(`id="f-c${id}-ax1-primary" name="c${id}-ax1-primary" value="on">`))
    expect(html).toMatch(/<details class="tile" open>/)
    for (const name of ['addressTypeId', 'addressLine1', 'city', 'state', 'country'])
      expect(html).toMatch(new RegExp(`name="c${id}-ax1-${name}" required`))
    for (const name of ['careOf', 'zip', 'county', 'geoCode'])
      expect(html).not.toMatch(new RegExp(`name="c${id}-ax1-${name}" required`))
    const refused = await clerk.post(page, sent)
    expect(words(refused.text)).toMatch(/Adr Lund: Street is needed/)
    const typed = {
      addressTypeId: types['address cabin'],
      addressLine1: '1 New St',
      city: 'X',
      state: 'ID',
      country: 'USA',
      primary: 'on',
    }
    const named = Object.fromEntries(Object.entries(typed).map(([name, value]) => [`c${id}-ax1-${name}`, value]))
    expect((await clerk.post(page, { ...sent, ...named })).status).toBe(303)
    expect(await stored()).toMatchObject([{ is_primary: false }, { address_line_1: '1 New St', is_primary: true }])
    const second = Number((await stored())[1]?.id)
    await clerk.post(page, await form({ [`c${id}-a${second}-removed`]: 'on' }))
    expect(await stored()).toMatchObject([{ id: first, is_primary: true }])
  })

  it('001-274 001-275 001-276 001-277: so are e-mail addresses, with type, address and description', async () => {
    const { town, clerk, types, form, press, added } = desk
    const id = await added({ 'n1-firstName': 'Em' })
    const { html, form: sent } = await press(`email:c${id}`, await form({ selected: `c${id}` }))
    for (const name of ['emailTypeId', 'address'])
      expect(html).toMatch(new RegExp(`name="c${id}-ex1-${name}" required`))
    expect(html).not.toMatch(new RegExp(`name="c${id}-ex1-description" required`))
    expect(html).toMatch(new RegExp(`id="f-c${id}-e\\d+-primary"[^>]* checked disabled`))
    const more = { [`c${id}-ex1-emailTypeId`]: types['email work'], [`c${id}-ex1-primary`]: 'on' }
    expect((await clerk.post(page, { ...sent, ...more, [`c${id}-ex1-address`]: 'not one' })).status).toBe(422)
    const good = { ...sent, ...more, [`c${id}-ex1-address`]: 'work@example.org', [`c${id}-ex1-description`]: 'Desk' }
    expect((await clerk.post(page, good)).status).toBe(303)
    expect(
      await rows(town.db, sql`select address, is_primary from contact_email where contact_id = ${id} order by id`),
    ).toEqual([
      { address: 'ida@example.org', is_primary: false },
      { address: 'work@example.org', is_primary: true },
    ])
  })

  it('001-279 001-280 001-281 001-282: and phone numbers, with type, number, description and extension', async () => {
    const { town, clerk, types, form, press, added } = desk
    const id = await added({ 'n1-firstName': 'Ph' })
    const { html, form: sent } = await press(`phone:c${id}`, await form({ selected: `c${id}` }))
    for (const name of ['phoneTypeId', 'number']) expect(html).toMatch(new RegExp(`name="c${id}-px1-${name}" required`))
    for (const name of ['extension', 'description'])
      expect(html).not.toMatch(new RegExp(`name="c${id}-px1-${name}" required`))
    expect(html).toMatch(new RegExp(`id="f-c${id}-p\\d+-primary"[^>]* checked disabled`))
    const more = {
      [`c${id}-px1-phoneTypeId`]: sent[`c${id}-px1-phoneTypeId`] || types.phone,
    }
    const good = { ...sent, ...more, [`c${id}-px1-number`]: '555-0199', [`c${id}-px1-primary`]: 'on' }
    expect((await clerk.post(page, good)).status).toBe(303)
    expect(words((await clerk.get(`${page}?contact=${id}`)).text)).toContain('555-0199')
    expect(await rows(town.db, sql`select number from contact_phone where contact_id = ${id} and is_primary`)).toEqual([
      { number: '555-0199' },
    ])
  })
})
