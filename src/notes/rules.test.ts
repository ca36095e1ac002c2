import { describe, expect, it } from 'vitest'
import { graceUntil, type NoteFacts, serves, subjectOf } from './rules.ts'

const note = (changed: Partial<NoteFacts> = {}): NoteFacts => ({
  level: 'account',
  created: '2026-05-01',
  graceDate: null,
  usedFor: null,
  expires: null,
  ...changed,
})

describe('001-359 001-360: Grace Date (domain.md 3.7)', () => {
  it.each([
    ['2026-05-09', '2026-05-10'],
    ['2026-05-10', '2026-05-10'],
    ['2026-05-11', undefined],
  ])('a grace of 5/10 on %s: %s', (day, expected) => {
    expect(graceUntil([note({ graceDate: '2026-05-10' })], day)).toBe(expected)
  })

  it('the latest wins, and a location note protects as well', () => {
    const notes = [note({ graceDate: '2026-05-10' }), note({ level: 'location', graceDate: '2026-05-20' })]
    expect(graceUntil(notes, '2026-05-05')).toBe('2026-05-20')
    expect(graceUntil([], '2026-05-05')).toBeUndefined()
  })
})

describe('001-361 001-362: Note Used For', () => {
  const used = note({ usedFor: 'statement', expires: '2026-06-30' })
  it.each([
    ['2026-06-30', true],
    ['2026-07-01', false],
  ])('printed on a statement of %s: %s', (day, expected) => expect(serves(used, 'statement', day)).toBe(expected))

  it('without an expiration always, and never for another use', () => {
    expect(serves(note({ usedFor: 'statement' }), 'statement', '2030-01-01')).toBe(true)
    expect(serves(used, 'penalty', '2026-06-01')).toBe(false)
  })
})

describe('001-352: an empty subject', () => {
  it('becomes the first line of the text', () => {
    expect(subjectOf('', 'Will pay Friday\nand more')).toBe('Will pay Friday')
    expect(subjectOf('Promise', 'Will pay')).toBe('Promise')
  })
})
