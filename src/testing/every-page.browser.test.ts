import { gzipSync } from 'node:zlib'
import { sql } from 'drizzle-orm'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { savePersonal } from '../customers/personal.ts'
import { one } from '../db/db.ts'
import { DEMO_DAY } from '../demo/periods.ts'
import { RUN_KINDS } from '../run-kinds.ts'
import { goRun, prepareRun, startRun } from '../runs/service.ts'
import { saveLayout } from '../tax-certification/county-layouts.ts'
import { CSV_LAYOUT } from '../tax-certification/layout-preset-rules.ts'
import { packedSize } from '../web/assets.ts'
import { routesOf } from '../web/routes.ts'
import { arranged } from './arranged.ts'
import { appFor } from './browser.ts'
import { axeFaults, demoTown, noBrowser, sideways, startWalk, type Walk } from './browser-walk.ts'
import type { TestTown } from './database.ts'
import { metered } from './metered.ts'
import { movedMoney } from './moved-money.ts'
import { recorded } from './recorded.ts'
import { settingUp } from './setting-up.ts'
import { giveFactors } from './signing-in.ts'
import { linksOf, routeFinder } from './site.ts'

/** Answer a part of a page, or speak only to somebody who is not signed in: nobody finds them by a link. */
const APART =
  /\/(changed|counts|progress|files|mask|places|types)$|\.svg$|^\/(go|go\/suggestions|setup|password|web-login|sign-in\/code|me\/draft)$/
const HTML_LIMIT = 40 * 1024
const NAMES = 'input:not([type=hidden]), select, textarea'

let town: TestTown
let walk: Walk
/** Address of each page that was opened, by its route. */
const opened = new Map<string, string>()
const faults: Record<'status' | 'axe' | 'wide' | 'heavy' | 'console' | 'shape' | 'label', string[]> = {
  status: [],
  axe: [],
  wide: [],
  heavy: [],
  console: [],
  shape: [],
  label: [],
}

const ROOM = '/tax-certification'
const LATE = '1003.01'

/** One account certified and updated, the others certified, their update waiting for its GO. Answers pages to begin with. */
async function busy(): Promise<string[]> {
  const start = async (kind: string, options: object, criteria?: object) => {
    const id = await startRun(town.db, RUN_KINDS, { kind: `tax-certification.${kind}`, options, criteria, actor: 0 })
    return prepareRun(town.db, RUN_KINDS, id, DEMO_DAY)
  }
  const post = async (...asked: Parameters<typeof start>) => {
    const run = await start(...asked)
    expect(run.count).toBeGreaterThan(0)
    return goRun(town.db, run.id, run.previewHash ?? '', 0)
  }
  const year = { date: DEMO_DAY, taxYear: 2026 }
  const update = { date: DEMO_DAY, include: { unupdated: true } }
  const one = { all: [{ field: 'accountNumber', operator: '=', value: LATE }] }
  await post('create-records', { ...year, assignCollectionCode: 'TAX', addAlertMessage: 'Certified to taxes' }, one)
  await post('update-customer-balances', update)
  await post('create-records', year)
  const waiting = await start('update-customer-balances', update)
  const notices = await post('print-notices', year)
  await saveLayout(town.db, { ...CSV_LAYOUT, code: 'own' }, 0)
  const entries = [`${ROOM}/payments/${LATE}`, `${ROOM}/adjustments/${LATE}`]
  return [`${ROOM}/update-customer-balances?run=${waiting.id}`, `/accounts/${LATE}`, `/runs/${notices.id}`, ...entries]
}

/** Everything on file of a customer and of the owner of the rental: their pages lead everywhere. */
async function peopled(): Promise<string[]> {
  const [customer, owner] = [LATE.split('.')[0], '1004']
  await town.db.execute(sql`update location set rental = true, owner_customer_id = (select id from customer where number = ${owner})
    where id = (select location_id from account where number = ${LATE})`)
  await town.db.execute(sql`insert into customer_address (customer_id, address_line_1, mail_from, mail_to)
    select id, '9 Palm Ave', '11-15', '03-31' from customer where number in (${customer}, ${owner})`)
  for (const number of [customer, owner]) {
    const person = await one<{ id: number; number: string; version: number }>(
      town.db,
      sql`update customer set email = 'a@example.com' where number = ${number} returning id, number, version`,
    )
    if (!person) throw new Error(`no customer ${number}`)
    const who = { db: town.db, actor: { id: 0 } as never, today: DEMO_DAY }
    const secrets = { licence: 'D 123 4567', licenceState: 'OH', ssn: '123-45-6789' }
    await savePersonal(who, person, person, { ...secrets, seen: '' } as never)
  }
  await contacted()
  const pages = await recorded(town, LATE)
  await payingByThemselves([customer ?? '', owner])
  return [`/panel/${LATE}/customer`, `/panel/${LATE}/owner`, `/customers/${customer}`, '/master-contacts/M1', ...pages]
}

