import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core'
import type { Role } from '../auth/permissions.ts'
import { startSession } from '../auth/session.ts'
import { DEMO_DAY } from '../demo/periods.ts'
import { writeDemoTown } from '../demo/town.ts'
import type { Day } from '../ledger/calendar.ts'
import { importTown } from '../town/import.ts'
import { appFor, aUser } from './browser.ts'
import { freshTown, type TestTown } from './database.ts'
import { findChromium } from './tools.ts'
import { GOLDEN, loadTown } from './towns.ts'

/** Use as `describe.skipIf(noBrowser)`: `npm test` then names what is not here. */
export const noBrowser = findChromium() === undefined

interface WalkOptions {
  today: Day
  role?: Role
  /** Name of the user; it is shown in the bar. */
  name?: string
  viewport?: { width: number; height: number }
  javaScript?: boolean
}

/** A browser window, signed in, on the real server. */
export interface Walk {
  base: string
  context: BrowserContext
  page: Page
  /** Console errors, script errors and breaches of the content policy since the last `takeFaults`. */
  takeFaults(): string[]
  close(): Promise<void>
}

const listening = async (server: Server): Promise<string> => {
  await new Promise((done) => server.once('listening', done))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: findChromium() ?? '',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--force-color-profile=srgb'],
  })

/** Serves the town on a free port and opens a signed-in window on it. */
export async function startWalk(town: TestTown, options: WalkOptions): Promise<Walk> {
  const { today, role = 'administrator', name = 'p.alder', javaScript = true } = options
  const server = appFor(town, { today }).listen(0, '127.0.0.1')
  const base = await listening(server)
  const browser = await launch()
  const context = await browser.newContext({
    viewport: options.viewport ?? { width: 1366, height: 768 },
    javaScriptEnabled: javaScript,
  })
  const user = await aUser(town, role, name)
  const [cookie = '', value = ''] = ((await startSession(town.app, user.id)).split(';')[0] ?? '').split('=')
  await context.addCookies([{ name: cookie, value, url: base }])
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    // A failed load names itself only by its place.
    if (message.type() === 'error') faults.push(`${message.text()} (${message.location().url.replace(base, '')})`)
  })
  return {
    base,
    context,
    page,
    takeFaults: () => faults.splice(0),
    async close() {
      await browser.close()
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

/** The town of the golden case on its own day, 30 April 2011, with one collection code. */
export async function goldenTown(): Promise<TestTown> {
  const town = await freshTown()
  await loadTown(town.db, GOLDEN)
  return town
}

/** The demonstration town, as `npm run demo` shows it. */
export async function demoTown(): Promise<TestTown> {
  const town = await freshTown()
  const folder = await mkdtemp(path.join(tmpdir(), 'clerkwell-town-'))
  try {
    await writeDemoTown(folder)
    const result = await importTown(town.db, folder, { actor: 0, today: DEMO_DAY })
    if (!result.ok) throw new Error(`the demonstration town is not whole: ${JSON.stringify(result.faults.slice(0, 3))}`)
    return town
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The words somebody sees there, a single space between them. */
export async function wordsOf(place: Locator): Promise<string> {
  // biome-ignore lint/performance/useDomNodeTextContent: what is hidden is not read
  return (await place.innerText()).replace(/\s+/g, ' ')
}

const AXE = readFileSync(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
// A selector for every element that is in order takes a third of the time, and nobody reads it.
const ASKED = { runOnly: RULES, resultTypes: ['violations'], selectors: false, preload: false }

/** What axe finds on the page that is open: `rule: element`. */
export async function axeFaults(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  const { violations } = (await page.evaluate(`axe.run(document, ${JSON.stringify(ASKED)})`)) as {
    violations: { id: string; nodes: { html: string }[] }[]
  }
  return violations.map(({ id, nodes }) => `${id}: ${nodes.length} x ${nodes[0]?.html.slice(0, 160)}`)
}

/** How many pixels the page scrolls sideways at this width. */
export async function sideways(page: Page, width: number, height = 768): Promise<number> {
  await page.setViewportSize({ width, height })
  return (await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')) as number
}
