import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Db } from '../db/db.ts'
import { type Browser, signedIn } from '../testing/browser.ts'
import { go, PATH, previewed, toyTown } from '../testing/toy-screen.ts'

let toy: Awaited<ReturnType<typeof toyTown>>
let db: Db
let clerk: Browser
let supervisor: Browser
let admin: Browser
beforeAll(async () => {
  toy = await toyTown()
  ;({ db, clerk, supervisor, admin } = toy)
})
afterAll(() => toy.town.drop())

describe('a run', () => {
  it('is cancelled', async () => {
    const { run } = await previewed(supervisor)
    expect((await supervisor.post(`${PATH}/cancel`, { run })).headers.location).toBe(`/runs/${run}`)
    expect((await supervisor.get(`/runs/${run}`)).text).toContain('Cancelled, nothing posted')
  })

  it('is reversed with a reason, once; its files stay', async () => {
    const { run, hash } = await previewed(supervisor)
    await go(supervisor, run, hash)
    const bare = await supervisor.post(`${PATH}/reverse`, { run, reason: ' ' })
    expect(bare.status).toBe(422)
    expect(bare.text).toContain('Say why it is reversed.')
    const done = await supervisor.post(`${PATH}/reverse`, { run, reason: 'Wrong amount' })
    expect(done.status, done.text).toBe(303)
    const { text } = await supervisor.get(`/runs/${run}`)
    expect(text).toMatch(/Reversed by<\/dt><dd><a href="\/runs\/\d+">/)
    expect(text).toContain('of a reversed run')
    const twice = await supervisor.post(`${PATH}/reverse`, { run, reason: 'Again' })
    expect(twice.status).toBe(409)
    expect(twice.text).toContain('is reversed already')
    const reversal = /href="\/runs\/(\d+)">run/.exec(text)?.[1]
    const shown = await supervisor.get(`/runs/${reversal}`)
    expect(shown.text).toContain('Reversal of a run')
    expect(shown.text).toContain('Wrong amount')
  })

  it('stands in the menu of its routine, and in that of all runs in none', async () => {
    const { run } = await previewed(supervisor)
    for (const path of [`/runs/${run}`, `/runs/${run}/accounts/3.01`]) {
      const { text } = await supervisor.get(path)
      expect(text).toMatch(/<summary aria-current="true">Billing<\/summary>/)
      expect(text).toContain(`<li><a href="/menu/billing">Billing</a></li><li><a href="${PATH}">Toy charges</a></li>`)
      expect(text.match(/aria-current="true"/g)).toHaveLength(1)
    }
    const list = (await supervisor.get('/runs')).text
    expect(list).not.toContain('aria-current="true"')
    expect(list).not.toContain('<a href="/runs">Runs</a></li></ul></details>')
    const viewer = await signedIn(toy.town, 'viewer', toy.app)
    expect((await viewer.get(`/runs/${run}`)).text).toContain('<li><a href="/runs">Runs</a></li>')
  })

  it('stands in the list, by routine, newest first', async () => {
    const { run } = await previewed(supervisor)
    const { text } = await clerk.get('/runs?kind=test.charges')
    expect(text.indexOf(`/runs/${run}"`)).toBeGreaterThan(0)
    expect((await clerk.get('/runs?kind=none')).text).toContain('No run yet.')
  })

  it('shows one account with its lines and how they came about, and prints whole', async () => {
    const { run } = await previewed(supervisor)
    const account = await clerk.get(`/runs/${run}/accounts/3.01`)
    expect(account.text).toContain('Everyone pays the same.')
    expect((await clerk.get(`/runs/${run}/accounts/2.01`)).status).toBe(404)
    const printed = await clerk.get(`/runs/${run}/print`)
    expect(printed.text).toContain('Preview, nothing is posted')
    expect(printed.text).toContain('Not customer 2')
  })

  it('is not found under a number that is none, or of another routine', async () => {
    for (const url of [
      '/runs/0',
      '/runs/99999',
      '/runs/x',
      '/runs/1/files/none',
      `${PATH}?run=99999`,
      `${PATH}?run=x`,
    ]) {
      expect((await clerk.get(url)).status, url).toBe(404)
    }
    expect((await supervisor.post(`${PATH}/go`, { hash: 'x' })).status).toBe(404)
  })

  it('opens the next time with what was done last time, but for what is always fresh', async () => {
    const { run, hash } = await previewed(supervisor, {
      date: '04/02/2026',
      amount: '9.00',
      'c1-field': 'zip',
      'c1-operator': 'isBlank',
    })
    await go(supervisor, run, hash)
    const { text } = await supervisor.get(PATH)
    expect(text).toContain('Last time: 5 accounts, 45.00')
    expect(text).toContain('<dd>ZIP is blank</dd>')
    const opened = await supervisor.get(`${PATH}?same=${run}`)
    expect(text).toContain(`href="${PATH}?same=${run}"`)
    expect(opened.text).toContain('value="9.00"')
    expect(opened.text).toContain('value="04/20/2026"')
    expect(opened.text).toContain('<option value="zip" selected>')
  })
})

