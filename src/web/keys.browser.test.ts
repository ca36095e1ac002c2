import { readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSession } from '../auth/session.ts'
import { FEATURES } from '../features.ts'
import { appFor, aUser } from '../testing/browser.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { findChromium } from '../testing/tools.ts'
import { defineForm, field } from './form.ts'
import { dateInput, moneyInput, textInput } from './inputs.ts'
import { feature } from './routes.ts'
import { templates } from './templates.ts'
import { view } from './view.ts'

const form = defineForm({
  day: field(dateInput(), { label: 'Day', input: 'date' }),
  amount: field(moneyInput(), { label: 'Amount', input: 'money' }),
  name: field(textInput(), { label: 'Name' }),
})

/** A screen with everything the script looks after. */
const screen = `{% extends layout %}{% from "shared/forms.njk" import fields, token, saveButton, summary %}
{% block toolbar %}<button class="btn pri" form="go" aria-keyshortcuts="Control+G">Preview <kbd>Ctrl+G</kbd></button>{{ saveButton("entry") }}
<a class="btn" href="/me" aria-keyshortcuts="Alt+N">New <kbd>Alt+N</kbd></a>{% endblock %}
{% block main %}{{ summary(form) }}<nav class="tabs" aria-label="Tabs"><a href="/?tab=1" aria-keyshortcuts="Alt+1">One</a><a href="/organization/users" aria-keyshortcuts="Alt+2">Two</a></nav>
<form id="go" method="post" action="/keys/go">{{ token(shell) }}</form>
<form id="entry" class="sheet" method="post" action="/keys" data-entry data-guard>{{ token(shell) }}<div class="in">{{ fields(form) }}</div></form>
<dialog id="alert" data-open aria-labelledby="at"><header><h2 id="at">Alert</h2></header><div class="in">No checks</div><footer><button class="btn pri" type="button" data-close autofocus>Continue</button></footer></dialog>
<span id="gone">{{ gone }}</span>{% endblock %}`

let gone = 0
let saved = 0
let town: TestTown
let server: Server
let chrome: Browser
let context: BrowserContext
let page: Page
let base: string
const faults: string[] = []

const keysScreen = () =>
  feature('keys')
    .get('/keys', 'signed-in', (req, res) =>
      view(req, res, 'testing-keys.njk', { title: 'Keys', form: form.show({ amount: '5.00', name: 'x' }), gone }),
    )
    .post('/keys/go', 'signed-in', (req, res) => {
      gone += 1
      view(req, res, 'testing-keys.njk', { title: 'Keys', form: form.show({ amount: '5.00', name: 'x' }), gone })
    })
    .post('/keys', 'signed-in', (req, res) => {
      saved += 1
      const parsed = form.parse(req.body)
      const shown = parsed.ok ? form.show(parsed.data) : parsed.view
      view(req, res, 'testing-keys.njk', { title: 'Keys', form: shown, gone }, { status: parsed.ok ? 200 : 422 })
    })

const noBrowser = findChromium() === undefined

beforeAll(async () => {
  if (noBrowser) return
  town = await freshTown()
  const loaders = (templates as unknown as { loaders: { cache: object; getSource(name: string): object | null }[] })
    .loaders
  const own = { src: screen, path: 'testing-keys.njk', noCache: false }
  loaders.unshift({ cache: {}, getSource: (name) => (name === own.path ? own : null) })
  const user = await aUser(town, 'administrator', 'keys')
  const started = appFor(town, { features: [keysScreen, ...FEATURES], today: '2026-03-15' }).listen(0, '127.0.0.1')
  await new Promise((done) => started.once('listening', done))
  server = started
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  chrome = await chromium.launch({
    executablePath: findChromium() ?? '',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })
  context = await chrome.newContext({ viewport: { width: 1366, height: 768 } })
  const [name = '', value = ''] = ((await startSession(town.app, user.id)).split(';')[0] ?? '').split('=')
  await context.addCookies([{ name, value, url: base }])
  page = await context.newPage()
  page.setDefaultTimeout(8000)
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => /Content Security|violat/i.test(message.text()) && faults.push(message.text()))
})
afterAll(async () => {
  await chrome?.close()
  server?.close()
  await town?.drop()
})

async function open() {
  await page.goto(`${base}/keys`)
  await page.keyboard.press('Escape')
}
const value = (name: string) => page.inputValue(`[name=${name}]`)

