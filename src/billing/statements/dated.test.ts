import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { transactionsOf } from '../../accounts/service.ts'
import { one } from '../../db/db.ts'
import { appFor, type Browser, signedIn } from '../../testing/browser.ts'
import { aCharge } from '../../testing/clerk-town.ts'
import { formOf, words } from '../../testing/form.ts'
import { MOVEMENT_DAY, type MovementTown, movementTown } from '../../testing/movement-town.ts'
import { makeStatement } from './service.ts'

let made: MovementTown
let clerk: Browser
let mailing: Browser

beforeAll(async () => {
  made = await movementTown()
  clerk = await signedIn(made.town, 'clerk', appFor(made.town, { today: MOVEMENT_DAY }))
  const smtpUrl = 'smtp://127.0.0.1:9'
  mailing = await signedIn(made.town, 'clerk', appFor(made.town, { today: MOVEMENT_DAY, smtpUrl }))
})
afterAll(() => made.town.drop())

const make = (account: string, date = MOVEMENT_DAY, orLater = false) =>
  makeStatement(made.who(), account, { date, format: 'plain', orLater }, `${account} ${date} ${orLater}`)
const kept = async (account: string) =>
  (await one<{ n: number }>(
    made.town.db,
    sql`select count(*)::int as n from ledger.statement k join account a on a.id = k.account_id where a.number = ${account}`,
  ))!.n
const typed = async (account: string, date: string) => {
  const page = (await clerk.get(`/accounts/${account}/statements/new`)).text
  return clerk.post(`/accounts/${account}/statements`, { ...formOf(page, 'statement'), date })
}

describe('what a first statement shows, and when it is due', () => {
  it('the bill of the month before is its current charges; what is past due gets no new date', async () => {
    const account = await made.owing({ WA: '70.00' }, '2011-02-28')
    const [old] = await transactionsOf(made.town.db, account)
    await aCharge(made.town.db, account, '2011-03-31', { WA: '30.00', SE: '10.00' })
    const page = words((await clerk.get(`/accounts/${account}/statements/new`)).text)
    expect(page).toMatch(/Balance forward 70\.00 Current charges 40\.00 Amount due by 04\/20\/2011 110\.00/)
    const sent = await typed(account, '04/20/2011')
    const [bill] = await transactionsOf(made.town.db, account)
    const history = async (row = '') => (await clerk.get(`/panel/${account}/history?row=${row}`)).text
    const first = sent.headers.location
    expect(await history(bill?.id)).toContain(`href="${first}"`)
    expect(await history(old?.id)).not.toMatch(/href="[^"]*\/statements\/\d+"/)

    await aCharge(made.town.db, account, '2011-04-20', { WA: '5.00' })
    const { number } = await make(account)
    expect(await history(old?.id)).not.toMatch(/href="[^"]*\/statements\/\d+"/)
    const [latest] = await transactionsOf(made.town.db, account)
    expect(await history(latest?.id)).toContain(`href="/accounts/${account}/statements/${number}"`)
  })

  it('the latest bill is not due yet: so is the statement; a paid one, so many days after its date', async () => {
    const account = await made.owing({ WA: '70.00' }, '2011-02-28')
    await aCharge(made.town.db, account, '2011-04-05', { WA: '30.00' })
    expect(await make(account)).toMatchObject({ charges: '30.00', amount: '100.00', dueDate: '2011-04-25' })
    const paid = await made.owing({ WA: '40.00' })
    await made.pay(paid, '40.00')
    expect(await make(paid)).toMatchObject({ charges: '40.00', amount: '0.00', dueDate: '2011-05-10' })
  })
})

describe('the date of a statement', () => {
  it('is not after today, nor before a bill it shows, nor before the last statement; nothing is kept', async () => {
    const account = await made.owing({ WA: '40.00' }, '2011-04-05')
    for (const [date, sentence] of [
      ['04/21/2011', 'A statement shows what is posted until today: its date is not after today.'],
      ['12/31/2027', 'its date is not after today.'],
      ['10/01/2010', 'Take 04/05/2011 or later'],
      ['04/04/2011', 'Take 04/05/2011 or later'],
    ] as const) {
      const refused = await typed(account, date)
      expect([refused.status, words(refused.text)]).toEqual([422, expect.stringContaining(sentence)])
      expect(formOf(refused.text, 'statement')).toMatchObject({ date })
    }
    expect(await kept(account)).toBe(0)
    expect((await typed(account, '04/15/2011')).status).toBe(303)
    expect(words((await typed(account, '04/14/2011')).text)).toContain('Take 04/15/2011 or later')
    expect((await typed(account, '04/15/2011')).status).toBe(303)
    expect(await kept(account)).toBe(2)
  })

  it('a final statement of an earlier day gets the first day that it can have', async () => {
    const account = await made.owing({ WA: '40.00' }, '2011-04-05')
    expect(await make(account, '2011-03-15', true)).toMatchObject({ date: '2011-04-05', charges: '40.00' })
    expect(await make(account, '2011-04-10', true)).toMatchObject({ date: '2011-04-10', charges: '0.00' })
  })
})

describe('Email Statement that is refused', () => {
  const withEmail = async (email: string | null, emailNotices: boolean) => {
    const account = await made.owing({ WA: '40.00' }, '2011-04-02', { customer: { email, emailNotices } })
    const [bill] = await transactionsOf(made.town.db, account)
    return { account, path: `/accounts/${account}/transactions/${bill?.id}/statement-email` }
  }

  it('makes no statement, and its page is not shown where it is not offered', async () => {
    const { account, path } = await withEmail('mary@example.org', false)
    for (const answer of [await clerk.get(path), await clerk.post(path)]) {
      expect([answer.status, words(answer.text)]).toEqual([422, expect.stringContaining('Email notices is not ticked')])
    }
    expect(await kept(account)).toBe(0)
    const { number } = await make(account)
    const at = `/accounts/${account}/statements/${number}`
    expect((await clerk.get(at)).text).not.toContain('Email Statement')
    expect((await clerk.get(`${at}/email`)).status).toBe(422)
  })

  it('neither where the town sends its mail and the customer has no address', async () => {
    const { account, path } = await withEmail(null, true)
    const refused = await mailing.post(path, formOf((await mailing.get(path)).text, 'email'))
    expect([refused.status, words(refused.text)]).toEqual([422, expect.stringContaining('has no e-mail address')])
    expect(await kept(account)).toBe(0)
  })

  it('a charge from before the first statement: each press of a new page sends the current one, two of one page the same', async () => {
    const old = await made.owing({ WA: '1.00' }, '2011-02-28', {
      customer: { email: 'bo@example.org', emailNotices: true },
    })
    const [charge] = await transactionsOf(made.town.db, old)
    await aCharge(made.town.db, old, '2011-04-02', { WA: '9.00' })
    const at = `/accounts/${old}/transactions/${charge?.id}/statement-email`
    const page = formOf((await clerk.get(at)).text, 'email')
    expect([(await clerk.post(at, page)).status, (await clerk.post(at, page)).status]).toEqual([200, 200])
    expect(await kept(old)).toBe(1)
    expect((await clerk.post(at, formOf((await clerk.get(at)).text, 'email'))).status).toBe(200)
    expect(await kept(old)).toBe(2)
  })
})
