import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSession } from '../auth/session.ts'
import { findChromium } from '../testing/tools.ts'
import { PATH, toyTown } from '../testing/toy-screen.ts'

let toy: Awaited<ReturnType<typeof toyTown>>
let server: Server
let chrome: Browser
let page: Page
let base: string

describe.skipIf(findChromium() === undefined)('a routine by the keyboard', () => {
  beforeAll(async () => {
    toy = await toyTown()
    server = toy.app.listen(0, '127.0.0.1')
    await new Promise((done) => server.once('listening', done))
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    chrome = await chromium.launch({ executablePath: findChromium() ?? '', args: ['--no-sandbox', '--disable-gpu'] })
    const context = await chrome.newContext()
    const login = await startSession(toy.town.app, toy.supervisor.user.id)
    const [name = '', value = ''] = (login.split(';')[0] ?? '').split('=')
    await context.addCookies([{ name, value, url: base }])
    page = await context.newPage()
    page.setDefaultTimeout(15_000)
  })
  afterAll(async () => {
    await chrome?.close()
    server?.close()
    await toy?.town.drop()
  })

  /** A press within a second of what has just appeared was not meant for it. */
  const later = () => page.waitForTimeout(1200)
  const ctrlG = () => page.keyboard.press('Control+g')

  it('CTRL+G previews, a second press at once does nothing, a later one posts', async () => {
    await page.goto(base + PATH)
    await later()
    await ctrlG()
    await page.waitForURL(/\?run=\d+$/)
    const url = page.url()
    await ctrlG()
    await page.waitForTimeout(300)
    expect(page.url()).toBe(url)
    await later()
    await ctrlG()
    await page.waitForURL(/\/runs\/\d+$/)
    expect(await page.textContent('main')).toContain('What was posted')
  })

  it('F1 opens the help of the routine with the keys of its screen, as the foot of the page says', async () => {
    await page.goto(base + PATH)
    expect(await page.textContent('footer')).toContain('F1 help and the keys of this screen')
    const help = page.locator('#main details:has(> summary[aria-keyshortcuts=F1])')
    expect(await help.getAttribute('open')).toBeNull()
    await page.keyboard.press('F1')
    await page.waitForSelector('[data-keys-part] dd')
    expect(await page.evaluate('document.activeElement.getAttribute("aria-keyshortcuts")')).toBe('F1')
    expect(await page.locator('dialog#keys').isVisible()).toBe(false)
    expect(await help.textContent()).toContain('Every service that is subject to tax certification')
    const keys = (await page.locator('[data-keys]').first().textContent()) ?? ''
    for (const key of ['Ctrl+G', 'Ctrl+R', 'F9 or Ctrl+K', 'F1']) expect(keys).toContain(key)
    await page.keyboard.press('F1')
    expect(await page.locator('[data-keys-part]').isVisible()).toBe(false)
    await page.goto(`${base}/runs`)
    expect(await page.textContent('footer')).toContain('F1 the keys of this screen')
    await page.keyboard.press('F1')
    expect(await page.locator('dialog#keys').isVisible()).toBe(true)
  })

  it('Enter in a field previews and never posts', async () => {
    await page.goto(base + PATH)
    await page.focus('#f-amount')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\?run=\d+$/)
    const first = page.url()
    await page.focus('#f-amount')
    await page.keyboard.press('Enter')
    await page.waitForURL((url) => url.href !== first && url.search.includes('run='))
    expect(await page.textContent('#go')).toContain('GO')
  })

  it('a changed option, or a line of the criteria, takes GO away until it is previewed', async () => {
    const tools = () => page.textContent('#go')
    await page.fill('#f-amount', '8.00')
    await page.waitForSelector('#go:not(:has-text("GO"))')
    expect(await tools()).toContain('Preview')
    await later()
    await ctrlG()
    await page.waitForSelector('#go:has-text("GO")')
    await page.click('text=Add line')
    await page.waitForSelector('#c2-field')
    expect(await tools()).not.toContain('GO')
    await page.selectOption('#c1-field', 'bankrupt')
    await page.waitForSelector('#c1-operator:not(:has(option[value=contains]))')
    await page.click('[aria-label="Remove line 2"]')
    await page.waitForSelector('#c2-field', { state: 'detached' })
    expect(await page.inputValue('#c1-field')).toBe('bankrupt')
    expect(await page.inputValue('#f-amount')).toBe('8.00')
  })
})
