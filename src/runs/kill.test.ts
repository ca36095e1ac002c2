import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type KillTown, killTown, round, type Victim } from '../testing/kill.ts'

let town: KillTown
beforeAll(async () => {
  town = await killTown(400)
}, 120_000)
afterAll(() => town.close())

describe.each<Victim>(['server', 'postgres'])('SIGKILL of the %s in the middle of GO', (victim) => {
  it.each([5, 60, 120])(
    'after %i ms: all or nothing, proven, and a retry completes',
    async (wait) => {
      const { before, after, expected, faults } = await round(town, victim, wait)
      expect([0, expected]).toContain(before)
      expect(after).toBe(expected)
      expect(faults).toEqual([])
    },
    60_000,
  )
})
