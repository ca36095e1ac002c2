import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ArrangementTown, arrangementTown } from '../testing/arrangement-town.ts'
import type { Browser } from '../testing/browser.ts'
import { anAccount } from '../testing/clerk-town.ts'
import { words } from '../testing/form.ts'
import { rowsOf } from '../testing/panel.ts'

let t: ArrangementTown

beforeAll(async () => {
  t = await arrangementTown()
  for (const number of ['100.01', '200.01', '300.01', '400.01']) await t.owing(number)
  await t.owing('500.01', { name: 'Hidden Person', customer: { public: false } })
})
afterAll(() => t.town.drop())

const tabOf = (number: string) => `/panel/${number}/arrangements`
const SETUP = {
  description: 'Winter plan',
  services: ['WA', 'SE'],
  amount: '250.00',
  payments: '3',
  frequency: 'monthly',
  startDate: '01/31/2027',
}

/** Starts the wizard; gives the address of its steps. */
async function started(number: string, who: Browser = t.supervisor): Promise<string> {
  const answer = await who.post(`${tabOf(number)}/new`)
  expect(answer.status).toBe(303)
  return (answer.headers.location ?? '').replace(/\/setup$/, '')
}

describe('Warnings', () => {
  it('001-472 001-478 001-479: Add opens it; notes on arrangements and warnings, and Next', async () => {
    await t.town.db.execute(sql`insert into note (level, customer_id, note_type_id, subject, text, created)
      select 'customer', id, (select id from note_type where code = 'general'), 'Arrangement in 2025 was kept', '', '2026-01-02' from customer where number = '100'`)
    await t.town.db.execute(sql`update customer set bankrupt = true where number = '100'`)
    expect((await t.supervisor.get(tabOf('100.01'))).text).toContain(`href="${tabOf('100.01')}/new"`)
    const page = await t.supervisor.get(`${tabOf('100.01')}/new`)
    expect(words(page.text)).toContain('Arrangement in 2025 was kept')
    expect(words(page.text)).toContain('The account has a bankruptcy.')
    expect(page.text).toContain('form="wizard"')
  })

  it('001-474 001-476 001-477: what stands against it is named, and there is no Next', async () => {
    await anAccount(t.town.db, { number: '600.01' })
    const page = await t.supervisor.get(`${tabOf('600.01')}/new`)
    expect(words(page.text)).toContain('The account has no balance to arrange: it stands at 0.00.')
    expect(page.text).not.toContain('form="wizard"')
    expect((await t.supervisor.post(`${tabOf('600.01')}/new`)).status).toBe(422)
    await t.unposted('300.01', '5.00')
    const waiting = await t.supervisor.get(`${tabOf('300.01')}/new`)
    expect(words(waiting.text)).toContain('The account has 1 unposted transaction.')
    expect(waiting.text).not.toContain('form="wizard"')
  })

  it('making one is for those who may', async () => {
    expect((await t.clerk.get(`${tabOf('100.01')}/new`)).status).toBe(403)
    expect((await t.clerk.post(`${tabOf('100.01')}/new`)).status).toBe(403)
    expect((await t.clerk.get(tabOf('100.01'))).text).not.toContain(`${tabOf('100.01')}/new`)
    expect((await t.supervisor.get(`${tabOf('500.01')}/new`)).status).toBe(404)
    expect((await t.supervisor.get(`${tabOf('999.01')}/new`)).status).toBe(404)
  })
})

