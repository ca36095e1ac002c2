import { dueDates, instalmentsOf } from '../arrangements/rules.ts'
import { fromCents, sum, text } from '../ledger/money.ts'
import { owed } from './history.ts'
import { made, type TownTable } from './table.ts'

const ACCOUNT = '1002.01'
const MADE_ON = '2026-10-20'
const PAYMENTS = 3

/** Birch pays what he owed on the day in three payments, out of the history's rows. */
export function arrangementTables(history: string[][]): TownTable[] {
  const services = [...owed(history, ACCOUNT, MADE_ON)].filter(([, cents]) => cents > 0n)
  const balance = sum(services.map(([, cents]) => fromCents(cents)))
  const parts = instalmentsOf(balance, PAYMENTS)
  if (!parts.ok) throw new Error(`${ACCOUNT} owes nothing to arrange`)
  const due = dueDates('2026-11-20', 'monthly', PAYMENTS)
  return [
    made(
      'arrangements',
      'arrangement,account_number,made_on,description,account_balance,amount,regular_billing,frequency,start_date,grace_days',
      [['1', ACCOUNT, MADE_ON, 'Three payments', text(balance), text(balance), 'no', 'monthly', '2026-11-20', '5']],
    ),
    made(
      'arrangement_services',
      'arrangement,service,balance',
      services.map(([service, cents]) => ['1', service, text(fromCents(cents))]),
    ),
    made(
      'arrangement_instalments',
      'arrangement,payment,due_date,amount',
      parts.value.map((amount, at) => ['1', String(at + 1), due[at] ?? '', text(amount)]),
    ),
  ]
}
