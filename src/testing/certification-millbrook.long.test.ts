import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { one } from '../db/db.ts'
import { type Money, money, sum, text } from '../ledger/money.ts'
import { moneyText } from '../web/format.ts'
import { noBrowser, startWalk, type Walk, wordsOf } from './browser-walk.ts'
import { faults, standing } from './certifying.ts'
import { freshTown, type TestTown } from './database.ts'
import { type Keyboard, keyboardOf } from './keyboard.ts'
import { loadTown, millbrook } from './towns.ts'

const CREATE = 'Create Tax Certification Records'
const UPDATE = 'Update Customer Balances'
const YEAR = 2026
const FEE = '50.00'

const large = millbrook()
if (!large)
  process.stderr.write('The town of 900 accounts is not beside the repository: it is not certified on screen.\n')

let town: TestTown
let walk: Walk
let clerk: Keyboard

const path = () => new URL(walk.page.url()).pathname

/** Presses GO on what is previewed; the run that was posted. */
async function goOn(): Promise<string> {
  await clerk.go('ControlOrMeta+g')
  expect(await clerk.main()).toContain('Posted: ')
  return path()
}

/** Previews, reads the head of the preview, and presses GO. */
async function previewAndGo(screen: string): Promise<string> {
  await clerk.lookUp(screen)
  await clerk.go('ControlOrMeta+g')
  const shown = await clerk.main()
  await goOn()
  return shown
}

/** Customer Inquiry of an account, its alert read. */
async function account(number: string): Promise<string> {
  await clerk.lookUp(number)
  expect(path()).toBe(`/accounts/${number}`)
  if ((await walk.page.locator('dialog:modal').count()) > 0) await clerk.press('Enter')
  return clerk.main()
}

/** Opens an account on Enter Certification Payments or Adjustments and writes the amount. */
async function enter(screen: string, number: string, amount: string): Promise<void> {
  await clerk.lookUp(screen)
  await clerk.fill(/^Account/, number)
  await clerk.go('Enter')
  await clerk.fill(/^Amount/, amount)
}

const receivable = async () =>
  (await one<{ total: string }>(town.db, sql`select sum(unpaid)::text as total from ledger.open_item`))?.total

/** Certified of locations without a parcel number: the county cannot be told of them. */
const withoutParcel = () =>
  one<{ accounts: number; certified: string; fees: string }>(
    town.db,
    sql`select count(*)::int as accounts, sum(c.fee)::text as fees,
      sum((select sum(l.certified) from ledger.certification_line l where l.certification_id = c.id))::text as certified
    from ledger.certification c join account a on a.id = c.account_id join location n on n.id = a.location_id
    where coalesce(n.parcel_number, '') = ''`,
  )