/** Bank drafts of these customers, a bank, and a deferred charge. */
async function payingByThemselves(numbers: string[]): Promise<void> {
  await town.db.execute(sql`insert into deferred_charge (code, name, signup, use_round_up, round_up)
    values ('ROUND', 'Round-up donation', 'opt_out', true, 5)`)
  await town.db.execute(sql`insert into bank_code (code, name) values ('091000019', 'Norbank')`)
  for (const number of numbers)
    await town.db.execute(sql`insert into auto_payment (reference, customer_id, type, account_type, bank_code_id, bank_account_last4, state_since)
      select ${`own-${number}`}, c.id, 'draft', 'checking', b.id, '6789', ${DEMO_DAY}::date from customer c, bank_code b where c.number = ${number} and b.code = '091000019'`)
}

/** A contact with all that it can have, and a master contact that it and its customer belong to. */
async function contacted(): Promise<void> {
  await town.db.execute(sql`with m as (insert into master_contact (number, name) values ('M1', 'Ida Lund') returning id),
    n as (insert into contact (number, customer_id, contact_type_id, first_name, last_name, ssn_last4, licence_last4, master_contact_id)
      select '1001', a.customer_id, k.id, 'Ida', 'Lund', '6789', '4567', m.id from account a, contact_type k, m
      where a.number = ${LATE} and k.code = 'other' returning id),
    e as (insert into contact_email (contact_id, is_primary, email_type_id, address)
      select n.id, true, t.id, 'ida@example.org' from n, email_type t where t.code = 'home')
    insert into contact_address (contact_id, is_primary, address_type_id, address_line_1, city, state, country)
      select n.id, true, t.id, '9 Palm Ave', 'Ashford', 'ID', 'USA' from n, (select id from address_type limit 1) t`)
}

/** A payment with its receipt, and a row of each table whose first row is fixed. */
async function worked(page: Page): Promise<string[]> {
  await page.goto(`${walk.base}/accounts/1005.01/payments/new`)
  await page.fill('[name=amount]', '25.00')
  await page.fill('[name=checkNumber]', '1187')
  await page.press('[name=checkNumber]', 'Tab')
  await page.waitForSelector('#allocation table')
  await page.waitForLoadState('networkidle')
  await page.getByRole('button', { name: 'Take payment' }).click()
  await page.waitForURL('**/receipts/*')
  const rows: string[] = [new URL(page.url()).pathname]
  for (const table of [
    'account-status',
    'note-types',
    'payment-methods',
    'titles',
    'address-types',
    'phone-types',
    'contact-types',
  ]) {
    await page.goto(`${walk.base}/organization/${table}/new`)
    if (table !== 'titles') await page.fill('[name=code]', 'own')
    await page.fill('[name=name]', 'Our own')
    if (table === 'payment-methods') await page.selectOption('[name=kind]', 'other')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.waitForURL(/\/\d+$/)
    rows.push(new URL(page.url()).pathname)
  }
  return rows
}

/** The page at an address as it came; nothing where it is a file, a part of a page, or was refused. */
async function openPage(page: Page, address: string): Promise<string> {
  const answer = await page.goto(walk.base + address).catch(() => page.request.get(walk.base + address))
  const status = answer?.status() ?? 0
  if (status !== 200) faults.status.push(`${address}: ${status}`)
  const type = answer?.headers()['content-type'] ?? ''
  if (status !== 200 || !type.startsWith('text/html')) return ''
  const html = (await answer?.text()) ?? ''
  const size = gzipSync(html).length
  if (size > HTML_LIMIT) faults.heavy.push(`${address}: ${size} bytes`)
  await page.keyboard.press('Escape')
  return html
}

