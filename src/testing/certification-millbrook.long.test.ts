import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { one } from '../db/db.ts'
import { moneyText } from '../web/format.ts'
import { noBrowser, startWalk, type Walk, wordsOf } from './browser-walk.ts'
import { faults } from './certifying.ts'
import { freshTown, type TestTown } from './database.ts'
import { type Keyboard, keyboardOf } from './keyboard.ts'
import { loadTown, millbrook } from './towns.ts'

const large = millbrook()
if (!large)
  process.stderr.write('The town of 900 accounts is not beside the repository: it is not certified on screen.\n')

let town: TestTown
let walk: Walk
let clerk: Keyboard

/** Previews, reads the head of the preview, and presses GO. */
async function previewAndGo(screen: string): Promise<string> {
  await clerk.lookUp(screen)
  await clerk.go('ControlOrMeta+g')
  const shown = await clerk.main()
  await clerk.go('ControlOrMeta+g')
  expect(await clerk.main()).toContain('Posted: ')
  return shown
}

describe.skipIf(noBrowser || !large)('900 accounts are certified on screen', () => {
  const figures = large?.expected.certify
  const amount = moneyText(figures?.amount ?? '0')
  const fees = moneyText(figures?.fees ?? '0')
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

  it('creates the records of the expected accounts, amount and fees', async () => {
    const shown = await previewAndGo('Create Tax Certification Records')
    expect(shown).toContain(`${figures?.accounts} accounts`)
    expect(shown).toContain(`${amount} ${fees}`)
    for (const [number, sample] of Object.entries(large?.expected.samples ?? {})) {
      const row = walk.page.locator('tr', { hasText: number }).first()
      if (Object.keys(sample.certify).length > 0) expect(await wordsOf(row)).toContain(moneyText(sample.balance))
    }
  })

  it('updates their balances by the same amount, service by service, and the ledger holds', async () => {
    const shown = await previewAndGo('Update Customer Balances')
    expect(shown).toContain(`${figures?.accounts} accounts`)
    expect(shown).toContain(`-${amount}`)
    const byService = await one<{ sums: Record<string, string> }>(
      town.db,
      sql`select jsonb_object_agg(code, total) as sums from (select s.code, (-sum(p.amount))::text as total
        from ledger.transaction t join ledger.posting p on p.period = t.period and p.transaction_id = t.id
        join service s on s.id = p.service_id where t.type = 'PAdj' and p.subledger = 'utility' group by 1) x`,
    )
    expect(byService?.sums).toEqual(figures?.by_service)
    expect(await faults(town.db)).toEqual([])
  })

  it('has nothing left to update, and reverses everything', async () => {
    await clerk.lookUp('Update Customer Balances')
    await clerk.go('ControlOrMeta+g')
    expect(await clerk.main()).toContain('Nothing to post')
    await clerk.lookUp('Runs')
    await walk.page.locator('tr', { hasText: 'Create Tax Certification Records' }).locator('a').first().focus()
    await clerk.go('Enter')
    await clerk.tabTo('Reverse')
    await clerk.press('Enter')
    await clerk.tabTo(/Reverse them too/)
    await clerk.press('Space')
    await clerk.fill(/^Reason/, 'a wrong year')
    await clerk.tabTo(/^Reverse run/)
    await clerk.go('Enter')
    const left = await one<{ total: string }>(town.db, sql`select sum(unpaid)::text as total from ledger.open_item`)
    expect(left?.total).toBe(large?.expected.receivable)
    expect(await faults(town.db)).toEqual([])
  })
})
