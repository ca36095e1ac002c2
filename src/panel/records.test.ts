import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, signedIn } from '../testing/browser.ts'
import { formOf, words } from '../testing/form.ts'
import { type PanelTown, panelTown, rowsOf } from '../testing/panel.ts'

let t: PanelTown
let other: Browser
const NOTES = '/panel/100.01/notes'
const DEMOGRAPHICS = '/panel/100.01/demographics'

const idIn = async (table: string): Promise<number> =>
  (await t.town.db.execute<{ id: number }>(sql`select max(id) as id from ${sql.raw(table)}`))[0]?.id ?? 0

beforeAll(async () => {
  t = await panelTown('2026-07-15', (db) =>
    db.execute(
      sql.raw(`
      insert into demographic_category (code, name, level) values ('HH', 'Household', 'customer');
      insert into demographic_item (code, name, demographic_category_id, multiplier) select 'RES', 'Residents', id, 55 from demographic_category;
      insert into condition_code (code, name) values ('MED', 'Medical');
      insert into service_order_code (code, name, service_order_category_id) select 'LEAK', 'Leak', id from service_order_category where code = 'REPAIR';
`),
    ),
  )
  other = await signedIn(t.town, 'supervisor')
})
afterAll(() => t.town.drop())

/** What a clerk who opened New sends. */
const newForm = async (path: string, typed: object) => ({
  ...formOf((await t.clerk.get(`${path}/new`)).text, 'record'),
  ...typed,
})

describe('a new record', () => {
  it('is added once, however often its form is sent, one after another or at once', async () => {
    const form = await newForm(NOTES, { text: 'Called twice' })
    for (const answer of await Promise.all([1, 2, 3].map(() => t.clerk.post(NOTES, form))))
      expect(answer.headers.location).toBe(NOTES)
    expect((await t.clerk.post(NOTES, form)).status).toBe(303)
    expect(await rowsOf(t.town.db, 'note')).toBe(1)
    expect((await t.clerk.post(NOTES, await newForm(NOTES, { text: 'Called twice' }))).status).toBe(303)
    expect(await rowsOf(t.town.db, 'note')).toBe(2)
  })

  it('that says something else the second time is asked about, and nothing typed is lost', async () => {
    const form = await newForm(NOTES, { text: 'First' })
    await t.clerk.post(NOTES, form)
    const before = await rowsOf(t.town.db, 'note')
    const asked = await t.clerk.post(NOTES, { ...form, text: 'Second' })
    expect(asked.status).toBe(409)
    expect(words(asked.text)).toContain('This form was saved before and says something else now.')
    expect(await rowsOf(t.town.db, 'note')).toBe(before)
    expect((await t.clerk.post(NOTES, formOf(asked.text, 'record'))).status).toBe(303)
    expect(await rowsOf(t.town.db, "note where text = 'Second'")).toBe(1)
  })

  it('that was refused is sent again after it is put right', async () => {
    const form = await newForm(NOTES, { text: 'With grace', hasGrace: 'on' })
    const refused = await t.clerk.post(NOTES, form)
    expect(refused.status).toBe(422)
    const right = { ...formOf(refused.text, 'record'), graceDate: '08/01/2026' }
    expect((await t.clerk.post(NOTES, right)).status).toBe(303)
  })

  it('of another form is not kept back by it, nor of another person', async () => {
    const form = await newForm(NOTES, { text: 'Mine' })
    await t.clerk.post(NOTES, form)
    const before = await rowsOf(t.town.db, 'note')
    expect((await other.post(NOTES, form)).status).toBe(303)
    expect((await t.clerk.post('/panel/200.01/notes', form)).status).toBe(303)
    expect(await rowsOf(t.town.db, 'note')).toBe(before + 2)
  })
})

