import { describe, expect, it } from 'vitest'
import { isConnectedOn } from './connected.ts'

describe('connected on a day', () => {
  it.each([
    [null, null, true],
    ['2026-01-10', null, true],
    ['2026-01-11', null, false],
    [null, '2026-01-09', false],
    [null, '2026-01-10', true],
    ['2026-01-10', '2026-01-10', true],
    ['2026-01-11', '2026-01-12', false],
  ])('from %s to %s, on 2026-01-10: %s', (connectDate, disconnectDate, answer) => {
    expect(isConnectedOn({ connectDate, disconnectDate }, '2026-01-10')).toBe(answer)
  })
})
