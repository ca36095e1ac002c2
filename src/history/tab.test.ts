import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { transactionsOf } from '../accounts/service.ts'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import { aCharge, anAccount } from '../testing/clerk-town.ts'
import { MOVEMENT_DAY, type MovementTown, movementTown } from '../testing/movement-town.ts'

let made: MovementTown
let clerk: Browser
let supervisor: Browser
let viewer: Browser
let account: string

const words = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')
const tab = (query = '', browser = supervisor, number = account) => browser.get(`/panel/${number}/history${query}`)
const rowsOf = (html: string) =>
  [...html.matchAll(/<tr[^>]*><td class="nw"><a href[\s\S]*?<\/tr>/g)].map(([row]) =>
    words(row.replace(/<ul[\s\S]*?<\/ul>/, '')),
  )
const toolbar = (html: string) => {
  const found = /<div class="tools" role="toolbar" aria-label="Actions[\s\S]*?<\/div>/.exec(html)?.[0] ?? ''
  return [...found.matchAll(/<a class="btn" href="([^"]*)" aria-keyshortcuts="(.)">[\s\S]*?<\/a>/g)].map(([each]) =>
    words(each).trim(),
  )
}

beforeAll(async () => {
  made = await movementTown()
  const app = appFor(made.town, { today: MOVEMENT_DAY })
  ;[clerk, supervisor, viewer] = await Promise.all([
    signedIn(made.town, 'clerk', app),
    signedIn(made.town, 'supervisor', app),
    signedIn(made.town, 'viewer', app),
  ])
  account = await made.owing({ WA: '40.00', SE: '20.00' }, '2011-01-31')
  await made.pay(account, '60.00', { date: '2011-02-10' })
  await aCharge(made.town.db, account, '2011-02-28', { WA: '45.00' })
  await aCharge(made.town.db, account, '2011-03-02', { WA: '5.00' }, { type: 'Pen', description: 'Late charge' })
})
afterAll(() => made.town.drop())

