import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import { clerkTown } from '../testing/clerk-town.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { formOf } from '../testing/form.ts'
import { settings } from './settings.ts'

let town: TestTown
let supervisor: Browser
let clerk: Browser
const PATH = '/organization/organization/billing'

beforeAll(async () => {
  town = await freshTown()
  await clerkTown(town.db)
  const app = appFor(town)
  ;[supervisor, clerk] = await Promise.all([signedIn(town, 'supervisor', app), signedIn(town, 'clerk', app)])
})
afterAll(() => town.drop())

describe('Organization > Organization > Billing', () => {
  const typed = {
    counterPosting: 'batch',
    emailStatements: 'all',
    statementMessage: 'Read your meter.',
    emailText: 'Attached.',
  }

  it('001-398: how the counter posts and who is sent statements by e-mail, saved, and seen by all', async () => {
    const form = { ...formOf((await supervisor.get(PATH)).text, 'billing'), ...typed }
    const saved = await supervisor.post(PATH, form)
    expect([saved.status, saved.headers.location]).toEqual([303, PATH])
    expect(await settings(town.db)).toMatchObject({ counterPosting: 'batch', emailStatements: 'all' })
    const page = (await clerk.get(PATH)).text
    expect(page).toContain('Read your meter.')
    expect(page).not.toContain('Ctrl+S')
    expect((await clerk.post(PATH, form)).status).toBe(403)
  })

  it('a change by somebody else is not lost', async () => {
    const form = {
      ...formOf((await supervisor.get(PATH)).text, 'billing'),
      ...typed,
      counterPosting: 'batch',
      emailStatements: 'all',
    }
    await supervisor.post(PATH, { ...form, emailSubject: 'Your bill' })
    const late = await supervisor.post(PATH, { ...form, emailSubject: 'Statement' })
    expect(late.status).toBe(409)
    expect(late.text).toContain('Your bill')
    expect((await supervisor.post(PATH, { ...form, emailText: '' })).status).toBe(422)
  })
})
