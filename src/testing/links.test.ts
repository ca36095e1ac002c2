import type { Express } from 'express'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { may, type Permission, ROLES, type Role } from '../auth/permissions.ts'
import { DEMO_DAY } from '../demo/periods.ts'
import { type Route, routesOf } from '../web/routes.ts'
import { appFor, type Browser, signedIn } from './browser.ts'
import { demoTown } from './browser-walk.ts'
import type { TestTown } from './database.ts'

let town: TestTown
let app: Express
beforeAll(async () => {
  town = await demoTown()
  app = appFor(town, { today: DEMO_DAY })
})
afterAll(() => town.drop())

/** How many pages of one shape are opened, as of accounts or of a list's pages. */
const OF_A_SHAPE = 2
const shapeOf = (address: string) => address.replace(/\?.*/, '').replace(/\d+(\.\d+)?/g, '#')
const plain = (address: string) => address.replaceAll('&amp;', '&')

/** Opens every page that is reached by links from the home page on; gives where nothing was, and what showed it. */
async function walk(browser: Browser, see: (page: string, html: string) => void) {
  const shownBy = new Map([['/', '']])
  const shapes = new Map<string, number>()
  const dead: string[] = []
  for (const [address, from] of shownBy) {
    const answer = await browser.get(address)
    if (answer.status >= 400) dead.push(`${answer.status} ${address}, shown by ${from}`)
    see(address, answer.text ?? '')
    for (const [, link = ''] of (answer.text ?? '').matchAll(/href="(\/[^"#]*)"/g)) {
      const next = plain(link)
      const seen = shapes.get(shapeOf(next)) ?? 0
      if (shownBy.has(next) || seen >= OF_A_SHAPE) continue
      shapes.set(shapeOf(next), seen + 1)
      shownBy.set(next, address)
    }
  }
  return { dead, pages: shownBy.size }
}

/** What the buttons and the fetching fields of a page would call, as 'post /payments/new'. A form without a button is read. */
function* callsOf(html: string): Generator<string> {
  for (const [form, head = ''] of html.matchAll(/<form\b([^>]*)>[\s\S]*?<\/form>/g)) {
    const [, action] = /\saction="(\/[^"]*)"/.exec(head) ?? []
    const [, id] = /\sid="([^"]*)"/.exec(head) ?? []
    const outside = id !== undefined && new RegExp(`<button\\b[^>]*\\sform="${id}"`).test(html)
    if (action && (outside || /<button(?![^>]*(type="button"|formaction=))/.test(form)))
      yield `${head.includes('method="post"') ? 'post' : 'get'} ${plain(action)}`
  }
  for (const [, address = ''] of html.matchAll(/\sformaction="(\/[^"]*)"/g)) yield `post ${plain(address)}`
  for (const [, method, address = ''] of html.matchAll(/\shx-(get|post)="(\/[^"]*)"/g))
    yield `${method} ${plain(address)}`
}

const patternOf = ({ method, path }: Route) =>
  new RegExp(`^${method} ${path.replace(/[.+]/g, '\\$&').replace(/:\w+/g, '[^/]+')}(\\?|$)`)

const allowed = (role: Role, { need }: Route) =>
  need === 'anyone' || need === 'signed-in' || may(role, need as Permission)

it.each(ROLES)('no page shows a %s a link or a button for what is not there or not theirs', async (role) => {
  const routes = routesOf(app).map((route) => ({ route, pattern: patternOf(route) }))
  const wrong = new Map<string, string>()
  const { dead, pages } = await walk(await signedIn(town, role, app), (page, html) => {
    for (const call of callsOf(html)) {
      const found = routes.find(({ pattern }) => pattern.test(call))
      if (!found) wrong.set(shapeOf(call), `nothing at ${call}, shown by ${page}`)
      else if (!allowed(role, found.route)) wrong.set(shapeOf(call), `not theirs: ${call}, shown by ${page}`)
    }
  })
  expect(dead).toEqual([])
  expect([...wrong.values()]).toEqual([])
  expect(pages).toBeGreaterThan(100)
})