describe.skipIf(noBrowser)('keys', () => {
  it('opens the alert by itself, as a modal that keeps the keys', async () => {
    await page.goto(`${base}/keys`)
    expect(await page.locator('dialog#alert:modal').count()).toBe(1)
    await page.keyboard.press('Alt+2')
    expect(page.url()).toBe(`${base}/keys`)
    await page.keyboard.press('Enter')
    expect(await page.locator('dialog:modal').count()).toBe(0)
  })

  it('CTRL+G presses once: not within a second, not by repeating', async () => {
    await open()
    gone = 0
    await page.keyboard.press('Control+g')
    await page.waitForTimeout(200)
    expect(gone).toBe(0)
    await page.waitForTimeout(1000)
    await page.keyboard.down('Control')
    for (let n = 0; n < 5; n += 1) await page.keyboard.down('g')
    await page.keyboard.up('g')
    await page.keyboard.up('Control')
    await page.waitForURL('**/keys/go')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+g')
    await page.waitForTimeout(300)
    expect(gone).toBe(1)
  })

  it('what was fetched elsewhere on the screen takes no press away', async () => {
    await open()
    gone = 0
    await page.waitForTimeout(1200)
    await page.evaluate("htmx.swap('[data-keys]', '<dt>swapped</dt>', { swapStyle: 'innerHTML', settleDelay: 0 })")
    await page.waitForSelector('dt:text("swapped")', { state: 'attached' })
    await Promise.all([page.waitForURL('**/keys/go'), page.keyboard.press('Control+g')])
    expect(gone).toBe(1)
  })

  it('T, + and - move a date; Enter goes on, and saves on the last field', async () => {
    await open()
    await page.focus('[name=day]')
    await page.keyboard.press('t')
    expect(await value('day')).toBe('03/15/2026')
    await page.keyboard.press('+')
    await page.keyboard.press('+')
    await page.keyboard.press('-')
    expect(await value('day')).toBe('03/16/2026')
    saved = 0
    await page.keyboard.press('Enter')
    expect(await page.evaluate('document.activeElement.name')).toBe('amount')
    await page.keyboard.type('42.50')
    expect(await value('amount')).toBe('42.50')
    await page.keyboard.press('Enter')
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')])
    expect(saved).toBe(1)
  })

  it('CTRL+S saves, and after a refusal the summary has the focus', async () => {
    await open()
    await page.fill('[name=day]', '3/1/2026')
    await page.fill('[name=amount]', 'abc')
    saved = 0
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Control+s')])
    expect(saved).toBe(1)
    await page.keyboard.press('Escape')
    expect(await page.evaluate('document.activeElement.id')).toBe('errors')
  })

  it('asks before unsaved work is left', async () => {
    await open()
    await page.fill('[name=name]', 'changed')
    let asked = ''
    page.once('dialog', (dialog) => {
      asked = dialog.type()
      void dialog.accept()
    })
    await page.goto(`${base}/me`)
    expect(asked).toBe('beforeunload')
  })

  it('F9 and CTRL+K look up, arrows walk the suggestions, ALT+digit opens a tab, ALT+N is new', async () => {
    await open()
    await page.keyboard.press('F9')
    await page.keyboard.type('users and')
    await page.waitForSelector('.goto .suggestions a')
    await page.keyboard.press('ArrowDown')
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')])
    expect(page.url()).toBe(`${base}/organization/users`)
    await open()
    await page.keyboard.press('Control+k')
    expect(await page.evaluate('document.activeElement.name')).toBe('q')
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Alt+2')])
    expect(page.url()).toBe(`${base}/organization/users`)
    await open()
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Alt+n')])
    expect(page.url()).toBe(`${base}/me`)
  })

  it('F1 lists the keys of the screen; nothing else is taken', async () => {
    await open()
    await page.keyboard.press('F1')
    const listed = (await page.locator('#keys dl').textContent()) ?? ''
    for (const key of ['Ctrl+G', 'Ctrl+S', 'Alt+N', 'F9 or Ctrl+K', 'Alt+1']) expect(listed).toContain(key)
    await page.keyboard.press('Escape')
    await page.evaluate(
      "window.taken = []; addEventListener('keydown', (e) => { if (e.defaultPrevented) window.taken.push(e.key); e.preventDefault() })",
    )
    for (const key of ['Control+r', 'F6', 'Control+p', 'Control+d', 'Control+f', 'Alt+d', 'F5', 'a', 'Alt+p'])
      await page.keyboard.press(key)
    expect(await page.evaluate('window.taken')).toEqual([])
  })
})

describe.skipIf(noBrowser)('every page of the shell', () => {
  const paths = [
    '/',
    '/me',
    '/organization/users',
    '/organization/users/new',
    '/organization/users/1',
    '/reports/audit-trail',
    '/go?q=x',
    '/nothing',
    '/keys',
  ]
  it.each(paths)('%s breaks no content policy, keeps nothing in the browser and passes axe', async (path) => {
    await page.goto(base + path)
    await page.keyboard.press('Escape')
    await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'))
    const { violations } = (await page.evaluate(
      "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] })",
    )) as { violations: { id: string; nodes: { html: string }[] }[] }
    expect(violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html}`)).toEqual([])
    expect(await page.evaluate('localStorage.length + sessionStorage.length')).toBe(0)
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    expect(faults).toEqual([])
  })
})
