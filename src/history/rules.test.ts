import { describe, expect, it } from 'vitest'
import { may, type Role } from '../auth/permissions.ts'
import { type AccountFacts, actionsOf, NO_ROW, type RowFacts, statementsByEmail } from './rules.ts'

const row = (type: string, more: Partial<RowFacts> = {}): RowFacts => ({
  ...{ posted: true, type, stands: true, nsf: false, receipt: false, transferred: false },
  ...more,
})
const plain: AccountFacts = { credit: false, emailStatements: true }
const names = (facts: RowFacts, account = plain, role: Role = 'supervisor') =>
  actionsOf(facts, account, (permission) => may(role, permission)).map(({ name }) => name)
const always = ['statement', 'duplicates', 'print']

describe('which actions a row offers', () => {
  it.each<[string, RowFacts, string[]]>([
    ['a bill', row('Bill'), ['adjust-bill', 'adjust', 'reverse', 'email-statement']],
    ['a penalty', row('Pen'), ['adjust', 'reverse', 'email-statement']],
    ['a payment', row('Pmt', { receipt: true }), ['transfer', 'receipt', 'nsf', 'reverse', 'email-receipt']],
    ['a county payment', row('CertPmt'), ['nsf', 'reverse']],
    ['a posted adjustment', row('Adj'), ['reverse']],
    ['a refund', row('Ref'), ['refund', 'reverse']],
    ['one side of a transfer', row('Xfer'), ['reverse']],
    ['a certification', row('PAdj'), []],
    ['moved credit', row('Adj', { stands: false }), []],
    ['no row', NO_ROW, []],
  ])('001-370: %s', (_, facts, expected) => {
    expect(names(facts).filter((name) => !always.includes(name))).toEqual(expected)
    expect(names(facts)).toEqual(expect.arrayContaining(always))
  })

  it('001-382: Print Receipt stands on payment lines only', () => {
    expect(names(row('Bill'))).not.toContain('receipt')
    expect(names(row('Pmt', { receipt: true }))).toContain('receipt')
  })

  it('001-384: Delete Unposted Payment is not offered on a posted payment', () => {
    const unposted = row('Pmt', { posted: false, receipt: true })
    expect(names(unposted)).toEqual(['receipt', 'delete-unposted', 'statement', 'duplicates', 'email-receipt', 'print'])
    expect(names(row('Pmt', { receipt: true }))).not.toContain('delete-unposted')
  })

  it('001-380: an unposted adjustment offers Adjust, which edits it', () => {
    expect(names(row('Adj', { posted: false }))).toContain('adjust')
  })

  it('001-385: Refund also on a credit that can be refunded', () => {
    expect(names(row('Pmt'), { ...plain, credit: true })).toContain('refund')
    expect(names(row('Pmt'))).not.toContain('refund')
  })

  it('001-389: what is reversed is not reversed again; a returned payment opens Edit NSF', () => {
    const gone = row('Pmt', { stands: false, receipt: true })
    expect(names(gone)).not.toContain('reverse')
    expect(names(gone)).not.toContain('nsf')
    expect(names({ ...gone, nsf: true })).toContain('nsf')
    expect(names(row('NSF', { stands: false, nsf: true }))).toContain('nsf')
  })

  it('a payment that was moved is neither moved, reversed nor returned by itself', () => {
    const moved = names(row('Pmt', { transferred: true, receipt: true }))
    expect(['transfer', 'reverse', 'nsf'].filter((name) => moved.includes(name))).toEqual([])
  })

  it('001-371: a role sees what it may do', () => {
    expect(names(row('Pmt', { receipt: true }), plain, 'clerk')).toEqual([
      'receipt',
      'statement',
      'duplicates',
      'email-receipt',
      'print',
    ])
    expect(names(row('Pmt', { receipt: true }), plain, 'viewer')).toEqual(['receipt', 'print'])
    expect(names(row('Bill'), plain, 'clerk')).toEqual(['statement', 'duplicates', 'email-statement', 'print'])
  })

  it('001-397 001-398: Email Statement on the charge line, by the e-bill options', () => {
    expect(names(row('Bill'), { ...plain, emailStatements: false })).not.toContain('email-statement')
    expect(statementsByEmail('off', true)).toBe(false)
    expect([true, false].map((ticked) => statementsByEmail('opted_in', ticked))).toEqual([true, false])
    expect(statementsByEmail('all', false)).toBe(true)
  })

  it('each action has a letter of its own', () => {
    const everything = ['Bill', 'Pmt', 'Ref'].flatMap((type) =>
      actionsOf(row(type, { receipt: true }), { credit: true, emailStatements: true }, () => true),
    )
    const letters = new Map(everything.map(({ name, key }) => [name, key]))
    expect(new Set(letters.values()).size).toBe(letters.size)
  })
})
