import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { one, rows } from '../db/db.ts'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import { faults } from '../testing/certifying.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { GOLDEN, loadTown } from '../testing/towns.ts'
import { ownLayout } from './county-layouts.ts'

let town: TestTown
let clerk: Browser
let supervisor: Browser
let administrator: Browser
beforeAll(async () => {
  town = await freshTown()
  await loadTown(town.db, GOLDEN)
  const app = appFor(town, { today: '2011-05-02' })
  clerk = await signedIn(town, 'clerk', app)
  supervisor = await signedIn(town, 'supervisor', app)
  administrator = await signedIn(town, 'administrator', app)
})
afterAll(async () => {
  expect(await faults(town.db)).toEqual([])
  await town.drop()
})

const PATH = '/tax-certification/layouts'
const HEAD = {
  code: 'ashford',
  name: 'Ashford County',
  kind: 'fixed',
  lineWidth: '30',
  linesPer: 'parcel',
  lineEnd: 'crlf',
  seen: '',
}
/** The controls of a field: `name, source, width` and whatever else. */
const fieldForm = (section: string, at: number, name: string, source: string, width: string, more: object = {}) => {
  const parts = { name, source, width, pad: '', fill: '', format: '', ...more }
  return Object.fromEntries(Object.entries(parts).map(([part, value]) => [`${section}-${at}-${part}`, value]))
}
const FIELDS = {
  ...fieldForm('line', 0, 'Parcel', 'parcel', '12', { stripPunctuation: 'on' }),
  ...fieldForm('line', 1, 'Amount', 'total', '9', { impliedDecimals: 'on' }),
  ...fieldForm('line', 2, 'Blank', 'blank', '9'),
  ...fieldForm('trailer', 0, 'Mark', 'constant', '1', { format: 'T' }),
  ...fieldForm('trailer', 1, 'Lines', 'count', '5'),
  ...fieldForm('trailer', 2, 'Sum', 'sum_total', '24', { impliedDecimals: 'on' }),
}
const unescaped = (html: string) =>
  html
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&#92;', '\\')
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&')
const seenIn = (html: string) => unescaped(/name="seen" value="([^"]*)"/.exec(html)?.[1] ?? '')

