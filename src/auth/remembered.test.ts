import supertest from 'supertest'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { appFor } from '../testing/browser.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { tokenIn } from '../testing/form.ts'
import { addUser } from './service.ts'

// What a browser remembers is opened where somebody writes to it; a page that only reads it must not tell the difference.
let town: TestTown
const PASSWORD = 'four brown otters dig'
beforeAll(async () => {
  town = await freshTown()
  await addUser(town.db, { name: 'ann', role: 'administrator', password: PASSWORD })
})
afterAll(() => town.drop())

const webCookie = (answer: { headers: Record<string, unknown> }): string | undefined =>
  ((answer.headers['set-cookie'] as string[] | undefined) ?? []).find((line) => line.startsWith('web='))?.split(';')[0]

it('its token stays the same from page to page, and the cookie is given once', async () => {
  const first = await supertest(appFor(town)).get('/sign-in').expect(200)
  const cookie = webCookie(first) ?? ''
  expect(cookie).toMatch(/^web=s%3A/)
  for (const _again of [1, 2, 3]) {
    const page = await supertest(appFor(town)).get('/sign-in').set('Cookie', cookie).expect(200)
    expect(tokenIn(page.text)).toBe(tokenIn(first.text))
    expect(webCookie(page)).toBeUndefined()
  }
})

it('a number under another signature is nobody’s, also after it was seen under its own', async () => {
  const first = await supertest(appFor(town)).get('/sign-in')
  const cookie = webCookie(first) ?? ''
  await supertest(appFor(town)).get('/sign-in').set('Cookie', cookie).expect(200)
  const forged = `${cookie.slice(0, cookie.lastIndexOf('.'))}.AAAA`
  const page = await supertest(appFor(town)).get('/sign-in').set('Cookie', forged)
  expect(tokenIn(page.text)).not.toBe(tokenIn(first.text))
  expect(webCookie(page)).toMatch(/^web=s%3A/)
})

it('what is to be said is said once', async () => {
  const agent = supertest.agent(appFor(town))
  const form = { name: 'ann', password: PASSWORD, _csrf: tokenIn((await agent.get('/sign-in')).text) }
  await agent.post('/sign-in').type('form').send(form).expect(303)
  const ended = { _csrf: tokenIn((await agent.get('/me')).text) }
  await agent.post('/me/sessions/others/ending').type('form').send(ended).expect(303)
  expect((await agent.get('/me')).text).toContain('role="status"')
  expect((await agent.get('/me')).text).not.toContain('role="status"')
})
