import { describe, expect, it } from 'vitest'
import { money, text } from '../ledger/money.ts'
import {
  afterSave,
  type DraftFacts,
  type DraftOption,
  draftAmount,
  isBankAccount,
  isRoutingNumber,
  isToken,
  prenoteReady,
} from './rules.ts'

const facts = (changes: Partial<DraftFacts> = {}): DraftFacts => ({
  balance: money('96.40'),
  statement: { number: '7', date: '2026-11-01', amount: money('84.20'), paidSince: money('0.00') },
  budget: null,
  skipFixedOnCredit: false,
  ...changes,
})
const option = (special: DraftOption['special']): DraftOption => ({
  special,
  maximum: money('75.00'),
  fixed: money('80.00'),
})
const drafted = (special: DraftOption['special'], changes: Partial<DraftFacts> = {}) =>
  text(draftAmount(option(special), facts(changes)).amount)
const balance = (amount: string) => ({ balance: money(amount) })

describe('what is drafted', () => {
  it('001-162: Pay Account Balance drafts the balance, none on credit', () => {
    expect(drafted('balance')).toBe('96.40')
    expect(drafted('balance', balance('0.00'))).toBe('0.00')
    expect(drafted('balance', balance('-5.00'))).toBe('0.00')
  })

  it('001-163: Maximum Amount never more than the maximum', () => {
    expect(drafted('maximum')).toBe('75.00')
    expect(drafted('maximum', balance('60.00'))).toBe('60.00')
    expect(drafted('maximum', balance('-1.00'))).toBe('0.00')
  })

  it('001-165 001-166: Fixed Amount whatever is owed; what is not owed becomes credit; an option skips it on credit', () => {
    expect(drafted('fixed', balance('60.00'))).toBe('80.00')
    expect(draftAmount(option('fixed'), facts(balance('60.00'))).why).toContain('20.00 of it becomes credit')
    expect(draftAmount(option('fixed'), facts()).why).toContain('16.40 stays owed')
    expect(drafted('fixed', balance('0.00'))).toBe('80.00')
    expect(drafted('fixed', { ...balance('0.00'), skipFixedOnCredit: true })).toBe('0.00')
  })

  it('001-168 001-172 001-174 001-175: Required Amount is the budget, else the statement less payments since, else none', () => {
    expect(drafted('required', { budget: money('90.00') })).toBe('90.00')
    expect(drafted('required', balance('99.20'))).toBe('84.20')
    const paid = { number: '7', date: '2026-11-01', amount: money('84.20'), paidSince: money('20.00') }
    expect(drafted('required', { statement: paid })).toBe('64.20')
    expect(draftAmount(option('required'), facts({ statement: paid })).why).toContain('less 20.00 paid since')
    expect(drafted('required', { statement: { ...paid, paidSince: money('100.00') } })).toBe('0.00')
    expect(drafted('required', { statement: null })).toBe('0.00')
  })
})

describe('bank data', () => {
  it('checks the routing number, the account number and a token', () => {
    expect(isRoutingNumber('091000019')).toBe(true)
    for (const wrong of ['091000018', '09100001', '0910000190', '000000000', '09100001x', ''])
      expect(isRoutingNumber(wrong), wrong).toBe(false)
    expect(['1234567', '12-34 567', 'AB12'].map(isBankAccount)).toEqual([true, true, true])
    expect(['123', '1234567890123456789', '12/34'].map(isBankAccount)).toEqual([false, false, false])
    expect(isToken('tok_9f3a-77')).toBe(true)
    expect(['4111111', '1234-5678-9012-3456-7890', 'tok_4111111111111111'].map(isToken)).toEqual([true, true, true])
    const cards = [
      '4111111111111111',
      '4111-1111-1111-1111',
      '4111.1111.1111.1111',
      '4111/1111/1111/1111',
      '+411111111111',
    ]
    for (const wrong of ['tok', 'a b c d e f', ...cards]) expect(isToken(wrong), wrong).toBe(false)
  })

  it('changed bank data begin a new prenote; a card is active with its token; None has ended', () => {
    const before = { type: 'draft' as const, state: 'active' as const, stateSince: '2026-01-05' }
    const now = { type: 'draft' as const, state: 'active' as const, bankChanged: false, hasToken: false }
    expect(afterSave(before, now, '2026-11-20')).toEqual({ state: 'active', stateSince: '2026-01-05' })
    const pending = { state: 'pending', stateSince: '2026-11-20' }
    expect(afterSave(before, { ...now, bankChanged: true }, '2026-11-20')).toEqual(pending)
    expect(afterSave(undefined, now, '2026-11-20')).toEqual(pending)
    expect(afterSave(before, { ...now, state: 'suspended' }, '2026-11-20').state).toBe('suspended')
    expect(afterSave(before, { ...now, type: 'card', hasToken: true }, '2026-11-20').state).toBe('active')
    expect(afterSave(before, { ...now, type: 'card' }, '2026-11-20').state).toBe('pending')
    expect(afterSave(before, { ...now, type: 'none' }, '2026-11-20').state).toBe('ended')
  })

  it('a live draft comes so many banking days after the prenote', () => {
    expect(prenoteReady('2026-11-19', 3)).toBe('2026-11-24')
    expect(prenoteReady('2026-11-20', 0)).toBe('2026-11-20')
  })
})
