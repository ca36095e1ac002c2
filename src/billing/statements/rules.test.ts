import { describe, expect, it } from 'vitest'
import { addDays } from '../../ledger/calendar.ts'
import { money } from '../../ledger/money.ts'
import { type Change, duplicatesOf, statementFigures } from './rules.ts'

const change = (kind: string, date: string, due: string | null, ...lines: [string, string][]): Change => ({
  ...{ kind, date, description: kind, due },
  lines: lines.map(([service, amount]) => ({ service, amount: money(amount) })),
})
const figures = (balance: string, changes: Change[]) =>
  statementFigures({ date: '2026-10-31', dueDays: 25, balance: money(balance), changes }, addDays)

describe('what a statement says', () => {
  it('previous balance, payments, balance forward, charges, amount: the mock of the design', () => {
    const said = figures('236.25', [
      change('Pmt', '2026-10-23', null, ['Water', '-59.70']),
      change('Pen', '2026-10-28', '2026-10-28', ['Water', '2.21'], ['Sewer', '2.79']),
      change('Bill', '2026-10-31', '2026-11-25', ['Water', '33.30'], ['Sewer', '31.00'], ['Garbage', '18.75']),
    ])
    expect(said).toMatchObject({
      previous: '207.90',
      payments: '-59.70',
      adjustments: '0.00',
      balanceForward: '148.20',
      charges: '88.05',
      amount: '236.25',
      dueDate: '2026-11-25',
    })
    expect(said.services).toEqual([
      { service: 'Water', amount: '35.51' },
      { service: 'Sewer', amount: '33.79' },
      { service: 'Garbage', amount: '18.75' },
    ])
  })

  it('a reversed charge is no charge, an adjustment stands in the balance forward', () => {
    const said = figures('30.00', [
      change('Bill', '2026-10-05', '2026-10-30', ['Water', '40.00']),
      change('Bill', '2026-10-06', '2026-10-31', ['Water', '-40.00']),
      change('Adj', '2026-10-07', null, ['Water', '-5.00']),
    ])
    expect(said).toMatchObject({ charges: '0.00', balanceForward: '30.00', adjustments: '-5.00', previous: '35.00' })
  })

  it('what fell due before is due now', () => {
    const late = [change('Pen', '2026-10-01', '2026-10-01', ['Water', '4.50'])]
    expect(figures('769.47', late).dueDate).toBe('2026-10-31')
  })

  it('without charges it is due so many days after its date; a credit is below zero', () => {
    expect(figures('-12.34', [])).toMatchObject({ amount: '-12.34', balanceForward: '-12.34', dueDate: '2026-11-25' })
  })

  it('001-393: duplicates follow each contact’s Notices choice; None gets none', () => {
    const contact = (name: string, notices: 'mail' | 'email' | 'none', email: string | null = null) => ({
      name,
      notices,
      email,
    })
    const all = [
      contact('a', 'mail'),
      contact('b', 'email', 'b@x.org'),
      contact('c', 'email'),
      contact('d', 'none', 'd@x.org'),
    ]
    const { mail, email } = duplicatesOf(all)
    expect([mail.map(({ name }) => name), email.map(({ name }) => name)]).toEqual([['a'], ['b']])
  })
})
