import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { one, rows } from '../db/db.ts'
import { contactDesk, type Desk, page } from '../testing/contact-desk.ts'
import { words } from '../testing/form.ts'

let desk: Desk
beforeAll(async () => {
  desk = await contactDesk()
})
afterAll(() => desk.town.drop())

const count = async () => (await one<{ n: number }>(desk.town.db, sql`select count(*)::int as n from contact`))?.n

describe('the Contacts tab', () => {
  it('001-243 001-250 001-267 001-273 001-278: is empty at first; Add puts a blank line that is selected and stores nothing', async () => {
    const { clerk, form, press } = desk
    const html = (await clerk.get(page)).text
    expect(words(html)).toContain('No contacts yet.')
    expect(html).toMatch(/<a href="\/panel\/100.01\/contacts" aria-current="page"[^>]*>Contacts/)
    const { html: blank } = await press('add', await form())
    expect(blank).toMatch(/name="selected" value="n1" checked/)
    for (const text of [
      'New contact',
      'No address yet.',
      'No e-mail address yet.',
      'No phone number yet.',
      'Not saved yet',
    ])
      expect(words(blank)).toContain(text)
    expect(await count()).toBe(0)
  })

  it('001-244 001-245 001-246 001-251 001-261 001-264 001-265: list with primary details, four tabs under one header, Add and Delete', async () => {
    const { clerk, added, contactRow } = desk
    const id = await added({
      'n1-middleName': 'M.',
      'n1-suffix': 'Jr.',
      'n1-birthDate': '02/29/1952',
      'n1-notices': 'mail',
    })
    const html = (await clerk.get(`${page}?contact=${id}`)).text
    const list = /<div class="line[\s\S]*?<\/div>/.exec(html)?.[0] ?? ''
    expect(words(list)).toMatch(
      /Ida M\. Lund Jr\. Emergency 9 Palm Ave, Ashford, ID, USA ida@example.org 555-0142 ext\. 7/,
    )
    expect(words(/<div class="switch"[\s\S]*?<\/div>/.exec(html)?.[0] ?? '')).toBe(' General Address Email Phone ')
    const header = html.indexOf(`c${id}-notices`)
    expect(header).toBeGreaterThan(html.indexOf(`c${id}-contactTypeId`))
    expect(header).toBeLessThan(html.indexOf('class="switch"'))
    expect(words(html)).toContain('Notices Mail Email None')
    for (const act of ['add', 'delete']) expect(html).toContain(`name="act" value="${act}"`)
    for (const name of ['firstName', 'lastName'])
      expect(html).toMatch(new RegExp(`id="f-c${id}-${name}" name="c${id}-${name}" required`))
    for (const name of ['middleName', 'suffix', 'birthDate'])
      expect(html).not.toMatch(new RegExp(`name="c${id}-${name}" required`))
    expect(await contactRow(id)).toMatchObject({
      middle_name: 'M.',
      birth_date: '1952-02-29',
      notices: 'mail',
      number: '1001',
    })
    expect(words((await clerk.get('/panel/100.01')).text)).toContain('Contacts 1')
  })

  it('001-247 001-283: everything is edited in place; Save stores what was changed, and says when nothing was', async () => {
    const { clerk, form, added, contactRow } = desk
    const id = await added({ 'n1-firstName': 'Ove' })
    const same = await clerk.post(page, await form())
    expect(same.status).toBe(303)
    expect(words((await clerk.get(page)).text)).toContain('there is nothing to save')
    expect(await contactRow(id)).toMatchObject({ version: 1 })
    await clerk.post(page, await form({ [`c${id}-firstName`]: 'Olav' }))
    expect(await contactRow(id)).toMatchObject({ first_name: 'Olav', version: 2 })
  })

  it('of several new contacts the one that was selected stays selected after Save', async () => {
    const { town, clerk, form, press, named } = desk
    const one = await press('add', { ...(await form()) })
    const two = await press('add', { ...one.form, ...named(), 'n1-firstName': 'Una' })
    const second = { 'n2-contactTypeId': desk.types['contact emergency'], 'n2-firstName': 'Siv', 'n2-lastName': 'Lund' }
    const saved = await clerk.post(page, { ...two.form, ...second, selected: 'n1' })
    const [una] = await rows<{ id: number }>(town.db, sql`select id from contact where first_name = 'Una'`)
    expect(saved.headers.location).toBe(`${page}?contact=${una?.id}&section=general`)
  })

  it('001-248 001-249: Delete asks nothing, is undone, and becomes permanent with Save; Refresh brings back what was saved', async () => {
    const { town, clerk, form, press, added, contactRow } = desk
    const id = await added({ 'n1-firstName': 'Per' })
    const before = await count()
    const gone = await press('delete', await form({ selected: `c${id}` }))
    expect(words(gone.html)).toContain('Deleted with Save')
    expect(await count()).toBe(before)
    const undone = await press(`undo:c${id}`, gone.form)
    expect(words(undone.html)).not.toContain('Deleted with Save')
    expect(gone.html).toContain(`href="${page}">`)
    expect((await clerk.get(page)).text).toContain('Per Lund')
    expect((await clerk.post(page, gone.form)).status).toBe(303)
    expect(await contactRow(id)).toBeUndefined()
    expect(await rows(town.db, sql`select from contact_address where contact_id = ${id}`)).toEqual([])
    const audit = await rows(
      town.db,
      sql`select action, actor from audit where subject = 'contact' and subject_key = ${String(id)} order by id`,
    )
    expect(audit.at(-1)).toEqual({ action: 'delete', actor: clerk.user.id })
  })

  it('001-284: leaving with unsaved changes asks, also after Add', async () => {
    const { clerk, form, press } = desk
    expect((await clerk.get(page)).text).toMatch(/<form id="contacts"[^>]* data-guard/)
    expect((await press('add', await form())).html).toMatch(/<form id="contacts"[^>]* data-unsaved/)
  })

  it('001-285: an empty or wrong field with a star blocks Save of all and is named', async () => {
    const { clerk, form, press, added, contactRow } = desk
    const id = await added({ 'n1-firstName': 'Kaj' })
    const { form: sent } = await press('add', await form({ [`c${id}-middleName`]: 'X.' }))
    const refused = await clerk.post(page, { ...sent, 'n1-firstName': 'Nn' })
    expect(refused.status).toBe(422)
    expect(words(refused.text)).toContain('Nn: Last name is needed.')
    expect(refused.text).toMatch(/name="selected" value="n1" checked/)
    expect(refused.text).toMatch(/id="f-n1-lastName"[^>]*aria-invalid="true"/)
    expect(await contactRow(id)).toMatchObject({ middle_name: null })
    const born = await clerk.post(page, await form({ [`c${id}-birthDate`]: '01/01/2030' }))
    expect(words(born.text)).toContain('Nobody is born on that day')
  })
})