describe('Setup to Finish', () => {
  let at: string

  it('001-480 001-481 001-483 001-486: services with their balances, past due and not yet due', async () => {
    at = await started('100.01')
    const page = await t.supervisor.get(`${at}/setup`)
    expect(words(page.text)).toContain('Water 180.00')
    expect(words(page.text)).toContain('Sewer 70.00')
    expect(page.text).toMatch(/id="account-balance"[^>]*>250\.00</)
    expect(page.text).toContain('name="description"')
    // all of it is offered
    expect(page.text).toMatch(/name="amount"[^>]*value="250\.00"/)
    expect(page.text).toMatch(/id="remaining"[^>]*><span class="dim">0\.00</)
  })

  it('001-482 001-485 001-487 001-489 001-490 001-491: Calculate shows what is worked out; scripts are not needed', async () => {
    const typed = { ...SETUP, services: ['WA'], amount: '100.00', payments: '6', do: 'calculate' }
    const page = await t.supervisor.post(`${at}/setup`, typed)
    expect(page.text).toMatch(/id="account-balance"[^>]*>180\.00</)
    expect(page.text).toMatch(/id="remaining"[^>]*>80\.00</)
    expect(page.text).toMatch(/id="payment"[^>]*>16\.66</)
    expect((await t.supervisor.get(`${at}/setup`)).text).toContain('value="Winter plan"')
  })

  it('001-484 001-488 001-493: refusals stand beside their field', async () => {
    const refused = async (changed: object, says: string) => {
      const page = await t.supervisor.post(`${at}/setup`, { ...SETUP, ...changed, do: 'next' })
      expect(page.status).toBe(422)
      expect(words(page.text)).toContain(says)
    }
    await refused({ amount: '250.01' }, '250.01 is more than the account balance of the ticked services, 250.00.')
    await refused({ services: [] }, 'Tick at least one service.')
    await refused({ frequency: '' }, 'Choose a frequency, or tick Due with regular billing.')
    await refused({ startDate: '11/19/2026' }, 'The first payment cannot be due before today.')
    await refused({ amount: '0.02' }, '0.02 in 3 payments would be less than 0.01 each.')
  })

  it('S-39: a step that is not reached leads back, and is refused when it is posted', async () => {
    expect((await t.supervisor.get(`${at}/confirmation`)).headers.location).toBe(`${at}/setup`)
    expect((await t.supervisor.get(`${at}/finish`)).headers.location).toBe(`${at}/setup`)
    expect((await t.supervisor.post(`${at}/confirmation`, { reviewed: 'on' })).status).toBe(409)
    const other = await t.on('2026-11-20')
    expect((await other.get(`${at}/setup`)).status).toBe(404)
    expect((await t.supervisor.get(`${at.replace('100.01', '200.01')}/setup`)).status).toBe(404)
    expect(await rowsOf(t.town.db, 'arrangement')).toBe(0)
  })

  it('001-494 001-495 001-498 001-500: Review lists payments and due dates, with Preview and Print', async () => {
    expect((await t.supervisor.post(`${at}/setup`, { ...SETUP, do: 'next' })).headers.location).toBe(`${at}/review`)
    const page = await t.supervisor.get(`${at}/review`)
    expect(words(page.text)).toContain('1 01/31/2027 83.33 2 02/28/2027 83.33 3 03/31/2027 83.34')
    for (const query of ['', '?save=yes']) {
      const report = await t.supervisor.get(`${at}/print${query}`)
      expect(report.headers['content-type']).toBe('application/pdf')
      expect(report.headers['content-disposition']).toMatch(/^attachment/)
    }
  })

  it('001-501: Back keeps the entries', async () => {
    const page = (await t.supervisor.get(`${at}/setup`)).text
    expect(page).toContain('value="Winter plan"')
    expect(page).toMatch(/name="startDate"[^>]*value="01\/31\/2027"/)
    expect((await t.supervisor.get(`${tabOf('100.01')}/new?draft=${at.split('/').at(-1)}`)).text).toContain(
      'name="draft"',
    )
  })

  it('001-502 001-503 001-504: Confirmation lists everything; without the tick it does not go on', async () => {
    expect((await t.supervisor.post(`${at}/review`)).headers.location).toBe(`${at}/confirmation`)
    const page = words((await t.supervisor.get(`${at}/confirmation`)).text)
    for (const said of [
      'Winter plan',
      'Water 180.00',
      'Account balance 250.00',
      'Remaining balance 0.00',
      'Monthly',
      '83.34',
    ]) {
      expect(page).toContain(said)
    }
    expect((await t.supervisor.get(`${at}/confirmation`)).text).toMatch(/name="reviewed" value="on" required/)
    expect((await t.supervisor.post(`${at}/confirmation`, {})).status).toBe(422)
    expect(await rowsOf(t.town.db, 'arrangement')).toBe(0)
  })

  it('001-505 001-506 001-507 001-508: Finish: saved, with its number, a report and Close', async () => {
    expect((await t.supervisor.post(`${at}/confirmation`, { reviewed: 'on' })).headers.location).toBe(`${at}/finish`)
    const page = (await t.supervisor.get(`${at}/finish`)).text
    expect(words(page)).toContain('The arrangement is saved')
    expect(words(page)).toContain('Arrangement No. 1001')
    expect(page).toContain(`${tabOf('100.01')}/plan/1001/print`)
    expect(page).toContain(`href="${tabOf('100.01')}?plan=1001"`)
  })

  it('S-39: behind Finish nothing is done again', async () => {
    for (const step of ['setup', 'review', 'confirmation']) {
      expect((await t.supervisor.post(`${at}/${step}`, step === 'confirmation' ? { reviewed: 'on' } : {})).status).toBe(
        409,
      )
      expect((await t.supervisor.get(`${at}/${step}`)).headers.location).toBe(`${at}/finish`)
    }
    expect(await rowsOf(t.town.db, 'arrangement')).toBe(1)
  })

  it('001-475: no second one while the first is unfinished, not even by another draft', async () => {
    const page = await t.supervisor.get(`${tabOf('100.01')}/new`)
    expect(words(page.text)).toContain('The account has an arrangement that is not finished yet.')
    expect(page.text).not.toContain('form="wizard"')
  })

  it('001-492: due with regular billing, the due dates of the next bills', async () => {
    const own = await started('200.01')
    const typed = { ...SETUP, regular: 'on', frequency: '', startDate: '', amount: '200.00', payments: '2' }
    await t.supervisor.post(`${own}/setup`, typed)
    const page = words((await t.supervisor.get(`${own}/review`)).text)
    expect(page).toContain('With regular billing')
    expect(page).toContain('1 12/20/2026 100.00 2 01/20/2027 100.00')
  })

  it('what changed since the review is not confirmed unseen', async () => {
    const own = await started('400.01')
    await t.supervisor.post(`${own}/setup`, SETUP)
    await t.supervisor.post(`${own}/review`)
    await t.pay('400.01', '100.00')
    const page = await t.supervisor.post(`${own}/confirmation`, { reviewed: 'on' })
    expect(page.status).toBe(422)
    expect(words(page.text)).toContain('is more than the account balance')
  })
})

describe('View History', () => {
  it('001-496 001-497: opens beside the wizard; transactions open their details and nothing can be changed', async () => {
    const at = await started('200.01')
    expect((await t.supervisor.get(`${at}/setup`)).text).toMatch(/href="[^"]*\/arrangements\/history" target="_blank"/)
    const page = (await t.supervisor.get(`${tabOf('200.01')}/history`)).text
    expect(words(page)).toContain('View only.')
    expect(page).toContain('<details><summary>Transaction')
    expect(page.slice(page.indexOf('<main'))).not.toMatch(/<form|\/reverse|\/adjust/)
    expect((await t.clerk.get(`${tabOf('500.01')}/history`)).status).toBe(404)
  })
})
