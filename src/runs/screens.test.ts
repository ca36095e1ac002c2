import { gzipSync } from 'node:zlib'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Db, one } from '../db/db.ts'
import { type Browser, signedIn } from '../testing/browser.ts'
import { posted, transaction } from '../testing/small-town.ts'
import { go, hashIn, PATH, postedBy, previewed, TODAY, toyRegistry, toyTown } from '../testing/toy-screen.ts'
import { uploaded } from '../testing/upload.ts'
import { prepareAgain, prepareRun } from './service.ts'

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

describe('the screen of a routine', () => {
  it('opens with the defaults, Preview first and on CTRL+G, nothing to go', async () => {
    const { text } = await supervisor.get(PATH)
    expect(text).toContain('value="04/20/2026"')
    expect(text).toMatch(
      /<button class="btn pri" form="run" aria-keyshortcuts="Control\+G" data-preview>Preview <kbd>Ctrl\+G<\/kbd>/,
    )
    expect(text).not.toMatch(/>GO /)
    const submits = [...text.matchAll(/<button(?![^>]*type="button")[^>]*form="run"[^>]*>([^<]+)/g)]
    expect(submits[0]?.[1]).toBe('Preview ')
    expect(text.indexOf('form="run"')).toBeLessThan(text.indexOf('<form id="run"'))
    expect(gzipSync(text).length).toBeLessThan(12 * 1024)
  })

  it('says what is wrong beside the field and keeps what was typed', async () => {
    const answer = await supervisor.post(`${PATH}/preview`, { date: '02/30/2026', amount: 'much', code: 'K' })
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('There is no day 30 in that month.')
    expect(answer.text).toContain('value="much"')
    expect(answer.text).toContain('value="K"')
  })

  it('previews: before, change, after, totals, who is left out and why; then GO carries the hash', async () => {
    const { html, hash, run } = await previewed(supervisor, { code: 'TAX' })
    expect(hash).not.toBe('')
    expect(html).toMatch(/GO <kbd>Ctrl\+G<\/kbd>/)
    expect(html.match(/aria-keyshortcuts="Control\+G"/g)).toHaveLength(1)
    expect(html).toContain('5 accounts')
    expect(html).toContain('1 left out')
    expect(html).toContain('<td class="amt now">5.00</td>')
    expect(html).toContain('<td class="amt">25.00</td>')
    expect(html).toContain('Collection code TAX')
    expect(html).toContain('Not customer 2')
    expect(html).toContain('nothing is posted yet')
    expect(await postedBy(db, run)).toBe(0)
    expect(gzipSync(html).length).toBeLessThan(12 * 1024)
  })

  it('says what changed since the last preview, and throws the one it replaces away', async () => {
    const first = await previewed(supervisor)
    const second = await previewed(supervisor, { run: first.run, amount: '6.00' })
    expect(second.html).toMatch(/Since the preview of .*5 with other amounts.*total 25\.00 before, 30\.00 now/s)
    expect((await supervisor.get(`/runs/${first.run}`)).text).toContain('Cancelled, nothing posted')
  })

  it('takes GO away when an option is changed', async () => {
    const { html } = await previewed(supervisor)
    expect(html).toMatch(/hx-get="\/billing\/toy-charges\/changed" hx-trigger="input from:#run"/)
    const { text } = await supervisor.get(`${PATH}/changed`, { 'HX-Request': 'true' })
    expect(text).toMatch(
      /^\s*<div class="tools" id="go">\s*<button class="btn pri" form="run" aria-keyshortcuts="Control\+G" data-preview>Preview/,
    )
    expect(text).not.toContain('GO ')
  })

  it('has nothing to post when nobody meets the criteria', async () => {
    const { html, hash, run } = await previewed(supervisor, {
      'c1-field': 'balance',
      'c1-operator': '>',
      'c1-value': '99999',
    })
    expect(html).toContain('Nothing to post')
    expect(html).toContain('6 outside the criteria')
    expect(hash).toBe('')
    const forced = await go(supervisor, run, 'x')
    expect(forced.status).toBe(422)
    expect(forced.text).toContain('There is nothing to post.')
  })
})

describe('a routine that reads a file', () => {
  const multipart = (by: Browser, fields: Record<string, string>, text?: string) =>
    uploaded(by, '/billing/toy-file/preview', fields, text === undefined ? undefined : { name: 'county.csv', text })

  it('needs one, keeps it for the next preview, and shows what the run made', async () => {
    const none = await multipart(supervisor, { title: 'One' })
    expect(none.status).toBe(422)
    expect(none.text).toContain('The file: choose a file.')
    const first = await multipart(supervisor, { title: 'One' }, 'a,b')
    expect(first.status, first.text).toBe(303)
    const page = await supervisor.get(first.headers.location as string)
    expect(page.text).toContain('enctype="multipart/form-data"')
    expect(page.text).toMatch(/Files: <a href="\/runs\/\d+\/files\/copy.txt">/)
    expect(page.text).toMatch(/GO <kbd>/)
    const run = /run=(\d+)/.exec(first.headers.location as string)?.[1] ?? ''
    const second = await multipart(supervisor, { title: 'Two', run })
    const next = /run=(\d+)/.exec(second.headers.location as string)?.[1] ?? ''
    expect((await clerk.get(`/runs/${next}/files/copy.txt`)).text).toBe('Two: a,b')
    expect((await clerk.get(`/runs/${next}/files/received-county.csv`)).text).toBe('a,b')
    expect(await one(db, sql`select options from ledger.run where id = ${next}::bigint`)).toEqual({
      options: { title: 'Two' },
    })
    expect((await supervisor.post('/billing/toy-file/again', { run: next })).status).toBe(303)
    expect((await clerk.get(`/runs/${next}/files/copy.txt`)).text).toBe('Two: a,b')
  })

  it('hides one that names private accounts from those who may not see them', async () => {
    const answer = await multipart(supervisor, { title: 'Three' }, 'private')
    const run = /run=(\d+)/.exec(answer.headers.location as string)?.[1] ?? ''
    expect((await clerk.get(`/runs/${run}/files/received-county.csv`)).status).toBe(404)
    expect((await clerk.get(`/runs/${run}`)).text).not.toContain('received-county.csv')
    expect((await admin.get(`/runs/${run}/files/received-county.csv`)).text).toBe('private')
  })
})

