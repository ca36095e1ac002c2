import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, signedIn } from '../testing/browser.ts'
import { clerkTown } from '../testing/clerk-town.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { formOf, words } from '../testing/form.ts'
import { settings } from './settings.ts'

let town: TestTown
let clerk: Browser
let administrator: Browser
const at = '/organization/organization/direct-pay'

beforeAll(async () => {
  town = await freshTown()
  await clerkTown(town.db)
  clerk = await signedIn(town, 'clerk')
  administrator = await signedIn(town, 'administrator')
})
afterAll(() => town.drop())

describe('Organization > Direct Pay', () => {
  it('001-169 001-170: keeps budgets, prenote days and the ACH fields', async () => {
    const shown = (await administrator.get(at)).text
    for (const label of ['Use account level budgets', 'Demographic item with the budget', 'Skip Fixed Amount'])
      expect(words(shown)).toContain(label)
    for (const label of ['Offset Bank', 'Offset Transaction Type', 'Immediate Destination', 'Immediate Origin'])
      expect(words(shown)).toContain(label)
    const typed = { ...formOf(shown, 'direct-pay'), immediateOrigin: '123456789', prenoteDays: '5' }
    const wrong = await administrator.post(at, { ...typed, hostedPaymentForm: 'http://pay.example.org' })
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain('Write an address that begins with https://')
    expect((await administrator.post(at, { ...typed, immediateOrigin: '12' })).status).toBe(422)
    const saved = { ...typed, accountLevelBudgets: 'on', destinationAchName: 'NORBANK', bankHeader: '$$ADD' }
    expect((await administrator.post(at, saved)).status).toBe(303)
    expect(await settings(town.db)).toMatchObject({
      ...{ immediateOrigin: '123456789', prenoteDays: 5, notifyLeadDays: 10, accountLevelBudgets: true },
      ...{ destinationAchName: 'NORBANK', bankHeader: '$$ADD', offsetTransactionType: 'checking' },
    })
    const told = await administrator.post(at, { ...typed, prenoteDays: '7' })
    expect(told.status).toBe(409)
    expect(words(told.text)).toContain('Banking days after a prenote was 3 and is now 5; you typed 7')
    expect((await clerk.post(at, typed)).status).toBe(403)
  })
})
