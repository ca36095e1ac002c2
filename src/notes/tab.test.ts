import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { location } from '../db/tables/index.ts'
import { formOf, words } from '../testing/form.ts'
import { deleted, type PanelTown, panelTown, rowsOf } from '../testing/panel.ts'

let t: PanelTown
let general: string
const PATH = '/panel/100.01/notes'

beforeAll(async () => {
  t = await panelTown()
  const [type] = await t.town.db.execute<{ id: number }>(sql`select id from note_type where code = 'general'`)
  general = String(type?.id)
  const [place] = await t.town.db.insert(location).values({ number: 'L900', serviceAddress: '9 Far Rd' }).returning()
  await t.town.db.execute(sql`insert into account (number, customer_id, location_id, account_status_id, activity_status)
    select '100.02', customer_id, ${place?.id ?? 0}, account_status_id, 'Current' from account where number = '100.01'`)
})
afterAll(() => t.town.drop())

const typed = (changed: object = {}) => ({
  level: 'account',
  noteTypeId: general,
  subject: '',
  text: 'Called about the bill',
  ...changed,
})

describe('Notes', () => {
  it('001-335 001-339 001-348 001-349: says when there is none; general is always among the types', async () => {
    const page = await t.clerk.get(PATH)
    expect(words(page.text)).toContain('There are no notes on this account')
    const form = words((await t.clerk.get(`${PATH}/new`)).text)
    expect(form).toContain('general')
    expect((await t.viewer.get(`${PATH}/new`)).status).toBe(403)
  })

  it('001-350: own note types are added on their own screen', async () => {
    await t.administrator.post('/organization/note-types/new', { code: 'visit', name: 'Visit' })
    expect(words((await t.clerk.get(`${PATH}/new`)).text)).toContain('visit Visit')
  })

  it('001-349: general, billing and complaint exist from the start', async () => {
    const form = words((await t.clerk.get(`${PATH}/new`)).text)
    for (const type of ['billing', 'complaint']) expect(form).toContain(type)
  })

  it('001-346 001-351 001-352 001-354 001-364: an account note; its text is the subject, its date is today', async () => {
    expect((await t.clerk.post(PATH, typed({ messageCenter: 'on' }))).headers.location).toBe(PATH)
    const page = words((await t.clerk.get(PATH)).text)
    expect(page).toContain('Account General Called about the bill Called about the bill 11/20/2026 Message Center')
    expect(words((await t.clerk.get('/panel/100.02/notes')).text)).not.toContain('Called about the bill')
  })

  it('001-342 001-343: a customer note stays with the customer at every location', async () => {
    await t.clerk.post(PATH, typed({ level: 'customer', subject: 'Hard of hearing', paymentCenter: 'on' }))
    expect(words((await t.clerk.get('/panel/100.02/notes')).text)).toContain('Customer General Hard of hearing')
  })

  it('001-344 001-347 001-355: the Message Center shows customer notes everywhere, account notes here only', async () => {
    await t.clerk.post(PATH, typed({ level: 'customer', text: 'Knock loudly', messageCenter: 'on' }))
    const here = words((await t.clerk.get('/panel/100.01')).text)
    expect(here).toContain('Knock loudly')
    expect(here).toContain('Called about the bill')
    const there = words((await t.clerk.get('/panel/100.02')).text)
    expect(there).toContain('Knock loudly')
    expect(there).not.toContain('Called about the bill')
  })

  it('001-356 001-358: a location note takes neither Message Center nor Payment Center: the boxes count as clear', async () => {
    const boxes = { messageCenter: 'on', paymentCenter: 'on' }
    expect((await t.clerk.post(PATH, typed({ level: 'location', text: 'Gate locked', ...boxes }))).status).toBe(303)
    const ticked = sql.raw(`note where text = 'Gate locked' and (message_center or payment_center)`)
    expect(await t.town.db.execute(sql`select 1 from ${ticked}`)).toHaveLength(0)
    expect(words((await t.clerk.get('/panel/100.01/location')).text)).toContain('Gate locked')
  })

  it('001-357: a Payment Center note appears when a payment is made', async () => {
    expect(words((await t.clerk.get('/accounts/100.01/payments/new')).text)).toContain('Hard of hearing')
  })

  it('001-359: the Grace Date comes with a box and a calendar, and marks the card with G', async () => {
    const refused = await t.clerk.post(PATH, typed({ hasGrace: 'on', graceDate: '' }))
    expect(refused.text).toMatch(/id="f-graceDate-e">Write the last day of grace/)
    const lost = await t.clerk.post(PATH, typed({ subject: 'Promise', graceDate: '12/04/2026' }))
    expect(lost.status).toBe(422)
    expect(lost.text).toMatch(/id="f-hasGrace-e">Tick Grace for the Grace Date to count, or clear the date/)
    expect(lost.text).toMatch(/id="f-graceDate"[^>]* value="12\/04\/2026"/)
    await t.clerk.post(PATH, typed({ subject: 'Promise', hasGrace: 'on', graceDate: '12/04/2026' }))
    const page = (await t.clerk.get(PATH)).text
    expect(page).toContain('Grace note: grace until 12/04/2026')
    expect(words(page)).toContain('G 12/04')
  })

  it('001-359: Grace taken away from a note ends it, and its date may stand in the form', async () => {
    await t.clerk.post(PATH, typed({ subject: 'Ends', hasGrace: 'on', graceDate: '12/05/2026' }))
    const at = `${PATH}/${await latest()}`
    const { hasGrace, ...form } = formOf((await t.clerk.get(at)).text, 'record')
    expect([hasGrace, form.graceDate]).toEqual(['on', '12/05/2026'])
    expect((await t.clerk.post(at, { ...form, graceDate: '12/06/2026' })).status).toBe(422)
    expect((await t.clerk.post(at, form)).status).toBe(303)
    expect(formOf((await t.clerk.get(at)).text, 'record').graceDate).toBe('')
    await deleted(t.clerk, at)
  })

  it('001-361 001-362 001-363: an Expiration Date needs Note Used For', async () => {
    const refused = await t.clerk.post(PATH, typed({ expirationDate: '12/31/2026' }))
    expect(refused.text).toMatch(/id="f-expirationDate-e">Only a note that is used for something expires/)
    const form = { subject: 'Print on bills', usedFor: 'statement', expirationDate: '12/31/2026' }
    expect((await t.clerk.post(PATH, typed(form))).status).toBe(303)
    expect(words((await t.clerk.get(PATH)).text)).toMatch(/Print on bills .* Statement 12\/31\/2026/)
    await t.clerk.post(PATH, typed({ ...form, subject: 'No longer' }))
    const at = `${PATH}/${await latest()}`
    const kept = formOf((await t.clerk.get(at)).text, 'record')
    expect((await t.clerk.post(at, { ...kept, usedFor: '' })).status).toBe(303)
    expect(formOf((await t.clerk.get(at)).text, 'record')).toMatchObject({ usedFor: '', expirationDate: '' })
    await deleted(t.clerk, at)
  })

  it('001-336 001-338: is searched in any field, and the whole grid is copied', async () => {
    for (const [find, expected] of [
      ['print on', true],
      ['12/31/2026', true],
      ['statement', true],
      ['nowhere', false],
    ] as const) {
      const page = words((await t.clerk.get(`${PATH}?find=${encodeURIComponent(find)}`)).text)
      expect([find, page.includes('Print on bills')]).toEqual([find, expected])
    }
    expect((await t.clerk.get(PATH)).text).toContain('data-copy="#notes"')
  })

  it('001-337 001-340 001-341 001-353: the selected note shows below and is edited in place', async () => {
    const id = await latest()
    const page = await t.clerk.get(`${PATH}?note=${id}`)
    expect(page.text).toContain('form="selected-note"')
    expect(page.text).toMatch(/<textarea id="f-text"[^>]*>Called about the bill</)
    const changed = { ...typed({ subject: 'New subject', text: 'New text' }), version: '1' }
    expect((await t.clerk.post(`${PATH}/${id}`, changed)).status).toBe(303)
    expect(words((await t.clerk.get(PATH)).text)).toContain('New subject New text')
    expect((await t.clerk.post(`${PATH}/${id}`, changed)).status).toBe(409)
  })

  it('001-365 001-366: a note has several files, added, edited, saved and deleted', async () => {
    const id = await latest()
    for (const name of ['lease.pdf', 'photo.png']) {
      const added = await t.clerk.upload(
        `${PATH}/${id}/attachments`,
        { description: '' },
        { file: { name, bytes: Buffer.from(`of ${name}`) } },
      )
      expect([name, added.status]).toEqual([name, 303])
    }
    const page = (await t.clerk.get(`${PATH}?note=${id}`)).text
    const links = [...page.matchAll(/href="([^"]+\/attachments\/\d+)"/g)].map(([, href = '']) => href)
    expect(links.length).toBe(2)
    const kept = await t.clerk.get(links[0] ?? '')
    expect(kept.headers['content-disposition']).toBe('attachment; filename=lease.pdf')
    expect(kept.headers['content-type']).toBe('application/pdf')
    expect(kept.body.toString()).toBe('of lease.pdf')
    const form = formOf((await t.clerk.get(`${links[0]}/edit`)).text, 'record')
    expect((await t.clerk.upload(links[0] ?? '', { ...form, description: 'The lease' }, {})).status).toBe(303)
    const late = await t.clerk.upload(links[0] ?? '', { ...form, description: 'Later' }, {})
    expect(late.status).toBe(409)
    expect(words(late.text)).toContain('Description was lease.pdf and is now The lease; you typed Later.')
    expect((await t.clerk.get(`${PATH}?note=${id}`)).text).toContain('>The lease</a>')
    const twice = {
      ...formOf((await t.clerk.get(`${PATH}/${id}/attachments/new`)).text, 'record'),
      description: 'Twice',
    }
    const map = { file: { name: 'map.pdf', bytes: Buffer.from('a map') } }
    const sends = [1, 2].map(() => t.clerk.upload(`${PATH}/${id}/attachments`, twice, map))
    expect((await Promise.all(sends)).map(({ status }) => status)).toEqual([303, 303])
    expect(await rowsOf(t.town.db, "note_attachment where description = 'Twice'")).toBe(1)
    await t.town.db.execute(sql`delete from note_attachment where description = 'Twice'`)
    const asked = formOf((await t.clerk.get(`${links[0]}/delete?version=2`)).text, 'remove')
    const opened = formOf((await t.clerk.get(`${links[0]}/edit`)).text, 'record')
    await t.clerk.upload(links[0] ?? '', { ...opened, description: 'The old lease' }, {})
    for (const answer of [
      await t.clerk.get(`${links[0]}/delete?version=2`),
      await t.clerk.post(`${links[0]}/delete`, asked),
    ]) {
      expect(answer.status).toBe(409)
      expect(words(answer.text)).toMatch(/changed this file while you had it open. Nothing was deleted/)
    }
    expect((await deleted(t.clerk, links[1] ?? '')).status).toBe(303)
    expect(await rowsOf(t.town.db, 'note_attachment')).toBe(1)
    expect((await t.clerk.get(links[1] ?? '')).status).toBe(404)
    const refused = await t.clerk.upload(
      `${PATH}/${id}/attachments`,
      {},
      { file: { name: 'page.html', bytes: Buffer.from('<script>') } },
    )
    expect(refused.status).toBe(422)
  })

  it('notes that get their first file at once get a number each', async () => {
    const rows = sql`select o.id from note o where o.number is null order by o.id limit 3`
    const ids = (await t.town.db.execute<{ id: number }>(rows)).map(({ id }) => id)
    expect(ids.length).toBe(3)
    const file = { name: 'plan.pdf', bytes: Buffer.from('a plan') }
    const added = await Promise.all(ids.map((id) => t.clerk.upload(`${PATH}/${id}/attachments`, {}, { file })))
    expect(added.map(({ status }) => status)).toEqual([303, 303, 303])
    await t.town.db.execute(sql`delete from note_attachment where note_id in ${ids}`)
  })

  it('001-345: a location note shows whoever lives there', async () => {
    await t.town.db.execute(sql`update account set activity_status = 'Final' where number = '100.01'`)
    await t.town.db.execute(sql`insert into account (number, customer_id, location_id, account_status_id, activity_status)
      select '200.02', (select customer_id from account where number = '200.01'), location_id, account_status_id, 'Current' from account where number = '100.01'`)
    expect(words((await t.clerk.get('/panel/200.02/notes')).text)).toContain('Location General Gate locked')
  })

  it('deletes a note; those of a private account are not to be found', async () => {
    expect((await deleted(t.clerk, `${PATH}/${await latest()}`)).status).toBe(303)
    expect(await rowsOf(t.town.db, 'note_attachment')).toBe(0)
    await t.administrator.post('/panel/500.01/notes', typed({ text: 'Secret' }))
    expect((await t.clerk.get('/panel/500.01/notes')).status).toBe(404)
    const [hidden] = await t.town.db.execute<{ id: number }>(sql`select max(id) as id from note`)
    expect((await t.clerk.get(`${PATH}/${hidden?.id}`)).status).toBe(404)
  })
})

async function latest(): Promise<number> {
  const [row] = await t.town.db.execute<{ id: number }>(
    sql`select max(o.id) as id from note o join account a on a.customer_id = o.customer_id where a.number = '100.01'`,
  )
  return row?.id ?? 0
}
