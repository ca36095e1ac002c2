import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { transactionsOf } from '../accounts/service.ts'
import { checkLedger } from '../ledger/check.ts'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import { formOf } from '../testing/form.ts'
import { MOVEMENT_DAY, type MovementTown, movementTown } from '../testing/movement-town.ts'

let made: MovementTown
let supervisor: Browser
let clerk: Browser

const words = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')
const newest = async (account: string, type: string) =>
  (await transactionsOf(made.town.db, account)).find((each) => each.type === type)?.id ?? ''
const at = (account: string, id: string, action: string) => `/accounts/${account}/transactions/${id}/${action}`

beforeAll(async () => {
  made = await movementTown()
  const app = appFor(made.town, { today: MOVEMENT_DAY })
  supervisor = await signedIn(made.town, 'supervisor', app)
  clerk = await signedIn(made.town, 'clerk', app)
})
afterAll(async () => {
  expect((await checkLedger(made.town.db)).filter(({ faults }) => faults > 0)).toEqual([])
  await made.town.drop()
})

describe('NSF', () => {
  it('001-386 001-387: asks for the payment method first, then opens Add NSF; the receipt says it', async () => {
    const account = await made.owing({ WA: '40.00', SE: '20.00' })
    const paid = await made.pay(account, '60.00')
    const path = at(account, paid.transactionId, 'nsf')
    expect(words((await supervisor.get(path)).text)).toContain('Select Payment Methods How was the payment made')
    const other = await supervisor.get(`${path}?method=cash`)
    expect([other.status, words(other.text).includes('This payment was made another way.')]).toEqual([422, true])
    const form = (await supervisor.get(`${path}?method=check`)).text
    expect(words(form)).toContain('Add NSF')
    const typed = formOf(form, 'nsf')
    expect(typed).toMatchObject({ fee: '30.00', date: '04/20/2011', method: 'check' })
    expect((await supervisor.post(path, { ...typed, reason: ' ' })).status).toBe(422)
    const sent = await supervisor.post(path, { ...typed, reason: 'Insufficient funds' })
    expect([sent.status, sent.headers.location]).toEqual([303, `/panel/${account}/history`])
    expect(await made.balance(account)).toBe('90.00')
    expect(words((await clerk.get(`/receipts/${paid.receiptNumber}`)).text)).toContain('NSF: returned by the bank')
    const history = words((await supervisor.get(`/panel/${account}/history`)).text)
    expect(history).toMatch(/Misc Returned payment fee .*30\.00 90\.00/)
  })

  it('001-386: opens Edit NSF on a returned payment, where the fee is changed', async () => {
    const account = await made.owing({ WA: '40.00' })
    const paid = await made.pay(account, '40.00')
    const path = at(account, paid.transactionId, 'nsf')
    const add = formOf((await supervisor.get(`${path}?method=check`)).text, 'nsf')
    await supervisor.post(path, { ...add, reason: 'No funds' })
    const page = (await supervisor.get(path)).text
    expect(words(page)).toContain('Edit NSF')
    const edit = formOf(page, 'nsf')
    expect(edit.fee).toBe('30.00')
    expect((await supervisor.post(path, { ...edit, fee: '12.50', reason: 'Council' })).status).toBe(303)
    expect(await made.balance(account)).toBe('52.50')
  })

  it('sent twice it answers once more; of two clerks the second is told, and the fee stays', async () => {
    const account = await made.owing({ WA: '40.00' })
    const paid = await made.pay(account, '40.00')
    const path = at(account, paid.transactionId, 'nsf')
    const opened = async () => formOf((await supervisor.get(`${path}?method=check`)).text, 'nsf')
    const [mine, theirs] = [await opened(), await opened()]
    const send = async (form: object) => (await supervisor.post(path, { ...form, reason: 'No funds' })).status
    expect(await send(mine)).toBe(303)
    expect(await send(mine)).toBe(303)
    expect(await send({ ...theirs, fee: '50.00' })).toBe(409)
    expect(await made.balance(account)).toBe('70.00')
  })

  it('a payment can come back after its method was switched off', async () => {
    const account = await made.owing({ WA: '40.00' })
    const paid = await made.pay(account, '40.00')
    const active = (is: boolean) =>
      made.town.db.execute(sql`update payment_method set active = ${is} where code = 'check'`)
    await active(false)
    const page = await supervisor.get(at(account, paid.transactionId, 'nsf'))
    await active(true)
    expect(page.text).toContain('value="check"')
  })

  it('two in twelve months: no checks at the counter, said on the card', async () => {
    const account = await made.owing({ WA: '40.00' })
    for (const time of [1, 2]) {
      const paid = await made.pay(account, `${time}0.00`)
      const path = at(account, paid.transactionId, 'nsf')
      const form = formOf((await supervisor.get(`${path}?method=check`)).text, 'nsf')
      await supervisor.post(path, { ...form, fee: '0.00', reason: 'No funds' })
    }
    expect(words((await clerk.get(`/panel/${account}/history`)).text)).toContain('No Checks')
  })
})

