import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appFor, type Browser, browser, signedIn } from '../testing/browser.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { type Route, routesOf } from '../web/routes.ts'
import { may, type Permission, ROLES } from './permissions.ts'

let town: TestTown
let routes: Route[]
beforeAll(async () => {
  town = await freshTown()
  routes = routesOf(appFor(town))
})
afterAll(() => town.drop())

const filled = (path: string): string => path.replace(/:\w+/g, '1')

const letters = (route: Route): string =>
  ROLES.map((role) =>
    ['anyone', 'signed-in'].includes(route.need) || may(role, route.need as Permission) ? role[0] : '-',
  ).join('')

describe('S-33: roles × routes', () => {
  it('is the table that was agreed (update it on purpose: vitest -u)', async () => {
    const lines = routes.map(
      (route) => `${letters(route).replace('a', 'A')} ${route.method.padEnd(6)} ${route.path}  ${route.need}`,
    )
    const head = '# A administrator, s supervisor, c clerk, v viewer, a auditor\n'
    await expect(`${head}${lines.sort((a, b) => (a.slice(6) < b.slice(6) ? -1 : 1)).join('\n')}\n`).toMatchFileSnapshot(
      './rights.txt',
    )
  })

  it('a page answers 403 exactly to the roles that may not', async () => {
    const wrong: string[] = []
    for (const role of ROLES) {
      const person = await signedIn(town, role)
      for (const route of routes.filter((each) => each.method === 'get' && !each.path.startsWith('/api'))) {
        const { status } = await person.get(filled(route.path))
        const allowed = ['anyone', 'signed-in'].includes(route.need) || may(role, route.need as Permission)
        const kept = status === 403 && !/^\/setup(\/|$)/.test(route.path)
        if (kept === allowed) wrong.push(`${role} ${route.path} ${status}`)
      }
    }
    expect(wrong).toEqual([])
  }, 120_000)

  it('a write answers 403 to the roles that may not, with the right token too', async () => {
    const wrong: string[] = []
    for (const role of ROLES) {
      const person = await signedIn(town, role)
      for (const route of routes.filter((each) => each.method === 'post' && !each.path.startsWith('/api'))) {
        if (['anyone', 'signed-in'].includes(route.need) || may(role, route.need as Permission)) continue
        const { status } = await person.post(filled(route.path))
        if (status !== 403) wrong.push(`${role} ${route.path} ${status}`)
      }
    }
    expect(wrong).toEqual([])
  }, 120_000)

  it('nobody signed in is sent to the sign-in page, and a call without a token gets 401', async () => {
    const nobody: Browser = browser(appFor(town), { id: 0, name: '', role: 'clerk' })
    const wrong: string[] = []
    for (const route of routes.filter((each) => each.need !== 'anyone')) {
      const { status } = await (route.method === 'get'
        ? nobody.get(filled(route.path))
        : nobody.bare(filled(route.path)))
      const expected = route.path.startsWith('/api') ? [401, 404] : [303]
      if (!expected.includes(status)) wrong.push(`${route.method} ${route.path} ${status}`)
    }
    expect(wrong).toEqual([])
  }, 120_000)

  it('records who was kept out', async () => {
    const clerk = await signedIn(town, 'clerk')
    await clerk.get('/organization/users').expect(403)
    const admin = await signedIn(town, 'administrator')
    const { text } = await admin.get(`/reports/audit-trail?who=${clerk.user.name}&action=denied`).expect(200)
    expect(text).toContain('users.manage')
  })

  it('S-34: what is absent is 404, whatever the number looks like', async () => {
    const admin = await signedIn(town, 'administrator')
    for (const id of ['999999999', '0', '-1', '1e3', 'abc', '1%00', '99999999999999999999', '%C0%80']) {
      const { status } = await admin.get(`/organization/users/${id}`)
      expect([id, [400, 404].includes(status)]).toEqual([id, true])
    }
  })
})
