import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Db, one } from '../db/db.ts'
import type { Browser } from '../testing/browser.ts'
import { OPTIONS, PATH, previewed, toyTown } from '../testing/toy-screen.ts'

let toy: Awaited<ReturnType<typeof toyTown>>
let db: Db
let supervisor: Browser
beforeAll(async () => {
  toy = await toyTown()
  ;({ db, supervisor } = toy)
})
afterAll(() => toy.town.drop())

describe('selection criteria', () => {
  const lines = { 'c1-field': 'balance', 'c1-operator': '>=', 'c1-value': '25.00' }
  const press = (button: string, more: Record<string, string> = {}, headers = {}) =>
    supervisor.post(`${PATH}/criteria`, { ...OPTIONS, amount: '7.77', ...lines, do: button, ...more }, headers)

  it('000-025: gets and loses lines without scripts, keeping the options', async () => {
    const more = await press('add')
    expect(more.status).toBe(200)
    expect(more.text).toContain('name="c2-field"')
    expect(more.text).toContain('value="7.77"')
    expect(more.text).toContain('value="25.00"')
    const fewer = await press('remove-1', { 'c2-join': 'or', 'c2-field': 'cycle', 'c2-operator': '=', 'c2-value': 'A' })
    expect(fewer.text).not.toContain('name="c2-field"')
    expect(fewer.text).toContain('value="A"')
  })

  it('changes itself alone with htmx, and takes GO along', async () => {
    const { text } = await press('add', {}, { 'HX-Request': 'true' })
    expect(text).toMatch(/^\s*<section class="sheet" id="criteria"/)
    expect(text).toContain('id="go" hx-swap-oob="true"')
    expect(text).not.toContain('<html')
  })

  it('offers the operators of the field', async () => {
    const { text } = await press('', { 'c1-field': 'bankrupt', 'c1-operator': '=', 'c1-value': 'yes' })
    expect(text).not.toContain('<option value="contains"')
  })

  it('says which line is wrong', async () => {
    const answer = await supervisor.post(`${PATH}/preview`, { ...OPTIONS, ...lines, 'c1-value': 'much' })
    expect(answer.status).toBe(422)
    expect(answer.text).toMatch(/<p class="err" id="c1-e">Write an amount/)
  })

  it('000-026: selects by one value or several', async () => {
    const { html } = await previewed(supervisor, {
      'c1-field': 'accountNumber',
      'c1-operator': 'in',
      'c1-value': '1.01, 3.01',
    })
    expect(html).toContain('2 accounts')
    expect(html).toContain('4 outside the criteria')
    expect(html).toContain('value="1.01, 3.01"')
  })

  it('saves, loads and deletes sets; a bad line is not saved', async () => {
    expect((await press('save', { 'set-name': 'Large' })).text).toContain('Saved as Large.')
    const opened = await supervisor.get(PATH)
    const id = /<option value="(\d+)">Large/.exec(opened.text)?.[1] ?? ''
    expect((await press('load', { set: id, 'c1-value': '1' })).text).toContain('value="25.00"')
    expect((await press('save', { 'set-name': 'Bad', 'c1-value': 'x' })).status).toBe(422)
    expect((await press('save', { 'set-name': '' })).text).toContain('Give the set a name')
    expect((await press('delete', { set: id })).text).toContain('was deleted')
    expect((await supervisor.get(PATH)).text).not.toContain('Large')
    const who = await one<{ actor: number }>(
      db,
      sql`select actor from audit where subject = 'saved_criteria' and action = 'delete'`,
    )
    expect(who?.actor).toBe(supervisor.user.id)
  })

  it('keeps criteria that are deeper than lines', async () => {
    const deep = JSON.stringify({
      any: [
        {
          all: [
            { field: 'cycle', operator: '=', value: 'A' },
            { field: 'route', operator: '=', value: '1' },
          ],
        },
      ],
    })
    const { html } = await previewed(supervisor, { criteria: deep })
    expect(html).toContain('nest deeper')
    expect(html).toContain('Cycle is A and Route is 1')
    expect((await supervisor.post(`${PATH}/preview`, { ...OPTIONS, criteria: '{' })).status).toBe(400)
    expect((await supervisor.post(`${PATH}/preview`, { ...OPTIONS, criteria: '{"all":[{"field":"x"}]}' })).status).toBe(
      422,
    )
  })
})
