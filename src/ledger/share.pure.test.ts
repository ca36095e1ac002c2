import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromCents, money, sum, text } from './money.ts'
import { equalParts } from './share.ts'

describe('equal parts', () => {
  it.each([
    ['250.00', 3, ['83.33', '83.33', '83.34']],
    ['100.00', 6, ['16.66', '16.66', '16.66', '16.66', '16.66', '16.70']],
    ['100.00', 1, ['100.00']],
    ['0.02', 3, ['0.00', '0.00', '0.02']],
    ['0.00', 2, ['0.00', '0.00']],
  ])('%s in %i, cut to the cent, the rest on the last', (amount, count, parts) => {
    expect(equalParts(money(amount), count).map(text)).toEqual(parts)
  })

  it('are the amount together, and none is below the first', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 99_999_999n }), fc.integer({ min: 1, max: 120 }), (cents, count) => {
        const parts = equalParts(fromCents(cents), count)
        expect([parts.length, text(sum(parts))]).toEqual([count, text(fromCents(cents))])
        expect(parts.every((each) => each.gte(parts[0] ?? each))).toBe(true)
      }),
    )
  })
})