describe('County Layouts', () => {
  it('stand in the menu; presets are shown with a sample and can be copied', async () => {
    expect((await clerk.get('/menu/tax-certification')).text).toContain('County Layouts')
    const list = (await clerk.get(PATH)).text
    expect(list).toContain('No layouts of your own yet.')
    for (const code of ['csv', 'csv-parcel', 'san-mateo', 'munis']) expect(list).toContain(`>${code}<`)
    const preset = (await supervisor.get(`${PATH}/san-mateo`)).text
    expect(preset).toContain('An example: there is nothing to collect yet')
    expect(preset).toContain('22-80')
    expect(preset).toContain(`617·02254015700022955${'·'.repeat(59)}`)
    expect(preset).toContain('2 lines, 2 parcels, 3 accounts, 1,658.22')
    const copy = (await supervisor.get(`${PATH}/new?copy=san-mateo`)).text
    expect(copy).toContain('value="San Mateo County, 80 characters, copy"')
    expect(copy).toContain('617·02254015700022955')
    expect(copy).toMatch(/name="line-4-width"[^>]*value="59"/)
    expect((await clerk.get(`${PATH}/san-mateo`)).text).not.toContain('Copy this layout')
    expect((await clerk.get(`${PATH}/new`)).status).toBe(403)
    expect((await supervisor.get(`${PATH}/new?copy=nothing`)).status).toBe(422)
    expect((await supervisor.post(`${PATH}/csv`, HEAD)).status).toBe(404)
  })

  it('say what is wrong beside the fields, and keep what was typed', async () => {
    const wrong = {
      ...HEAD,
      code: 'csv',
      lineWidth: '40',
      ...FIELDS,
      ...fieldForm('line', 2, 'Amount', 'colour', '9'),
      ...fieldForm('trailer', 1, 'Lines', 'count', ''),
    }
    const answer = await supervisor.post(`${PATH}/new`, wrong)
    expect(answer.status).toBe(422)
    const html = unescaped(answer.text)
    expect(html).toContain('The widths of the line come to 30, and a line has 40.')
    expect(html).toMatch(/id="f-line-2-source-e">There is no such content\./)
    expect(html).toMatch(/id="f-line-2-name-e">There is another Amount in this record\./)
    expect(html).toMatch(/id="f-trailer-1-width-e">Write a width of 1 to 2000\./)
    expect(html).toContain('<a href="#f-trailer-1-width">Trailer, Lines: Write a width of 1 to 2000.</a>')
    expect(html).toMatch(/<option value="colour" selected>/)
    expect(html).toContain('value="Ashford County"')
    const taken = await supervisor.post(`${PATH}/new`, { ...HEAD, ...FIELDS, code: 'csv' })
    expect(taken.status).toBe(422)
    expect(unescaped(taken.text)).toContain("csv is a name of the product's own.")
    const none = await supervisor.post(`${PATH}/new`, { ...HEAD, code: 'a b' })
    expect(unescaped(none.text)).toContain('A code has letters and digits, and . _ - between them, at most 20.')
    expect(none.text).toContain('A line needs at least one field.')
    expect((await supervisor.post(`${PATH}/new`, { ...HEAD, 'line-0-colour': 'red' })).status).toBe(400)
    expect(await one(town.db, sql`select count(*)::int as n from county_layout`)).toEqual({ n: 0 })
  })

  it('fields are added, moved and removed without anything being stored', async () => {
    const moved = await supervisor.post(`${PATH}/new`, { ...HEAD, ...FIELDS, do: 'up:line-2' })
    expect(moved.status).toBe(200)
    expect(moved.text).toMatch(/name="line-1-name"[^>]*value="Blank"/)
    expect(moved.text).toMatch(/id="do-up-line-1"[^>]*autofocus/)
    const added = await supervisor.post(`${PATH}/new`, { ...HEAD, ...FIELDS, do: 'add:header' })
    expect(added.text).toMatch(/id="f-header-0-name"[^>]*autofocus/)
    const removed = await supervisor.post(`${PATH}/new`, { ...HEAD, ...FIELDS, do: 'remove:line-0' })
    expect(removed.text).not.toContain('value="Parcel"')
    const sample = await supervisor.post(`${PATH}/new`, { ...HEAD, ...FIELDS, do: 'sample' }, { 'HX-Request': 'true' })
    expect(sample.text).not.toContain('<html')
    expect(sample.text).toContain('----+---10----+---20----+---30')
    expect(sample.text).toContain('022540157···000022955·········')
    expect(sample.text).toContain('T00002000000000000000000165822')
    const csv = await supervisor.post(`${PATH}/new`, { ...HEAD, ...FIELDS, kind: 'csv', do: 'sample' })
    expect(csv.text).not.toContain('name="line-0-width"')
    expect(csv.text).toContain('022540157,22955,')
  })

  it('are stored, audited, changed by one clerk at a time, renamed and deleted', async () => {
    const made = await supervisor.post(`${PATH}/new`, { ...HEAD, ...FIELDS })
    expect([made.status, made.headers.location]).toEqual([303, `${PATH}/ashford`])
    expect(await ownLayout(town.db, 'ashford')).toMatchObject({
      layout: {
        ...{ code: 'ashford', kind: 'fixed', lineWidth: 30, linesPer: 'parcel', lineEnd: 'crlf', columnNames: false },
        header: [],
        line: [
          { name: 'Parcel', source: 'parcel', width: 12, stripPunctuation: true },
          { name: 'Amount', source: 'total', width: 9, impliedDecimals: true },
          { name: 'Blank', source: 'blank', width: 9 },
        ],
      },
    })
    const again = await supervisor.post(`${PATH}/new`, { ...HEAD, ...FIELDS })
    expect(again.text).toContain('There is already a county layout ashford.')
    const seen = seenIn((await supervisor.get(`${PATH}/ashford`)).text)
    const { 'trailer-2-name': _, ...fewer } = FIELDS as Record<string, string>
    const narrower = { ...fewer, 'trailer-2-source': '', 'trailer-2-width': '', 'trailer-1-width': '29' }
    const changed = await administrator.post(`${PATH}/ashford`, { ...HEAD, ...narrower, seen })
    expect(changed.status).toBe(303)
    const audited = await rows(
      town.db,
      sql`select action, actor, coalesce(new, old)->>'name' as name from audit where subject = 'county_layout_field' order by id desc limit 2`,
    )
    expect(audited).toEqual([
      { action: 'delete', actor: administrator.user.id, name: 'Sum' },
      { action: 'change', actor: administrator.user.id, name: 'Lines' },
    ])
    const late = await supervisor.post(`${PATH}/ashford`, { ...HEAD, ...FIELDS, name: 'Mine', seen })
    expect(late.status).toBe(409)
    expect(unescaped(late.text)).toContain('It said: Trailer 7-30: Sum (Sum of certified and fees)')
    expect(unescaped(late.text)).toContain('It says now: Trailer 2-30: Lines')
    expect(late.text).toContain('value="Mine"')
    const renamed = await supervisor.post(`${PATH}/ashford`, {
      ...HEAD,
      ...FIELDS,
      code: 'moved',
      seen: seenIn(late.text),
    })
    expect(renamed.headers.location).toBe(`${PATH}/moved`)
    expect((await clerk.get(`${PATH}/moved`)).text).not.toContain('Ctrl+S')
    expect((await supervisor.post(`${PATH}/moved/delete`, { version: '1' })).status).toBe(409)
    const version = /name="version" value="(\d+)"/.exec((await supervisor.get(`${PATH}/moved/delete`)).text)?.[1] ?? ''
    expect((await supervisor.post(`${PATH}/moved/delete`, { version })).status).toBe(303)
    expect((await supervisor.get(`${PATH}/moved`)).status).toBe(404)
    const deleted = await rows<{ actor: number }>(
      town.db,
      sql`select actor from audit where subject like 'county_layout%' and action = 'delete' and id > (select max(id) from audit where action = 'change' and subject = 'county_layout')`,
    )
    expect(deleted).toHaveLength(7)
    expect(new Set(deleted.map(({ actor }) => actor))).toEqual(new Set([supervisor.user.id]))
  })
})
