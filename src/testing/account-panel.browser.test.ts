import { sql } from 'drizzle-orm'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { one } from '../db/db.ts'
import { axeFaults, noBrowser, sideways, startWalk, type Walk } from './browser-walk.ts'
import { aCharge, anAccount, clerkTown } from './clerk-town.ts'
import { freshTown, type TestTown } from './database.ts'
import { type Keyboard, keyboardOf, type Strokes } from './keyboard.ts'

const TODAY = '2026-03-15'
const PANEL = 'Account Control Panel'

/** Two who owe 250.00 each, and two locations whose residents are final: one of each for either way of working. */
async function panelTown(): Promise<TestTown> {
  const town = await freshTown()
  const { db } = town
  await clerkTown(db, {
    services: [
      { code: 'WA', name: 'Water', kind: 'metered' },
      { code: 'SE', name: 'Sewer' },
    ],
    currentPeriod: '2026-03-31',
  })
  const services = ['WA', 'SE']
  for (const [number, name, serviceAddress] of [
    ['100.01', 'Dale Whitcomb', '318 N Tamarack St'],
    ['110.01', 'Cora Bellamy', '7 Mill Rd'],
  ] as const) {
    await anAccount(db, { number, name, location: { serviceAddress }, services })
    await aCharge(db, number, '2026-01-31', { WA: '100.00', SE: '70.00' })
    await aCharge(db, number, '2026-02-28', { WA: '80.00' })
  }
  for (const [number, name, serviceAddress] of [
    ['200.01', 'Nora Quill', '22 Cutbank Ln'],
    ['210.01', 'Otto Prange', '24 Cutbank Ln'],
  ] as const)
    await anAccount(db, { number, name, location: { serviceAddress }, services })
  await db.execute(
    sql`update account set activity_status = 'Final', connect_date = '2020-01-01', disconnect_date = '2026-03-01' where number like '2%'`,
  )
  await db.execute(
    sql`insert into rate (code, service_id, name, effective_from) select code || '-1', id, name, '2020-01-01' from service where code in ('WA', 'SE')`,
  )
  await db.execute(sql`update account_service x set rate = s.code || '-1', connect_date = '2020-01-01', disconnect_date = '2026-03-01'
    from service s, account a where s.id = x.service_id and a.id = x.account_id and a.number like '2%'`)
  await db.execute(sql`update service set deposit_allowed = true, default_deposit = 75 where code = 'WA'`)
  await db.execute(sql`insert into customer_type (code, name) values ('R', 'Residential')`)
  await db.execute(sql`insert into meter (number, service_id, location_id, dials, install_date, install_read)
    select 'M' || n.number, s.id, n.id, 6, '2020-01-01', 0 from service s, location n where s.code = 'WA' and n.number like 'L2%'`)
  await db.execute(sql`insert into reading (meter_id, read_date, reading) select id, '2026-03-01', 1245 from meter`)
  return town
}

/** Who is served, in either way of working. */
interface Case {
  scripts: boolean
  part: string
  owing: string
  previous: string
  tenant: string
}

const CASES: Case[] = [
  { scripts: true, part: 'whitc', owing: '100.01', previous: '200', tenant: 'Rosalind Ibarra' },
  { scripts: false, part: 'bellam', owing: '110.01', previous: '210', tenant: 'Theo Lindqvist' },
]

let town: TestTown

const taken: { task: string; scripts: boolean; strokes: Strokes }[] = []

describe.skipIf(noBrowser)('what a clerk does all day, by keyboard', () => {
  beforeAll(async () => {
    town = await panelTown()
  })
  afterAll(async () => {
    if (process.env.STROKES) process.stdout.write(strokesTable())
    await town?.drop()
  })
  describe.each(CASES)('scripts: $scripts', work)
})