describe('preparing', () => {
  it('shows how far it is, and goes on to what came out', async () => {
    const first = await previewed(supervisor)
    await prepareAgain(db, Number(first.run))
    await db.execute(sql`select ledger.run_progress(${first.run}::bigint, 3, 5, 0)`)
    const page = await supervisor.get(first.url)
    expect(page.text).toContain('<progress aria-label="Accounts prepared" max="100" value="60">')
    expect((await admin.get(first.url)).text).toContain('<progress aria-label="Accounts prepared" max="5" value="3">')
    expect(page.text).toContain('60 percent done')
    expect(page.text).toContain('<noscript><meta http-equiv="refresh" content="2"></noscript>')
    const htmx = { 'HX-Request': 'true' }
    const part = await supervisor.get(`/runs/${first.run}/progress`, htmx)
    expect(part.text).toMatch(
      /^\s*<div class="in stack" id="progress" hx-get="\/runs\/\d+\/progress" hx-trigger="every 2s"/,
    )
    await prepareRun(db, toyRegistry, Number(first.run), TODAY)
    const done = await supervisor.get(`/runs/${first.run}/progress`, htmx)
    expect([done.status, done.headers['hx-redirect']]).toEqual([204, first.url])
  })

  it('says when it broke off', async () => {
    const first = await previewed(supervisor)
    await prepareAgain(db, Number(first.run))
    await db.execute(sql`select ledger.fail_run(${first.run}::bigint, 'Stopped. Nothing was posted.')`)
    expect((await supervisor.get(first.url)).text).toContain('Stopped. Nothing was posted.')
    expect((await supervisor.get('/runs')).text).toContain('Stopped, nothing posted')
  })
})

describe('GO', () => {
  let preview: Awaited<ReturnType<typeof previewed>>
  beforeEach(async () => {
    preview = await previewed(supervisor)
  })

  it('posts once, whoever presses however often, and leads to the run with its register', async () => {
    const [one, two, three] = await Promise.all([
      go(supervisor, preview.run, preview.hash),
      go(admin, preview.run, preview.hash),
      go(supervisor, preview.run, preview.hash),
    ])
    for (const answer of [one, two, three]) {
      expect(answer.status).toBe(303)
      expect(answer.headers.location).toBe(`/runs/${preview.run}`)
    }
    expect(await postedBy(db, preview.run)).toBe(5)
    const { text } = await clerk.get(`/runs/${preview.run}`)
    expect(text).toContain('What was posted')
    expect(text).toContain('register.pdf')
    expect((await supervisor.get(`${PATH}?run=${preview.run}`)).headers.location).toBe(`/runs/${preview.run}`)
    const again = await go(supervisor, preview.run, 'another hash')
    expect(again.headers.location).toBe(`/runs/${preview.run}`)
    expect((await supervisor.get(`/runs/${preview.run}`)).text).toContain('posted already')
  })

  it('names the accounts that changed with before and now, posts nothing, and prepares again', async () => {
    await posted(db, '3.01', [
      await transaction(db, { account: '3.01', date: '2026-04-10' }, [['WA', '2026-04-30', '7.00']]),
    ])
    const answer = await go(supervisor, preview.run, preview.hash)
    expect(answer.status).toBe(409)
    expect(answer.text).toContain('Nothing was posted')
    expect(answer.text).toMatch(
      /<a href="\/accounts\/3\.01">3\.01<\/a><\/td><td class="amt">[\d.]+<\/td><td class="amt">[\d.]+</,
    )
    expect(answer.text).toMatch(/aria-keyshortcuts="Control\+G">Prepare these again/)
    expect(answer.text).not.toMatch(/>GO /)
    expect(await postedBy(db, preview.run)).toBe(0)
    const prepared = await supervisor.post(`${PATH}/again`, { run: preview.run })
    expect(prepared.headers.location).toBe(`${PATH}?run=${preview.run}`)
    const { text } = await supervisor.get(`${PATH}?run=${preview.run}`)
    expect((await go(supervisor, preview.run, hashIn(text))).status).toBe(303)
    expect(await postedBy(db, preview.run)).toBe(5)
  })

  it('does not take an old hash after preparing again', async () => {
    await supervisor.post(`${PATH}/again`, { run: preview.run })
    const wrong = await go(supervisor, preview.run, '0123')
    expect(wrong.status).toBe(409)
    expect(wrong.text).toContain('Prepare all again')
  })

  it('is for those who may post; a clerk prepares and is told so', async () => {
    const mine = await previewed(clerk)
    expect(mine.html).not.toMatch(/>GO /)
    expect(mine.html).toContain('Your role prepares this run')
    expect((await go(clerk, mine.run, 'x')).status).toBe(403)
    const viewer = await signedIn(toy.town, 'viewer', toy.app)
    expect((await viewer.get(PATH)).status).toBe(403)
    expect((await viewer.get(`/runs/${mine.run}`)).status).toBe(200)
    expect((await viewer.post(`${PATH}/reverse`, { run: mine.run })).status).toBe(403)
    expect((await clerk.post(`${PATH}/reverse`, { run: mine.run })).status).toBe(403)
  })
})
