import { afterAll, beforeAll, expect, it } from 'vitest'
import { money } from '../ledger/money.ts'
import { aCharge } from '../testing/clerk-town.ts'
import { type Dashboard, dashboardTown } from '../testing/dashboard.ts'
import { cancelArrangement, makeArrangement, planOf, type Who } from './service.ts'

let d: Dashboard
let who: Who
const NUMBER = '300.01'
beforeAll(async () => {
  d = await dashboardTown()
  who = { db: d.town.db, actor: { id: 0 }, today: '2026-03-15' }
  // 100.00 unpaid in old periods is due for shutoff
  await aCharge(d.town.db, NUMBER, '2026-01-10', { WA: '120.00' })
})
afterAll(() => d.town.drop())

async function arrange(amount: string): Promise<string> {
  const terms = { description: 'Plan', services: ['WA'], amount: money(amount), payments: 1, regular: false } as const
  return makeArrangement(who, NUMBER, { ...terms, frequency: 'monthly', startDate: '2026-04-15' })
}
async function cancel(number: string): Promise<void> {
  const plan = await planOf(d.town.db, NUMBER, number)
  await cancelArrangement(who, plan, plan.version, 'A test')
}

it('001-018 001-033: what is arranged counts no more for Balance - Shutoff, until the plan is over (A6)', async () => {
  expect(await d.card('c1', NUMBER)).toContain('Balance – Shutoff')
  const small = await arrange('20.00')
  expect(await d.card('c1', NUMBER)).toContain('Balance – Shutoff')
  await cancel(small)
  const plan = await arrange('20.01')
  expect(await d.card('c1', NUMBER)).toContain('Balance – Past Due')
  expect(await d.card('c2', NUMBER)).not.toContain('Scheduled for shutoff')
  await cancel(plan)
  expect(await d.card('c1', NUMBER)).toContain('Balance – Shutoff')
  expect(await d.card('c2', NUMBER)).toContain('Scheduled for shutoff, past due 120.00')
})
