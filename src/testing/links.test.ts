import { afterAll, beforeAll, expect, it } from 'vitest'
import { ROLES } from '../auth/permissions.ts'
import { DEMO_DAY } from '../demo/periods.ts'
import { appFor, type Browser, signedIn } from './browser.ts'
import { demoTown } from './browser-walk.ts'
import type { TestTown } from './database.ts'

let town: TestTown
beforeAll(async () => {
  town = await demoTown()
})
afterAll(() => town.drop())

/** How many pages of one shape are opened, as of accounts or of a list's pages. */
const OF_A_SHAPE = 2
const shapeOf = (address: string) => address.replace(/\?.*/, '').replace(/\d+(\.\d+)?/g, '#')

/** Follows every link of ours that a page shows, from the home page on; gives where nothing was, and what showed it. */
async function deadEnds(browser: Browser) {
  const shownBy = new Map([['/', '']])
  const shapes = new Map<string, number>()
  const dead: string[] = []
  for (const [address, from] of shownBy) {
    const answer = await browser.get(address)
    if (answer.status >= 400) dead.push(`${answer.status} ${address}, shown by ${from}`)
    for (const [, link = ''] of (answer.text ?? '').matchAll(/href="(\/[^"#]*)"/g)) {
      const next = link.replaceAll('&amp;', '&')
      const seen = shapes.get(shapeOf(next)) ?? 0
      if (shownBy.has(next) || seen >= OF_A_SHAPE) continue
      shapes.set(shapeOf(next), seen + 1)
      shownBy.set(next, address)
    }
  }
  return { dead, pages: shownBy.size }
}

it.each(ROLES)('no page shows a %s a link that leads nowhere', async (role) => {
  const { dead, pages } = await deadEnds(await signedIn(town, role, appFor(town, { today: DEMO_DAY })))
  expect(dead).toEqual([])
  expect(pages).toBeGreaterThan(100)
})