describe('the History tab', () => {
  it('001-367: lists what happened, newest first, with the balance after each line', async () => {
    const { text, status } = await tab()
    expect(status).toBe(200)
    expect(rowsOf(text).map((row) => row.trim())).toEqual([
      expect.stringMatching(/^03\/02\/2011 Pen Late charge 5\.00 50\.00/),
      expect.stringMatching(/^02\/28\/2011 Bill Water 45\.00 45\.00/),
      expect.stringMatching(/^02\/10\/2011 Pmt Check 1187 Receipt 1 -60\.00 0\.00/),
      expect.stringMatching(/^01\/31\/2011 Bill Water 60\.00 60\.00/),
    ])
    expect(words(text)).toContain('4 of 4 lines')
  })

  it('001-368 001-369: View chooses the listing, Refresh loads it, a reversal stands with what it reverses', async () => {
    const page = (await tab()).text
    expect(words(page)).toContain('All transactions Payments Bills and charges Adjustments Deposits Unposted')
    expect(page).toMatch(/<button class="btn">[\s\S]*?Refresh<\/button>/)
    expect(rowsOf((await tab('?view=payments')).text)).toHaveLength(1)
    expect(rowsOf((await tab('?view=charges')).text)).toHaveLength(3)
    const none = (await tab('?view=deposits')).text
    expect(words(none)).toContain('Nothing of this kind was posted to this account.')
  })

  it('keeps the balance of the whole account in a part of the listing, and of the service in its own', async () => {
    expect(rowsOf((await tab('?view=charges')).text)[2]).toMatch(/60\.00 60\.00/)
    const sewer = rowsOf((await tab('?service=SE')).text)
    expect(sewer.map((row) => /(\S+) (\S+) $/.exec(row)?.slice(1))).toEqual([
      ['-20.00', '0.00'],
      ['20.00', '20.00'],
    ])
  })

  it('limits the days, inclusive, and says what it cannot read', async () => {
    expect(rowsOf((await tab('?from=02/10/2011&to=02/28/2011')).text)).toHaveLength(2)
    const wrong = (await tab('?from=13/45/2011')).text
    expect(words(wrong)).toContain('From: There is no month 13.')
    expect(rowsOf(wrong)).toHaveLength(4)
  })

  it('pages, and keeps the listing on the way', async () => {
    const busy = await made.owing({})
    for (let at = 0; at < 45; at += 1) await aCharge(made.town.db, busy, '2011-03-31', { WA: '1.00' })
    const first = (await tab('?view=charges', supervisor, busy)).text
    expect([rowsOf(first).length, words(first).includes('Page 1 of 2')]).toEqual([40, true])
    expect(first).toContain(`/panel/${busy}/history?view=charges&amp;page=2`)
    const second = rowsOf((await tab('?view=charges&page=2', supervisor, busy)).text)
    expect(second.map((row) => /(\S+) $/.exec(row)?.[1])).toEqual(['5.00', '4.00', '3.00', '2.00', '1.00'])
  })

  it('001-370: the selected row by its link, with its services, who, and the buttons that fit', async () => {
    const [, , payment] = await transactionsOf(made.town.db, account)
    const page = (await tab(`?row=${payment?.id}`)).text
    expect(page).toMatch(/<tr aria-selected="true" data-row-keys>/)
    const detail = words(page.slice(page.indexOf('id="detail"')))
    expect(detail).toContain('Pmt 02/10/2011')
    expect(detail).toMatch(/Entered by .*Method Check Reference 1187 Receipt 1/)
    expect(detail).toMatch(/WA Water -40\.00 SE Sewer -20\.00 Total -60\.00/)
    expect(toolbar(page)).toEqual([
      'Transfer Payment T',
      'Print Receipt R',
      'NSF N',
      'Reverse V',
      'Statement S',
      'Print Statement Duplicate For Contacts C',
      'Email Receipt E',
      'Print P',
    ])
    expect(toolbar((await tab()).text)[0]).toBe('Adjust A')
  })

  it('001-371: a button stands only where the user has the right', async () => {
    const [, , payment] = await transactionsOf(made.town.db, account)
    expect(toolbar((await tab(`?row=${payment?.id}`, viewer)).text)).toEqual(['Print Receipt R', 'Print P'])
    expect(toolbar((await tab(`?row=${payment?.id}`, clerk)).text)).not.toContain('Reverse V')
    const at = `/accounts/${account}/transactions/${payment?.id}`
    for (const action of ['nsf', 'transfer', 'reverse', 'adjust', 'bill']) {
      expect((await clerk.get(`${at}/${action}`)).status).toBe(403)
    }
  })

  it("001-373: the same actions are on each line's menu", async () => {
    const page = (await tab()).text
    const menus = [...page.matchAll(/<ul class="list menu-of" popover id="(menu-[^"]+)">([\s\S]*?)<\/ul>/g)]
    expect(menus).toHaveLength(4)
    for (const [, id] of menus) expect(page).toContain(`popovertarget="${id}"`)
    expect(words(menus[2]?.[2] ?? '')).toContain('Transfer Payment Print Receipt NSF Reverse Statement')
  })

  it('001-374 001-375: Print offers the full history as PDF and as CSV', async () => {
    const dialog = (await viewer.get(`/panel/${account}/history/print`)).text
    expect(words(dialog)).toContain('The full history of the account, not only the selected line.')
    const csv = (await viewer.get(`/panel/${account}/history/export?format=csv`)).text.split('\n')
    expect(csv[0]).toContain('Transaction,Date,Type')
    expect(csv.filter((line) => line.includes('Check 1187'))).toHaveLength(3)
    expect(csv.at(-3)).toMatch(/,Pen,Late charge,.*,5\.00,50\.00,/)
    const pdf = await viewer.get(`/panel/${account}/history/export?format=pdf`).buffer(true)
    expect([pdf.type, pdf.body.subarray(0, 5).toString()]).toEqual(['application/pdf', '%PDF-'])
  })

  it('as of a day: what was posted until then, and nothing to do about it but look', async () => {
    const page = (await tab('?asOf=2011-02-28')).text
    expect(rowsOf(page)).toHaveLength(3)
    expect(toolbar(page)).toEqual(['Print P'])
  })

  it('is empty for a new account, and absent for a private one', async () => {
    const fresh = await made.owing({})
    const page = (await tab('', supervisor, fresh)).text
    expect(words(page)).toContain('Nothing of this kind was posted to this account.')
    expect(toolbar(page)).toEqual(['Statement S', 'Print Statement Duplicate For Contacts C', 'Print P'])
    await anAccount(made.town.db, { number: '999.01', customer: { public: false } })
    for (const path of ['history', 'history/print', 'history/export']) {
      expect((await supervisor.get(`/panel/999.01/${path}`)).status).toBe(404)
    }
  })
})
