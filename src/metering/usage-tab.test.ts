import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import type { TestTown } from '../testing/database.ts'
import { words } from '../testing/form.ts'
import { aBill, METERED, METERING_DAY, meteringTown } from '../testing/metering-town.ts'
import { type Charged, chargeOf, minimumOf, sortOf } from './usage-rules.ts'

let town: TestTown
let clerk: Browser
const usage = (query = '', number = METERED) => clerk.get(`/panel/${number}/usage${query}`)
const rowsOf = (html: string) =>
  [
    ...(/<table class="ledger" id="usage">[\s\S]*?<\/table>/.exec(html)?.[0] ?? '').matchAll(
      /<tr[^>]*><td class="nw">[\s\S]*?<\/tr>/g,
    ),
  ].map(([row]) => words(row).trim())

beforeAll(async () => {
  town = await meteringTown()
  clerk = await signedIn(town, 'clerk', appFor(town, { today: METERING_DAY }))
  await aBill(town, '2026-08-31', '37.30')
  const named = {
    service: 'WA',
    readDate: '2026-10-27',
    usage: '3100',
    adjusted: '-100',
    minimum: '18.00',
    rate: 'W-1',
    meters: ['M-1'],
  }
  await aBill(town, '2026-10-31', '33.30', [named])
})
afterAll(() => town.drop())

describe('the Usage tab', () => {
  it('001-399 001-400 001-402 001-403 001-404 001-405 001-407: what was read, billed and charged, newest first', async () => {
    const page = await usage()
    expect(page.status).toBe(200)
    const rows = rowsOf(page.text)
    expect(rows).toHaveLength(12)
    expect(rows[0]).toBe('10/27/2026 WA Water W-1 E 3,000 3,100 -100 No 18.00 33.30')
    expect(rows[1]).toBe('09/27/2026 WA Water W-5/8 3,000 No 16.50')
    // a bill that names no reading belongs to the one before it
    expect(rows[2]).toBe('08/27/2026 WA Water W-5/8 3,000 No 16.50 37.30')
    expect(rows[3]).toBe('07/27/2026 WA Water W-5/8 5,000 No 16.50')
    // over the top
    expect(rows.slice(8, 9)).toEqual(['02/27/2026 WA Water W-5/8 3,000 No 16.50'])
  })

  it('001-401: by one service, or all metered ones', async () => {
    const { text } = await usage('?service=WA')
    expect(rowsOf(text)).toHaveLength(12)
    expect(text).toContain('<option value="WA" selected>WA Water</option>')
    expect(words(text)).toContain('All metered services')
    expect(rowsOf((await usage('?service=nothing')).text)).toHaveLength(12)
  })

  it('001-406: says whether budget billing is in place', async () => {
    await town.db.execute("update customer set budget_billing = true where number = '100'")
    expect(rowsOf((await usage()).text)[0]).toContain(' Yes 18.00')
    await town.db.execute("update customer set budget_billing = false where number = '100'")
  })

  it('001-408: every column sorts by its header, a second click the other way round', async () => {
    for (const column of ['date', 'service', 'rate', 'actual', 'billed', 'adjusted', 'budget', 'minimum', 'charge']) {
      const up = (await usage(`?sort=${column}`)).text
      const down = (await usage(`?sort=-${column}`)).text
      expect(up).toContain(`aria-sort="ascending"><a href="/panel/${METERED}/usage?sort=-${column}"`)
      expect(down).toContain(`aria-sort="descending"><a href="/panel/${METERED}/usage?sort=${column}"`)
      expect(rowsOf(up)).toHaveLength(12)
    }
    expect(rowsOf((await usage('?sort=date')).text)[0]).toContain('11/27/2025')
    expect(rowsOf((await usage('?sort=-actual')).text)[0]).toContain('07/27/2026')
    expect(rowsOf((await usage('?sort=-charge')).text)[0]).toContain('37.30')
    for (const payload of ['date;drop table meter', '--date', '__proto__', 'constructor', "'", '-']) {
      expect(sortOf(payload)).toBe('-date')
      expect(rowsOf((await usage(`?sort=${encodeURIComponent(payload)}`)).text)[0]).toContain('10/27/2026')
    }
  })

  it('a page behind the last is the last', async () => {
    const last = rowsOf((await usage('?page=1')).text)
    const { text } = await usage('?page=99')
    expect(rowsOf(text)).toEqual(last)
    expect(words(text)).not.toContain('No meter of this location was read yet')
    expect(text).toContain('id="meter-details"')
  })

  it('001-409: Meter Details of the selected line: registers, usage, status', async () => {
    const detail = async (query: string) => {
      const { text } = await usage(query)
      return words(text.slice(text.indexOf('id="meter-details"')))
    }
    expect(await detail('')).toMatch(
      /Meter Details, read 10\/27\/2026 Active Meter M-1 , 5\/8 in\., set 10\/01\/2025 Previous 0025 0 09\/27\/2026 Present 0028 0 10\/27\/2026, estimated Usage 3,000 gallons \(30 × 100\), 30 days, 100 a day/,
    )
    expect(await detail('?row=WA:2026-02-27')).toContain('Meter Details, read 02/27/2026')
    expect(await detail('?row=WA:2026-02-27')).toContain('Usage 3,000 gallons')
    expect(await detail('?row=WA:2026-02-27')).toContain('Previous 9999 0')
    expect(await detail('?row=WA:2026-02-27')).toContain('the dials went over the top')
  })

  it('draws 13 or 25 months with words and a table for whoever does not see it, without a style', async () => {
    const { text } = await usage()
    const svg = /<svg class="chart"[\s\S]*?<\/svg>/.exec(text)?.[0] ?? ''
    expect(svg).toContain(
      'Water used each month, October 2025 to October 2026, in gallons. Highest 5000 in July 2026, latest 3000 in October 2026.',
    )
    expect(svg.match(/<rect/g)).toHaveLength(13)
    expect(svg).not.toContain('style')
    expect(words(text)).toContain('Month Used, gallons Year before October 2025')
    expect((await usage('?months=25')).text.match(/<rect/g)).toHaveLength(25)
  })

  it('is empty without a meter, absent for a private account, and as of a day', async () => {
    expect(words((await usage('', '200.01')).text)).toContain('No meter of this location was read yet.')
    expect((await usage('', '300.01')).status).toBe(404)
    expect(rowsOf((await usage('?asOf=2026-08-31')).text)).toHaveLength(10)
  })
})