describe('Delete', () => {
  it('asks first, and says what goes with a demographic item', async () => {
    const item = await idIn('demographic_item')
    const form = { category: 'HH Household', demographicItemId: String(item), value: '4', effectiveDate: '01/01/2026' }
    await t.clerk.post(DEMOGRAPHICS, form)
    const at = `${DEMOGRAPHICS}/${await idIn('demographic')}`
    await t.clerk.post(at, { version: '1', value: '5', effectiveDate: '02/01/2026' })
    const variance = { demographicId: at.split('/').at(-1), variance: 'Guests', amount: '0', value: '1' }
    await t.clerk.post('/panel/100.01/demographic-variances', { ...variance, effectiveDate: '06/01/2026' })
    const page = await t.clerk.get(at)
    expect(page.text).toContain(`href="${at}/delete?version=2"`)
    const asked = await t.clerk.get(`${at}/delete?version=2`)
    expect(words(asked.text)).toContain('Delete the demographic item Residents?')
    expect(words(asked.text)).toContain('Its values since 01/01/2026 (2) and its variances (1) go with it.')
    expect(asked.text).toContain(`href="${at}">Keep it`)
    expect(await rowsOf(t.town.db, 'demographic')).toBe(1)
    expect((await t.clerk.post(`${at}/delete`, formOf(asked.text, 'remove'))).headers.location).toBe(DEMOGRAPHICS)
    expect(await rowsOf(t.town.db, 'demographic_value')).toBe(0)
  })

  it.each([
    ['notes', 'note', { level: 'account', text: 'Old text' }, { text: 'New text' }],
    ['special-conditions', 'special_condition', { level: 'account', effectiveDate: '07/01/2026' }, {}],
    ['service-orders', 'service_order', { requested: '07/01/2026' }, { description: 'New text' }],
    [
      'demographics',
      'demographic',
      { category: 'HH Household', value: '4', effectiveDate: '01/01/2026' },
      { value: '5' },
    ],
  ])(
    'leaves one of %s that somebody else changed meanwhile, and shows it as it is now',
    async (tab, table, typed, change) => {
      const path = `/panel/100.01/${tab}`
      const chosen = await firstOptions(`${path}/new`)
      expect((await t.clerk.post(path, await newForm(path, { ...chosen, ...typed }))).status).toBe(303)
      const at = `${path}/${await idIn(table)}`
      const asked = formOf((await t.clerk.get(`${at}/delete?version=1`)).text, 'remove')
      await other.post(at, { ...formOf((await other.get(at)).text, 'record'), ...change })
      for (const answer of [await t.clerk.get(`${at}/delete?version=1`), await t.clerk.post(`${at}/delete`, asked)]) {
        expect(answer.status).toBe(409)
        expect(words(answer.text)).toMatch(/supervisor-\d+ changed this .* Nothing was deleted: this is how it is now/)
        expect(formOf(answer.text, 'record')).toMatchObject({ ...change, version: '2' })
        expect(answer.text).toContain(`href="${at}/delete?version=2"`)
      }
      expect((await t.clerk.post(`${at}/delete`)).status).toBe(409)
      expect((await t.clerk.post(`${at}/delete`, { version: '2' })).status).toBe(303)
      expect((await t.clerk.post(`${at}/delete`, { version: '2' })).status).toBe(404)
    },
  )

  it('is offered to nobody who may not edit', async () => {
    await t.clerk.post(NOTES, await newForm(NOTES, { text: 'Stays' }))
    const at = `${NOTES}/${await idIn('note')}`
    expect((await t.viewer.get(`${at}/delete`)).status).toBe(403)
    expect((await t.clerk.get(`/panel/200.01/notes/${await idIn('note')}/delete`)).status).toBe(404)
  })
})

/** The first choice of every select of a page that opens without one. */
async function firstOptions(page: string): Promise<Record<string, string>> {
  const { text } = await t.clerk.get(page)
  const found = [...text.matchAll(/<select id="f-(\w+)"[^>]*><option value=""><\/option><option value="([^"]+)"/g)]
  return Object.fromEntries(found.map(([, name = '', value = '']) => [name, value]))
}