describe('Transfer Payment', () => {
  it("001-381: shows where it goes by the other account's rules, then moves it; the receipt has the trail", async () => {
    const from = await made.owing({ WA: '60.00' })
    const to = await made.owing({ WA: '50.00', SE: '5.00' })
    const paid = await made.pay(from, '60.00')
    const path = at(from, paid.transactionId, 'transfer')
    const typed = { ...formOf((await supervisor.get(path)).text, 'transfer'), to, reason: 'Wrong account' }
    const preview = await supervisor.post(path, { ...typed, step: 'preview' })
    expect(words(preview.text)).toMatch(/WA 50\.00 SE 5\.00 WA, overpayment 5\.00 Balance after it -5\.00/)
    expect(await made.balance(from)).toBe('0.00')
    const unknown = await supervisor.post(path, { ...typed, to: '4711.01', step: 'preview' })
    expect([unknown.status, words(unknown.text).includes('There is no account 4711.01.')]).toEqual([422, true])
    const shown = formOf(preview.text, 'transfer')
    const sent = await supervisor.post(path, { ...typed, shown: shown.shown, step: 'go' })
    expect([sent.status, sent.headers.location]).toEqual([303, `/panel/${from}/history`])
    expect([await made.balance(from), await made.balance(to)]).toEqual(['60.00', '-5.00'])
    expect(words((await clerk.get(`/receipts/${paid.receiptNumber}`)).text)).toContain(`Moved to account ${to} by`)
    const explained = words((await clerk.get(`/accounts/${to}/transactions/${await newest(to, 'Xfer')}`)).text)
    expect(explained).toContain(`came from ${from}`)
    expect(explained).toContain('Services in no list')
    const find = words((await supervisor.get(`/payments/transfer?q=${to}`)).text)
    expect(find).toContain('No payment that stands matches')
  })

  it('shows a changed allocation instead of moving the payment', async () => {
    const from = await made.owing({ WA: '60.00' })
    const to = await made.owing({ WA: '50.00' })
    const paid = await made.pay(from, '60.00')
    const path = at(from, paid.transactionId, 'transfer')
    const typed = { ...formOf((await supervisor.get(path)).text, 'transfer'), to, reason: 'Wrong account' }
    const { shown } = formOf((await supervisor.post(path, { ...typed, step: 'preview' })).text, 'transfer')
    await made.pay(to, '20.00')
    const changed = await supervisor.post(path, { ...typed, shown, step: 'go' })
    expect([changed.status, words(changed.text).includes('The account changed since this was shown')]).toEqual([
      422,
      true,
    ])
    expect(await made.balance(from)).toBe('0.00')
  })
})

describe('Refund', () => {
  it('001-385: Add Refund opens with the credit; the refund stands on the list until its check is entered', async () => {
    const account = await made.owing({ WA: '10.00' })
    await made.pay(account, '35.00')
    const form = formOf((await supervisor.get(`/accounts/${account}/refunds/new`)).text, 'refund')
    expect(form.amount).toBe('25.00')
    const path = `/accounts/${account}/refunds`
    const more = await supervisor.post(path, { ...form, amount: '25.01', reason: 'Moved' })
    expect([more.status, words(more.text).includes('At most 25.00 can be refunded')]).toEqual([422, true])
    expect((await supervisor.post(path, { ...form, reason: 'Moved' })).status).toBe(303)
    const id = await newest(account, 'Ref')
    expect(words((await clerk.get('/payments/refunds')).text)).toMatch(
      new RegExp(`${id} 04/20/2011 ${account} .* Moved 25.00`),
    )
    expect((await clerk.get('/payments/refund-list.csv')).text).toContain(`${id},2011-04-20,${account}`)
    const check = formOf((await supervisor.get(`/payments/refunds/${id}`)).text, 'check')
    expect((await supervisor.post(`/payments/refunds/${id}`, { ...check, checkNumber: '5501' })).status).toBe(303)
    const late = await supervisor.post(`/payments/refunds/${id}`, { ...check, checkNumber: '5502' })
    expect([late.status, formOf(late.text, 'check').checkNumber]).toEqual([409, '5502'])
    const entered = formOf((await supervisor.get(`/payments/refunds/${id}`)).text, 'check')
    expect((await supervisor.post(`/payments/refunds/${id}`, { ...entered, checkNumber: '' })).status).toBe(303)
    expect((await supervisor.post(`/payments/refunds/${id}`, { ...entered, checkNumber: '5503' })).status).toBe(409)
    expect((await supervisor.post(`/payments/refunds/${id}`, { ...check, checkNumber: '5501' })).status).toBe(303)
    expect((await supervisor.post(`/payments/refunds/${id}`, { ...check, checkNumber: '' })).status).toBe(409)
    expect(words((await clerk.get('/payments/refunds')).text)).toContain('No refund waits for its check.')
    expect(words((await clerk.get('/payments/refunds?all=yes')).text)).toContain('5501')
    expect((await clerk.get(`/payments/refunds/${id}`)).status).toBe(403)
  })
})