// No step here uses the mouse: the whole year is done with the keys.
describe.skipIf(noBrowser || !large)('900 accounts: a certification year on screen by keyboard', () => {
  const figures = large?.expected.certify
  const samples = large?.expected.samples ?? {}
  const amount = money(figures?.amount ?? '0')
  const fees = moneyText(figures?.fees ?? '0')
  const certified = (number: string): Money =>
    sum(Object.values(samples[number]?.certify ?? {}).map((each) => money(each)))
  const left = (number: string): Money => money(samples[number]?.balance ?? '0').minus(certified(number))
  /** Garbage of 1047.01: it is withdrawn. */
  const garbage = money(samples['1047.01']?.certify.GA ?? '0')

  beforeAll(async () => {
    town = await freshTown()
    await loadTown(town.db, large?.folder ?? '')
    walk = await startWalk(town, { today: '2026-10-31' })
    clerk = keyboardOf(walk.page)
    await walk.page.goto(walk.base)
  })
  afterAll(async () => {
    await walk?.close()
    await town?.drop()
  })

  it('creates the records of the expected accounts, amount and fees; no balance moves', async () => {
    await clerk.lookUp(CREATE)
    await clerk.tabTo(/^Assign Collection Code/)
    await clerk.type('TAX')
    await clerk.fill(/^Add Alert Message/, 'Certified to taxes 2026')
    await clerk.go('ControlOrMeta+g')
    const shown = await clerk.main()
    expect(shown).toContain(`${figures?.accounts} accounts`)
    expect(shown).toContain(`${moneyText(text(amount))} ${fees}`)
    await goOn()
    for (const number of Object.keys(samples)) {
      const row = await wordsOf(walk.page.locator('tr', { hasText: number }).first())
      expect(row).toContain(`${moneyText(samples[number]?.balance ?? '')} ${moneyText(text(certified(number)))} ${FEE}`)
    }
    expect(await receivable()).toBe(large?.expected.receivable)
  })

  it('prints the notice of each', async () => {
    expect(await previewAndGo('Print Certification Notices')).toContain(`${figures?.accounts} accounts`)
    expect(await clerk.main()).toMatch(/notice[\w-]*\.pdf/i)
  })

  it('updates their balances by the same amount, service by service, and the ledger holds', async () => {
    const shown = await previewAndGo(UPDATE)
    expect(shown).toContain(`${figures?.accounts} accounts`)
    expect(shown).toContain(`-${moneyText(text(amount))}`)
    const byService = await one<{ sums: Record<string, string> }>(
      town.db,
      sql`select jsonb_object_agg(code, total) as sums from (select s.code, (-sum(p.amount))::text as total
        from ledger.transaction t join ledger.posting p on p.period = t.period and p.transaction_id = t.id
        join service s on s.id = p.service_id where t.type = 'PAdj' and p.subledger = 'utility' group by 1) x`,
    )
    expect(byService?.sums).toEqual(figures?.by_service)
    expect(await receivable()).toBe(text(money(large?.expected.receivable ?? '0').minus(amount)))
    expect(await faults(town.db)).toEqual([])
  })

  it('has nothing left to update, and each account shows what is left of its balance', async () => {
    await clerk.lookUp(UPDATE)
    await clerk.go('ControlOrMeta+g')
    expect(await clerk.main()).toContain('Nothing to post')
    for (const number of ['1004.01', '1047.01']) expect(await account(number)).toContain(moneyText(text(left(number))))
  })

  it('withdraws one service of one certification: its balance has it again', async () => {
    await clerk.lookUp('Certification cases')
    await clerk.tabToLink(`/tax-certification/cases/${YEAR}`)
    await clerk.go('Enter')
    const row = walk.page.locator('tr', { hasText: '1047.01' }).locator('a[href*="/certifications/"]')
    await clerk.tabToLink((await row.getAttribute('href')) ?? '')
    await clerk.go('Enter')
    await clerk.tabTo('Service')
    await clerk.type('GA')
    await clerk.fill(/^Reason/, 'garbage was not theirs')
    await clerk.tabTo('Withdraw')
    await clerk.go('Enter')
    const stands = certified('1047.01').minus(garbage)
    expect(await wordsOf(walk.page.locator('body'))).toContain(`stands at ${moneyText(text(stands))}`)
    expect(await standing(town.db, '1047.01')).toMatchObject({
      balance: text(left('1047.01').plus(garbage)),
      certified: [`${YEAR} ${text(stands.plus(FEE))}`],
    })
    expect(await faults(town.db)).toEqual([])
  })

  it('makes the county file of what stands, and names who has no parcel number', async () => {
    const bare = await withoutParcel()
    expect(bare?.accounts).toBe(figures?.without_parcel)
    const accounts = `${(figures?.accounts ?? 0) - (figures?.without_parcel ?? 0)} accounts`
    await clerk.lookUp('County file')
    await clerk.go('ControlOrMeta+g')
    const shown = await clerk.main()
    expect(shown).toContain(`${accounts} ${figures?.without_parcel} left out`)
    expect(shown).toContain('there is no parcel number')
    await clerk.go('ControlOrMeta+g')
    const sent = await clerk.main()
    expect(sent).toMatch(/county-2026\S*\.csv/)
    const standsOf = amount.minus(garbage).minus(bare?.certified ?? '0')
    const feesOf = money(figures?.fees ?? '0').minus(bare?.fees ?? '0')
    expect(sent).toContain(`${moneyText(text(standsOf))} ${moneyText(text(feesOf))}`)
  })

  it('enters what the county paid: all of one account, a part of another', async () => {
    const whole = certified('1004.01').plus(FEE)
    await enter('Enter Certification Payments', '1004.01', text(whole))
    await clerk.go('ControlOrMeta+s')
    expect(await clerk.main()).toContain(`Certification balance ${YEAR} is now 0.00`)
    const rest = certified('1013.01').plus(FEE).minus('100.00')
    await enter('Enter Certification Payments', '1013.01', '100.00')
    await clerk.go('ControlOrMeta+s')
    expect(await clerk.main()).toContain(`Certification balance ${YEAR} is now ${moneyText(text(rest))}`)
    expect(await standing(town.db, '1004.01')).toMatchObject({ balance: text(left('1004.01')) })
  })

  it('adjusts one by 10.00, which its own balance has again', async () => {
    const rest = certified('1013.01').plus(FEE).minus('110.00')
    await enter('Enter Certification Adjustments', '1013.01', '10.00')
    await clerk.go('ControlOrMeta+g')
    await clerk.go('ControlOrMeta+g')
    expect(await clerk.main()).toContain(`Certification balance ${YEAR} is now ${moneyText(text(rest))}`)
    expect(await standing(town.db, '1013.01')).toMatchObject({
      balance: text(left('1013.01').plus('10.00')),
      certified: [`${YEAR} ${text(rest)}`],
    })
    expect(await faults(town.db)).toEqual([])
  })

  it('undoes the year: reverses the runs and what rests on them, and every balance is back', async () => {
    await clerk.lookUp('Runs')
    const href = await walk.page.locator('tr', { hasText: CREATE }).locator('a').first().getAttribute('href')
    await clerk.tabToLink(href ?? '')
    await clerk.go('Enter')
    await clerk.tabTo('Reverse')
    await clerk.press('Enter')
    await clerk.fill(/^Reason/, 'a wrong year')
    await clerk.tabTo(/^Reverse run/)
    await clerk.go('Enter')
    expect(await clerk.main()).toContain('Not reversed')
    expect(walk.takeFaults()).toEqual([expect.stringContaining('409')])
    await clerk.tabTo(/^Reverse it too/)
    await clerk.press('Space')
    await clerk.fill(/^Reason/, 'a wrong year')
    await clerk.tabTo(/^Reverse run/)
    await clerk.go('Enter')
    expect(await receivable()).toBe(large?.expected.receivable)
    for (const number of Object.keys(samples))
      expect(await standing(town.db, number)).toMatchObject({
        balance: samples[number]?.balance,
        certified: [],
        claims: 0,
      })
    expect(await faults(town.db)).toEqual([])
  })

  it('and begins anew with the same figures', async () => {
    expect(await previewAndGo(CREATE)).toContain(`${moneyText(text(amount))} ${fees}`)
    expect(await previewAndGo(UPDATE)).toContain(`-${moneyText(text(amount))}`)
    expect(await faults(town.db)).toEqual([])
    expect(walk.takeFaults()).toEqual([])
  })
})
