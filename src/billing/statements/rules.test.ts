import { describe, expect, it } from 'vitest'
import { addDays } from '../../ledger/calendar.ts'
import { money } from '../../ledger/money.ts'
import { type Change, duplicatesOf, firstStatementDay, statementFigures } from './rules.ts'

const change = (kind: string, date: string, ...lines: [string, string][]): Change => ({
  ...{ kind, date, description: kind },
  lines: lines.map(([service, amount]) => ({ service, amount: money(amount) })),
})
const figures = (balance: string, changes: Change[], due: string | null = '2026-11-25') =>
  statementFigures({ date: '2026-10-31', dueDays: 25, balance: money(balance), due, changes }, addDays)

describe('what a statement says', () => {
  it('previous balance, payments, balance forward, charges, amount: the mock of the design', () => {
    const said = figures('236.25', [
      change('Pmt', '2026-10-23', ['Water', '-59.70']),
      change('Pen', '2026-10-28', ['Water', '2.21'], ['Sewer', '2.79']),
      change('Bill', '2026-10-31', ['Water', '33.30'], ['Sewer', '31.00'], ['Garbage', '18.75']),
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
      change('Bill', '2026-10-05', ['Water', '40.00']),
      change('Bill', '2026-10-06', ['Water', '-40.00']),
      change('Adj', '2026-10-07', ['Water', '-5.00']),
    ])
    expect(said).toMatchObject({ charges: '0.00', balanceForward: '30.00', adjustments: '-5.00', previous: '35.00' })
  })

  it.each([
    ['what is owed is due when the latest of it is', '769.47', '2026-11-20', '2026-11-20'],
    ['what is all past due is due now, without a new promise', '769.47', '2026-09-25', '2026-10-31'],
    ['due on its own date', '769.47', '2026-10-31', '2026-10-31'],
    ['with nothing owed, so many days after its date', '0.00', null, '2026-11-25'],
    ['open credit covers what is unpaid', '0.00', '2026-09-25', '2026-11-25'],
    ['a credit', '-12.34', null, '2026-11-25'],
  ])('due date: %s', (_what, balance, due, expected) => {
    expect(figures(balance, [], due).dueDate).toBe(expected)
  })

  it('a credit is below zero', () => {
    expect(figures('-12.34', [], null)).toMatchObject({ amount: '-12.34', balanceForward: '-12.34' })
  })

  it.each([
    ['an account without a history', null, null, '0001-01-01'],
    ['a first statement: its bill', null, '2026-10-31', '2026-10-31'],
    ['the last statement', '2026-11-02', null, '2026-11-02'],
    ['the later of both', '2026-11-02', '2026-10-31', '2026-11-02'],
    ['a bill since the last', '2026-10-02', '2026-10-31', '2026-10-31'],
    ['dated ahead: today can still be taken', '2027-12-31', null, '2026-11-18'],
  ])('first day of a statement: %s', (_what, last, bill, expected) => {
    expect(firstStatementDay({ last, bill, today: '2026-11-18' })).toBe(expected)
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
