import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signedIn } from '../testing/browser.ts'
import { freshTown, type TestTown } from '../testing/database.ts'

let town: TestTown
beforeAll(async () => {
  town = await freshTown()
})
afterAll(() => town.drop())

describe('pages', () => {
  it('shows each page', async () => {
    const admin = await signedIn(town, 'administrator')
    for (const url of [
      '/',
      '/me',
      '/organization/users',
      '/organization/users/new',
      '/reports/audit-trail',
      '/menu/organization',
      '/go?q=abc',
      '/sign-in',
      `/organization/users/${admin.user.id}`,
    ]) {
      const answer = await admin.get(url)
      console.log(url, answer.status, answer.text.length)
      if (answer.status === 500) console.log(answer.text)
    }
    const made = await admin.post('/organization/users', { name: 'joe', fullName: 'Joe', role: 'clerk' })
    expect(made.status).toBe(201)
  })
})
