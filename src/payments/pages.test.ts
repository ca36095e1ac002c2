import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accountView, transactionsOf } from '../accounts/service.ts'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import { aCharge, anAccount, clerkTown } from '../testing/clerk-town.ts'
import { freshTown, type TestTown } from '../testing/database.ts'

let town: TestTown
let clerk: Browser
let supervisor: Browser
const today = '2011-05-02'

const words = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')
const hidden = (html: string, name: string) =>
  (new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
const balance = async (number = '100.01') => (await accountView(town.db, number, { today })).balance

beforeAll(async () => {
  town = await freshTown()
  await clerkTown(town.db, {
    services: [
      { code: 'WA', name: 'Water' },
      { code: 'SE', name: 'Sewer' },
      { code: 'GA', name: 'Garbage' },
      { code: 'PE', name: 'Penalty', kind: 'penalty' },
    ],
    lists: { overpayment: ['WA'] },
  })
  for (const number of ['100.01', '200.01', '300.01']) {
    await anAccount(town.db, { number, services: ['WA', 'SE', 'GA'] })
    await aCharge(town.db, number, '2011-03-31', { WA: '30.00', SE: '15.00', GA: '10.00', PE: '5.00' })
  }
  const app = appFor(town, { today })
  clerk = await signedIn(town, 'clerk', app)
  supervisor = await signedIn(town, 'supervisor', app)
})
afterAll(() => town.drop())

/** What the form holds as it was shown, with something typed over. */
function filled(html: string, typed: Record<string, string | undefined> = {}) {
  return {
    requestId: hidden(html, 'requestId'),
    shown: hidden(html, 'shown'),
    amount: '60.00',
    method: 'check',
    checkNumber: '1187',
    date: '05/02/2011',
    ...typed,
  }
}

describe('taking a payment on a page', () => {
  it('opens with what is owed and shows where it goes', async () => {
    const form = (await clerk.get('/accounts/100.01/payments/new')).text
    expect(form).toContain('value="60.00"')
    expect(words(form)).toContain('Water 30.00 30.00 0.00')
    expect(words(form)).toContain('Total 60.00 60.00 0.00')
  })

  it('004-006 004-007: shows a new amount before anything is posted, also as a fragment', async () => {
    const form = (await clerk.get('/accounts/100.01/payments/new')).text
    const typed = filled(form, { amount: '20.00', step: 'preview' })
    const fragment = await clerk.post('/accounts/100.01/payments', typed, { 'HX-Request': 'true' })
    expect(fragment.text.trim()).toMatch(/^<div class="sheet" id="allocation"/)
    expect(words(fragment.text)).toContain('Water 30.00 10.00 20.00')
    expect(words(fragment.text)).toContain('Penalty: 1.67 for 5.00 (8.33 %)')
    const page = await clerk.post('/accounts/100.01/payments', { ...typed, step: undefined, shown: '' })
    expect([page.status, words(page.text).includes('Garbage 10.00 3.33 6.67')]).toEqual([200, true])
    expect(await balance()).toBe('60.00')
  })

  it('posts what was shown once, however often it is sent, and gives a receipt', async () => {
    const form = (await clerk.get('/accounts/100.01/payments/new?amount=20.00')).text
    const typed = filled(form, { amount: '20.00', step: 'take' })
    const [first, second] = await Promise.all([
      clerk.post('/accounts/100.01/payments', typed),
      clerk.post('/accounts/100.01/payments', typed),
    ])
    expect([first?.status, second?.status]).toEqual([303, 303])
    expect(first?.headers.location).toBe(second?.headers.location)
    expect(await balance()).toBe('40.00')
    const receipt = words((await clerk.get(first?.headers.location ?? '')).text)
    expect(receipt).toMatch(/Receipt 1 \$20\.00 05\/02\/2011/)
    expect(receipt).toContain('Balance after this payment: $40.00')
    expect(receipt).toContain('Check 1187 $20.00')
  })

  it('explains the posted payment from the facts kept with it', async () => {
    const [payment] = await transactionsOf(town.db, '100.01', 1)
    const page = words((await clerk.get(`/accounts/100.01/transactions/${payment?.id}`)).text)
    expect(page).toContain('Before the payment the account owed 60.00.')
    expect(page).toContain('Services in no list, by percentage of what each owes: 20.00 available, 60.00 owed.')
    expect(page).toContain('Garbage: 3.33 for 10.00 (16.67 %)')
  })

  it('shows a changed allocation instead of posting it', async () => {
    const form = (await clerk.get('/accounts/200.01/payments/new')).text
    await aCharge(town.db, '200.01', '2011-05-01', { SE: '12.00' })
    const answer = await clerk.post('/accounts/200.01/payments', filled(form, { step: 'take' }))
    expect(answer.status).toBe(422)
    expect(words(answer.text)).toContain('The account changed since this was shown.')
    expect(await balance('200.01')).toBe('72.00')
    const again = await clerk.post('/accounts/200.01/payments', filled(answer.text, { step: 'take' }))
    expect(again.status).toBe(303)
  })

  it('takes the allocation of the clerk, and refuses one above a balance', async () => {
    const form = (await clerk.get('/accounts/200.01/payments/new?amount=12.00')).text
    const byHand = { amount: '12.00', byHand: 'on', step: 'preview' }
    const boxes = (await clerk.post('/accounts/200.01/payments', filled(form, byHand))).text
    const [water, sewer] = [...boxes.matchAll(/name="(pay\d+)"/g)].map((match) => match[1] ?? '')
    const shown = await clerk.post('/accounts/200.01/payments', filled(boxes, { ...byHand, [water ?? '']: '99.00' }))
    expect([shown.status, /owes [\d.]+; no more can be allocated/.test(words(shown.text))]).toEqual([422, true])
    const right = (await clerk.post('/accounts/200.01/payments', filled(boxes, { ...byHand, [sewer ?? '']: '2.00' })))
      .text
    expect(words(right)).toContain('The clerk allocates by hand. Sewer: 2.00 10.00 is left over')
  })

  it('warns of the collection code and payment notes, takes no payment where none is accepted, and no check after two NSF', async () => {
    await town.db.execute(
      sql`insert into collection_code (code, name, display_warning) values ('LAW', 'At the lawyer', true)`,
    )
    await town.db.execute(
      sql`update customer set collection_code_id = (select id from collection_code where code = 'LAW') where number = '300'`,
    )
    await town.db.execute(sql`insert into note (level, customer_id, note_type_id, subject, created, payment_center)
      select 'customer', c.id, n.id, 'Ask for new phone', '2011-05-01', true from customer c, note_type n where c.number = '300'`)
    const form = words((await clerk.get('/accounts/300.01/payments/new')).text)
    expect(form).toContain('Collection code LAW: At the lawyer')
    expect(form).toContain('Ask for new phone')
    await town.db.execute(sql`update customer set do_not_accept_payments = true where number = '300'`)
    const closed = (await clerk.get('/accounts/300.01/payments/new')).text
    expect(closed).not.toContain('value="take"')
    const refused = await clerk.post('/accounts/300.01/payments', filled(closed, { step: 'take' }))
    expect([refused.status, words(refused.text).includes('No payments are accepted')]).toEqual([422, true])
    await town.db.execute(sql`update customer set do_not_accept_payments = false where number = '300'`)
  })

  it('says what was typed wrongly, with the form as it was', async () => {
    const form = (await clerk.get('/accounts/300.01/payments/new')).text
    const wrong = await clerk.post(
      '/accounts/300.01/payments',
      filled(form, { amount: 'ten', date: '02/30/2011', method: 'shells' }),
    )
    expect(wrong.status).toBe(422)
    for (const said of [
      'Write an amount like 42.50.',
      'There is no day 30 in that month.',
      'Choose one of the list.',
    ]) {
      expect(words(wrong.text)).toContain(said)
    }
    expect(wrong.text).toContain('value="ten"')
  })
})

describe('reversing on a page', () => {
  it('reopens the same periods, marks both, and goes only once', async () => {
    const form = (await clerk.get('/accounts/300.01/payments/new?amount=25.00')).text
    await clerk.post('/accounts/300.01/payments', filled(form, { amount: '25.00', step: 'take' }))
    const [payment] = await transactionsOf(town.db, '300.01', 1)
    const at = `/accounts/300.01/transactions/${payment?.id}/reverse`
    expect((await clerk.get(at)).status).toBe(403)
    const page = (await supervisor.get(at)).text
    const asked = { requestId: hidden(page, 'requestId'), reason: 'Wrong account' }
    expect((await supervisor.post(at, { ...asked, reason: ' ' })).status).toBe(422)
    expect((await supervisor.post(at, asked)).status).toBe(303)
    expect(await balance('300.01')).toBe('60.00')
    const list = words((await supervisor.get('/accounts/300.01')).text)
    expect(list).toMatch(/Rev Reversal of Check 1187 Reverses \d+/)
    expect(list).toMatch(/Pmt Check 1187 Reversed by \d+/)
    const again = words((await supervisor.get(at)).text)
    expect(again).toContain('This is reversed already')
    expect((await supervisor.post(at, { ...asked, requestId: crypto.randomUUID() })).status).toBe(409)
  })
})

describe('Payment entry', () => {
  it('opens the account typed, lists several, and shows what was taken today', async () => {
    const hit = await clerk.post('/payments/entry', { account: '100.01' })
    expect([hit.status, hit.headers.location]).toEqual([303, '/accounts/100.01/payments/new'])
    const several = await clerk.post('/payments/entry', { account: 'holt' })
    expect(words(several.text)).toContain('200.01 Mary Holt')
    expect((await clerk.post('/payments/entry', { account: 'nobody' })).status).toBe(422)
    expect(words((await clerk.get('/payments/entry')).text)).toMatch(/Check, 2 80\.00 Taken by you today 80\.00/)
  })
})