function work({ scripts, part, owing, previous, tenant }: Case): void {
  let walk: Walk
  let page: Page
  let clerk: Keyboard
  const path = () => new URL(page.url()).pathname

  beforeAll(async () => {
    walk = await startWalk(town, { today: TODAY, role: 'supervisor', name: `s.${part}`, javaScript: scripts })
    page = walk.page
    clerk = keyboardOf(page)
    await page.goto(walk.base)
    clerk.taken()
  })
  afterAll(() => walk?.close())

  /** Looks at the page that is open as a reader of its rules would; costs no key. */
  async function sound(): Promise<void> {
    if (scripts) expect([path(), await axeFaults(page)]).toEqual([path(), []])
    expect([path(), await sideways(page, 1366)]).toEqual([path(), 0])
  }
  const counted = (task: string) => taken.push({ task, scripts, strokes: clerk.taken() })

  /** Tabs to a control; from the top of a page past the bar, by the link that is there for it. */
  async function reach(label: string | RegExp): Promise<void> {
    if (await page.evaluate('document.activeElement === document.body')) {
      await clerk.tabTo('Skip to main content')
      await clerk.press('Enter')
    }
    await clerk.tabTo(label)
  }
  /** Types over a field; Tab marks what it holds. */
  async function put(label: string | RegExp, text: string): Promise<void> {
    await reach(label)
    await clerk.type(text)
  }
  /** Presses a control: by its key where scripts run, else Tab to it and Enter. */
  async function act(name: string | RegExp): Promise<void> {
    if (scripts) await clerk.shortcut(name)
    else {
      await reach(name)
      await clerk.go('Enter')
    }
    await sound()
  }
  /** The step's Next: its key; without scripts Enter in a field, else Tab to it. */
  async function next(): Promise<void> {
    const inField = await page.evaluate('document.activeElement?.matches("main input") ?? false')
    if (!scripts && !inField) await reach(/^(Next|Set up )/)
    await clerk.go(scripts ? 'ControlOrMeta+g' : 'Enter')
    await sound()
  }
  async function goTo(name: string): Promise<void> {
    if (scripts) await clerk.press('F9')
    else await clerk.tabTo(/^Go to/)
    await clerk.type(name)
    await clerk.go('Enter')
    await sound()
  }
  /** The account on the panel. */
  async function open(): Promise<void> {
    await goTo(PANEL)
    await put('Look for', part)
    await clerk.go('Enter')
    expect(path()).toBe(`/panel/${owing}`)
    await sound()
  }

  it('looks a customer up by a part of the name, and reads why the balance is what it is', async () => {
    await goTo(part)
    expect(path()).toBe(`/accounts/${owing}`)
    counted('Look a customer up by a part of the name')
    await reach('Explain')
    await clerk.go('Enter')
    await sound()
    const shown = await clerk.main()
    expect(shown).toMatch(/Water 02\/28\/2026 .* 80\.00 Water 01\/31\/2026 .* 100\.00 Sewer 01\/31\/2026 .* 70\.00/)
    expect(shown).toContain(`Balance of ${owing} 250.00`)
    counted('Read why the balance is what it is (Explain)')
  })

  it('adds a note with a grace date', async () => {
    await open()
    await act(/^Notes/)
    await act(/^Add note/)
    await put('Note', 'Pays when the cheque comes')
    await reach('Grace')
    await clerk.press('Space')
    await put('Grace Date', '03/31/2026')
    if (scripts) await clerk.go('ControlOrMeta+s')
    else await clerk.go('Enter')
    await sound()
    expect(await clerk.main()).toMatch(/Pays when the cheque comes .* 03\/31\/2026/)
    counted('Add a note with a grace date')
    expect(await note(owing)).toEqual({ text: 'Pays when the cheque comes', grace: '2026-03-31' })
  })

  it('sets an arrangement up in five steps', async () => {
    await open()
    await act(/^Arrangements/)
    await act(/^Add/)
    await next()
    // the amount that is offered is all that is owed
    await put('No. of payments', '3')
    await put('Start Date', '03/31/2026')
    await next()
    expect(await clerk.main()).toContain('1 03/31/2026 83.33 2 04/30/2026 83.33 3 05/31/2026 83.34')
    await next()
    await reach(/^I have reviewed/)
    await clerk.press('Space')
    await next()
    expect(await clerk.main()).toContain('250.00 in 3 payments, the first due 03/31/2026')
    await act(/^Close/)
    expect(path()).toBe(`/panel/${owing}/arrangements`)
    counted('Set an arrangement up (five steps)')
  })

  it('sets a new tenant up at a known location', async () => {
    await goTo('Setup New Customers')
    await put('Customer type', 'R')
    await put('Name', tenant)
    await reach(/^Copy From a Previous Customer/)
    await clerk.press('Space')
    await put('Previous customer number', previous)
    for (const step of ['location', 'services', 'deposits', 'meters', 'review']) {
      await next()
      expect(path()).toMatch(new RegExp(`/${step}$`))
    }
    expect(await clerk.main()).toContain('begins at 1245')
    await next()
    expect(await clerk.main()).toContain(`${tenant} is set up`)
    counted('Set a new tenant up at a known location')
    expect(await account(tenant)).toMatchObject({ location: `L${previous}.01`, services: 2, beginning: '1245' })
  })

  it('breaks no content policy and writes no error', () => expect(walk.takeFaults()).toEqual([]))
}

/** What was counted, as docs/keystrokes.md shows it. */
const strokesTable = (): string =>
  taken
    .map(
      ({ task, scripts, strokes: { keys, characters, pages } }) =>
        `| ${task} | ${scripts ? 'on' : 'off'} | ${keys} | ${characters} | ${pages} |\n`,
    )
    .sort()
    .join('')

const note = (account: string) =>
  one(
    town.db,
    sql`select o.text, o.grace_date::text as grace from note o join account a on a.customer_id = o.customer_id where a.number = ${account}`,
  )

const account = (name: string) =>
  one(
    town.db,
    sql`select n.number as location, a.activity_status as status,
      (select count(*)::int from account_service x where x.account_id = a.id) as services,
      (select trim_scale(b.reading)::text from beginning_read b where b.account_id = a.id) as beginning
    from account a join customer c on c.id = a.customer_id join location n on n.id = a.location_id where c.name = ${name}`,
  )