describe('what was charged for a reading', () => {
  const bill = (date: string, amount: string, usage: Charged['usage'] = null): Charged => ({
    type: 'Bill',
    date,
    service: 'WA',
    amount,
    usage,
  })
  it.each([
    ['2026-03-01', '2026-04-01', '20.00'],
    ['2026-03-31', '2026-04-01', '20.00'],
    ['2026-04-01', '2026-04-01', null],
    ['2026-04-01', undefined, '30.00'],
    ['2026-06-01', undefined, null],
  ])('read %s, next %s: %s', (date, next, total) => {
    expect(
      chargeOf('WA', date, next, [bill('2026-03-31', '20.00'), bill('2026-04-30', '30.00'), bill('2026-05-31', '1.00')])
        .total,
    ).toBe(total)
  })
  it('several that name it add up', () => {
    const named = (usage: string) => [{ service: 'WA', readDate: '2026-03-01', usage }]
    const found = chargeOf('WA', '2026-03-01', undefined, [
      bill('2026-03-31', '20.00', named('10')),
      bill('2026-03-31', '2.00', named('1.5')),
    ])
    expect([found.billed, found.total]).toEqual(['11.5', '22.00'])
  })
  it.each([
    ['2025-06-01', '3/4', null],
    ['2026-06-01', '3/4', '20.00'],
    ['2026-06-01', '5/8', '10.00'],
  ])('minimum on %s of size %s: %s', (day, size, minimum) => {
    const rate = {
      code: 'W',
      service: 'WA',
      effectiveFrom: '2026-01-01',
      minimum: '10',
      sizes: [{ size: '3/4', minimum: '20' }],
    }
    expect(minimumOf([rate], { service: 'WA', rate: 'W', day, size })).toBe(minimum)
  })
})