describe('private customers', () => {
  it('are for administrators, in counts and totals too', async () => {
    await db.execute(sql`update customer set public = false where number = '4'`)
    const { run } = await previewed(supervisor)
    const mine = (await supervisor.get(`${PATH}?run=${run}`)).text
    expect(mine).not.toContain('4.01')
    expect(mine).toContain('4 accounts')
    expect(mine).not.toContain('5 accounts')
    expect(mine).not.toContain('25.00')
    expect((await supervisor.get('/runs')).text).toMatch(
      new RegExp(`/runs/${run}".*<td class="amt">4</td><td class="amt">20.00</td>`),
    )
    expect((await admin.get('/runs')).text).toMatch(
      new RegExp(`/runs/${run}".*<td class="amt">5</td><td class="amt">25.00</td>`),
    )
    expect((await supervisor.get(`/runs/${run}/accounts/4.01`)).status).toBe(404)
    const again = await previewed(supervisor, { run, amount: '6.00' })
    expect(again.html).toMatch(/total 20\.00 before, 24\.00 now/)
    expect((await admin.get(`/runs/${again.run}`)).text).toContain('4.01')
    expect((await supervisor.get(`/runs/${run}`)).text).not.toContain('25.00')
    await go(supervisor, again.run, again.hash)
    const files = async (by: Browser) =>
      [...(await by.get(`/runs/${again.run}`)).text.matchAll(/\/files\/([\w.-]+)"/g)].map((found) => found[1])
    // the same names: that there are others would say that somebody is left out
    expect(await files(supervisor)).toEqual(['register.csv', 'register.pdf'])
    expect((await files(admin)).sort()).toEqual([
      'register-public.csv',
      'register-public.pdf',
      'register.csv',
      'register.pdf',
    ])
    expect((await supervisor.get(`/runs/${again.run}/files/register-public.csv`)).status).toBe(404)
    const csv = await supervisor.get(`/runs/${again.run}/files/register.csv`)
    expect(csv.text).not.toContain('4.01')
    expect(csv.text).toContain('\ntotal,,,,,Misc,,,24.00,')
    expect((await admin.get(`/runs/${again.run}/files/register.csv`)).text).toContain('4.01')
    await db.execute(sql`update customer set public = true where number = '4'`)
  })
})

describe('files', () => {
  it('are attachments of a fixed type', async () => {
    const { run, hash } = await previewed(supervisor)
    await go(supervisor, run, hash)
    const pdf = await clerk.get(`/runs/${run}/files/register.pdf`)
    expect(pdf.headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': `attachment; filename=run-${run}-register.pdf`,
      'x-content-type-options': 'nosniff',
    })
    expect((pdf.body as Buffer).subarray(0, 5).toString()).toBe('%PDF-')
    const csv = await clerk.get(`/runs/${run}/files/register.csv`)
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8')
    expect(csv.text.split('\n')[0]).toMatch(/^record,account_number,/)
    expect(csv.text).toMatch(/\nline,1\.01,Customer 1,1 Main St,,Misc,WA,,5\.00,/)
    expect(csv.text).toMatch(/\nleft out,2\.01,.*Not customer 2,2\.01,,failed\n/)
    expect(csv.text).toMatch(/\ntotal,,,,,Misc,,,25\.00,/)
  })
})
