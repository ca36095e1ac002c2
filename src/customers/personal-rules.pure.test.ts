import { describe, expect, it } from 'vitest'
import { isBirthDate, isLicence, isSsn, STATES } from './personal-rules.ts'

describe('personal information', () => {
  it.each(['123456789', '123-45-6789', '123 45 6789'])('001-133: %s is a Social Security number', (typed) =>
    expect(isSsn(typed)).toBe(true),
  )
  it.each([
    ...['12345678', '123-456789', '1234567890', '123-45-678x', '', '-'],
    ...['000-00-0000', '000-45-6789', '123-00-6789', '123 45 0000', '666-45-6789'],
  ])('001-133: %s is none', (typed) => expect(isSsn(typed)).toBe(false))
  it('001-128: a license number is letters and digits', () => {
    for (const typed of ['D123-4567', 'W 426 545 30 761 0', 'É9']) expect(isLicence(typed)).toBe(true)
    for (const typed of ['', '-', '<b>', 'x'.repeat(31)]) expect(isLicence(typed)).toBe(false)
  })
  it('001-137: nobody is born tomorrow, or before 150 years', () => {
    expect(isBirthDate('2026-03-15', '2026-03-15')).toBe(true)
    expect(isBirthDate('2026-03-16', '2026-03-15')).toBe(false)
    expect(isBirthDate('1875-12-31', '2026-03-15')).toBe(false)
  })
  it('001-129: every state once', () => {
    expect(new Set(STATES.map(({ value }) => value)).size).toBe(STATES.length)
    expect(STATES.find(({ value }) => value === 'ID')?.label).toBe('Idaho')
  })
})
