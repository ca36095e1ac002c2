import { describe, expect, it } from 'vitest'
import { activeText, mapLink, statusOf } from './rules.ts'

describe('001-326 001-329: status of a service', () => {
  it.each([
    [{ connectDate: '2026-01-01', disconnectDate: null }, '2026-05-01', 'On', 'Yes'],
    [{ connectDate: '2026-06-01', disconnectDate: null }, '2026-05-01', 'Waiting', 'No'],
    [{ connectDate: '2026-05-01', disconnectDate: null }, '2026-05-01', 'On', 'Yes'],
    [{ connectDate: null, disconnectDate: '2026-04-30' }, '2026-05-01', 'Off', 'No'],
    [{ connectDate: null, disconnectDate: '2026-05-01' }, '2026-05-01', 'On', 'Yes'],
    [{ connectDate: '2026-05-01', disconnectDate: '2026-05-01' }, '2026-05-01', 'On', 'Yes'],
  ])('%o on %s: %s, billed %s', (dates, day, stat, active) => {
    expect(statusOf(dates, day)).toBe(stat)
    expect(activeText({ ...dates, active: true }, day)).toBe(active)
    expect(activeText({ ...dates, active: false }, day)).toBe('No')
  })
})

describe('001-047: the map', () => {
  it("is a link to the town's own site", () => {
    expect(mapLink('https://maps.example/?q={address}', '12 Canal St, Ashford')).toBe(
      'https://maps.example/?q=12%20Canal%20St%2C%20Ashford',
    )
    expect(mapLink('javascript:alert(1)', 'x')).toBe('')
    expect(mapLink('', 'x')).toBe('')
  })
})