async function examine(page: Page, address: string): Promise<void> {
  for (const fault of await axeFaults(page)) faults.axe.push(`${address}: ${fault}`)
  const shape = (await page.evaluate(`({ heads: document.querySelectorAll('h1').length,
    inMain: document.querySelectorAll('main h1').length, title: document.title,
    nameless: [...document.querySelectorAll('${NAMES}')].filter((el) => !el.labels?.length
      && !el.getAttribute('aria-label') && !el.getAttribute('aria-labelledby')).map((el) => el.outerHTML.slice(0, 120)) })`)) as {
    heads: number
    inMain: number
    title: string
    nameless: string[]
  }
  if (shape.heads !== 1 || shape.inMain !== 1)
    faults.shape.push(`${address}: ${shape.inMain} of ${shape.heads} h1 in main`)
  if (!/\S · \S/.test(shape.title)) faults.shape.push(`${address}: title "${shape.title}"`)
  for (const element of shape.nameless) faults.label.push(`${address}: ${element}`)
  for (const width of [1366, 1024, 683]) {
    const over = await sideways(page, width)
    if (over > 0) faults.wide.push(`${address}: ${over} px at ${width}`)
  }
  await page.setViewportSize({ width: 1366, height: 768 })
  for (const fault of walk.takeFaults()) faults.console.push(`${address}: ${fault}`)
}

/** Follows the links of every page until each route has been opened once. */
async function visitAll(seeds: string[]): Promise<void> {
  const routeOf = routeFinder(pageRoutes())
  const waiting = [...seeds, '/', '/sign-in']
  for (let address = waiting.shift(); address !== undefined; address = waiting.shift()) {
    const route = routeOf(address)
    if (!route || opened.has(route.path)) continue
    opened.set(route.path, address)
    const html = await openPage(walk.page, address)
    if (html === '') continue
    await examine(walk.page, address)
    waiting.push(...linksOf(html))
  }
}

const pageRoutes = () =>
  routesOf(appFor(town, { today: DEMO_DAY })).filter(
    ({ method, path }) => method === 'get' && !path.startsWith('/api') && !APART.test(path),
  )

describe.skipIf(noBrowser)('every page, as an administrator of the demonstration town', () => {
  beforeAll(async () => {
    town = await demoTown()
    const seeds = await busy()
    walk = await startWalk(town, { today: DEMO_DAY })
    await giveFactors(town)
    const ours = [...(await worked(walk.page)), ...(await movedMoney(town, '1005.01', DEMO_DAY))]
    ours.push(...(await settingUp(town, walk)))
    const plans = await arranged(town, walk, [LATE, '1005.01'])
    walk.takeFaults()
    await visitAll([...(await peopled()), ...(await metered(town, LATE)), ...plans, ...seeds, ...ours])
    await walk.page.emulateMedia({ colorScheme: 'dark' })
    for (const address of ['/', '/organization/organization', ...seeds]) {
      await openPage(walk.page, address)
      for (const fault of await axeFaults(walk.page)) faults.axe.push(`${address} in the dark: ${fault}`)
    }
  }, 900_000)
  afterAll(async () => {
    await walk?.close()
    await town?.drop()
  })

  it('answers 200', () => expect(faults.status).toEqual([]))
  it('can be reached by links', () => {
    expect(
      pageRoutes()
        .filter(({ path }) => !opened.has(path))
        .map(({ path }) => path),
    ).toEqual([])
    expect(opened.size).toBeGreaterThan(60)
  })
  it('passes axe at 1366 by 768, some in the dark scheme too', () => expect(faults.axe).toEqual([]))
  it('does not scroll sideways at 1366, at 1024 and at 200 % zoom', () => expect(faults.wide).toEqual([]))
  it('writes no error to the console and breaks no content policy', () => expect(faults.console).toEqual([]))
  it('has a title and one h1, inside main', () => expect(faults.shape).toEqual([]))
  it('names every control', () => expect(faults.label).toEqual([]))
  it('is at most 40 KB of packed HTML, 12 KB of CSS, 22 KB of scripts', () => {
    expect(faults.heavy).toEqual([])
    expect(packedSize('app.css')).toBeLessThanOrEqual(12 * 1024)
    expect(packedSize('app.js') + packedSize('htmx.js')).toBeLessThanOrEqual(22 * 1024)
  })
})