describe('Adjust', () => {
  it('001-379: Adjust on a posted charge opens Add Adjustment, by service, with errors beside the box', async () => {
    const account = await made.owing({ WA: '40.00', SE: '20.00' })
    const id = await newest(account, 'Bill')
    const path = at(account, id, 'adjust')
    const form = formOf((await supervisor.get(path)).text, 'adjust')
    const much = await supervisor.post(path, { ...form, 'change-WA': '-40.01', reason: 'Leak' })
    expect([much.status, words(much.text).includes('WA is 40.00: no more than that can be taken off it.')]).toEqual([
      422,
      true,
    ])
    expect(much.text).toContain('value="-40.01"')
    expect((await supervisor.post(path, { ...form, 'change-WA': '-15.00', reason: 'Leak' })).status).toBe(303)
    expect(await made.balance(account)).toBe('45.00')
    const page = words((await clerk.get(at(account, await newest(account, 'Adj'), '').slice(0, -1))).text)
    expect(page).toContain(`Adjusts transaction ${id}.`)
    expect(page).toContain('Water: -15.00')
  })

  it('001-376 001-377 001-378: Make Adjustments to Bill shows what hangs on it, and locks a paid part', async () => {
    const account = await made.owing({ WA: '40.00', SE: '32.00', TX: '2.00' })
    await made.withRates(account)
    const id = await newest(account, 'Bill')
    const path = at(account, id, 'bill')
    const first = (await supervisor.get(path)).text
    expect(words(first)).toContain('Make Adjustments to Bill')
    const typed = { ...formOf(first, 'bill'), 'change-WA': '30.00', reason: 'Misread' }
    const preview = (await supervisor.post(path, { ...typed, step: 'preview' })).text
    expect(words(preview)).toMatch(/Sewer 80 % of WA 32\.00 0\.00 -8\.00 24\.00/)
    expect(words(preview)).toMatch(/Total -18\.50/)
    const { shown } = formOf(preview, 'bill')
    expect((await supervisor.post(path, { ...typed, shown, step: 'go' })).status).toBe(303)
    expect((await supervisor.post(path, { ...typed, shown, step: 'go' })).status).toBe(303)
    expect(await made.periods(account)).toEqual(['WA 2011-03-31 30.00', 'SE 2011-03-31 24.00', 'TX 2011-03-31 1.50'])
    await made.pay(account, '5.00')
    expect(words((await supervisor.get(path)).text)).toContain('Paid, locked')
  })
})

describe('Reverse', () => {
  it('001-388 001-389: opens Add Reversal from the History tab, leads back to it, and is gone afterwards', async () => {
    const account = await made.owing({ WA: '40.00' })
    const paid = await made.pay(account, '40.00')
    const path = `${at(account, paid.transactionId, 'reverse')}?from=history`
    const form = formOf((await supervisor.get(path)).text, 'reversal')
    const ahead = await supervisor.post(path, { ...form, reason: 'Wrong amount', date: '12/25/2011' })
    expect(ahead.status).toBe(422)
    expect(words(ahead.text)).toContain('This cannot be dated ahead: choose 04/20/2011 or an earlier day.')
    expect(formOf(ahead.text, 'reversal')).toMatchObject({ date: '12/25/2011', reason: 'Wrong amount' })
    const sent = await supervisor.post(path, { ...form, reason: 'Wrong amount' })
    expect([sent.status, sent.headers.location]).toEqual([303, `/panel/${account}/history`])
    const page = (await supervisor.get(`/panel/${account}/history?row=${paid.transactionId}`)).text
    expect(page).not.toContain(`${paid.transactionId}/reverse`)
    expect(words(page)).toMatch(/Reversed by \d+/)
  })
})
