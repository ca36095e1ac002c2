import { describe, expect, it } from 'vitest'
import { activityOn, comesAlong, connectRefusal, isDefault, splitName, zipRefusal } from './rules.ts'

const parts = (name: string) => Object.values(splitName(name)).join('|')

describe('Setup New Customers, rules', () => {
  it('003-008 003-010: a name typed in one field is cut into its parts', () => {
    expect(parts('Rosalind T. Ibarra')).toBe('|Rosalind|T.|Ibarra|')
    expect(parts('Ibarra, Rosalind T.')).toBe('|Rosalind|T.|Ibarra|')
    expect(parts('Dr. Dale Whitcomb Jr.')).toBe('Dr.|Dale||Whitcomb|Jr.')
    expect(parts('Whitcomb, Dale, Jr.')).toBe('|Dale||Whitcomb|Jr.')
    expect(parts('Madonna')).toBe('|||Madonna|')
    expect(parts('Mr')).toBe('|||Mr|')
  })
  it('an account that connects in the future waits', () => {
    expect(activityOn('2026-04-21', '2026-04-20')).toBe('Waiting')
    expect(activityOn('2026-04-20', '2026-04-20')).toBe('Current')
  })
  it('a service connects with its account or later', () => {
    expect(connectRefusal('2026-12-01', '2026-12-01')).toBeUndefined()
    expect(connectRefusal('2026-12-02', '2026-12-01')).toBeUndefined()
    expect(connectRefusal('2026-11-30', '2026-12-01')).toContain('The account connects on 12/01/2026')
  })
  it.each([
    ['', '', true],
    ['83001', '', true],
    [' 83001-0042 ', 'USA', true],
    ['8300', '', false],
    ['83001-42', 'U.S.A.', false],
    ['H2X 1Y4', '', false],
    ['H2X 1Y4', 'United States', false],
    ['H2X 1Y4', 'Canada', true],
  ])('003-017: ZIP %j of country %j: %j', (zip, country, taken) => {
    expect(zipRefusal(zip, country) === undefined).toBe(taken)
  })
  it('what is billed month by month is ticked at a new location', () => {
    expect(['metered', 'flat', 'penalty', 'fee'].map(isDefault)).toEqual([true, true, false, false])
  })
  it('a service that ended before the account did stays behind', () => {
    const account = { disconnectDate: '2026-04-10' }
    expect(comesAlong({ disconnectDate: null }, account)).toBe(true)
    expect(comesAlong({ disconnectDate: '2026-04-10' }, account)).toBe(true)
    expect(comesAlong({ disconnectDate: '2026-03-31' }, account)).toBe(false)
    expect(comesAlong({ disconnectDate: '2026-03-31' }, { disconnectDate: null })).toBe(false)
  })
})
