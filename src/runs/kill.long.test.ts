import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type KillTown, killTown, round, type Victim } from '../testing/kill.ts'

const ROUNDS = 20
let town: KillTown
const figures: string[] = []
beforeAll(async () => {
  town = await killTown(1000)
}, 300_000)
afterAll(async () => {
  await town.close()
  const head =
    '# Kills in the middle of GO\n\nUpdate Customer Balances of 1,000 accounts, as last run twenty times each (`npm run test:long`).\n\n'
  const table =
    '| killed | rounds | nothing posted | all posted | half posted | wrong after the retry |\n|---|---:|---:|---:|---:|---:|\n'
  writeFileSync('docs/kills.md', `${head}${table}${figures.join('\n')}\n`)
})

it.each<Victim>(['server', 'postgres'])(
  '%s killed twenty times: never half',
  async (victim) => {
    const seen = { nothing: 0, all: 0, half: 0, wrong: 0 }
    for (let n = 0; n < ROUNDS; n += 1) {
      const { before, after, expected, faults } = await round(town, victim, 10 + n * 100)
      if (before === 0) seen.nothing += 1
      else if (before === expected) seen.all += 1
      else seen.half += 1
      if (after !== expected || faults.length > 0) seen.wrong += 1
    }
    figures.push(`| ${victim} | ${ROUNDS} | ${seen.nothing} | ${seen.all} | ${seen.half} | ${seen.wrong} |`)
    expect(seen).toMatchObject({ half: 0, wrong: 0 })
  },
  1_800_000,
)
