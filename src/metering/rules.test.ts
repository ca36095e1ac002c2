import Big from 'big.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays } from '../ledger/calendar.ts'
import '../ledger/money.ts'
import { chartOf, chartText, monthsOf } from './chart-rules.ts'
import {
  checkRead,
  difference,
  type Installed,
  linesOf,
  type Read,
  readsOf,
  registerText,
  spansOf,
  totalUsage,
} from './rules.ts'

const METER: Installed = { installDate: '2026-01-01', installRead: '0', removeDate: null, dials: 5, multiplier: '1' }
const read = (date: string, reading: string, kind: Read['kind'] = 'actual'): Read => ({ date, reading, kind })
const plain = (value: Big | null | undefined) => value?.toFixed() ?? null

describe('the difference of two readings', () => {
  it.each([
    ['100', 'actual', '142', 5, '42', 'on'],
    ['100', 'actual', '100', 5, '0', 'on'],
    ['99990', 'actual', '15', 5, '25', 'rollover'],
    ['99990', 'estimated', '15', 5, '25', 'rollover'],
    ['999990', 'actual', '15', 6, '25', 'rollover'],
    ['60000', 'actual', '10000', 5, '50000', 'rollover'],
    ['60000', 'actual', '10001', 5, '-49999', 'backward'],
    ['1250.5', 'estimated', '1240', 5, '-10.5', 'correction'],
    ['1250.5', 'actual', '1240', 5, '-10.5', 'backward'],
    ['1250', 'actual', '1240', null, '-10', 'backward'],
    ['1250', 'estimated', '1240', null, '-10', 'correction'],
  ] as const)('%s (%s) to %s on %s dials is %s, %s', (previous, kind, present, dials, amount, how) => {
    const found = difference({ reading: previous, kind }, present, dials)
    expect([plain(found.amount), found.how]).toEqual([amount, how])
  })

  it('a register that goes round and round adds up to what went through it', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 4999 }), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9999 }), steps, (start, used) => {
        let through = start
        const reads = used.map((each, at) => {
          through += each
          return read(addDays('2026-01-02', at), String(through % 10_000))
        })
        const spans = spansOf({ ...METER, dials: 4, installRead: String(start) }, reads)
        expect(plain(totalUsage(spans))).toBe(String(used.reduce((sum, each) => sum + each, 0)))
      }),
    )
  })

  it('estimates in between change no total', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: -30, max: 30 })), {
      minLength: 1,
    })
    fc.assert(
      fc.property(steps, (used) => {
        let through = 50_000
        const reads = used.map(([each, off], at) => {
          through += each
          return at === used.length - 1
            ? read(addDays('2026-01-02', at), String(through))
            : read(addDays('2026-01-02', at), String(through + off), 'estimated')
        })
        expect(plain(totalUsage(spansOf({ ...METER, installRead: '50000' }, reads)))).toBe(String(through - 50_000))
      }),
    )
  })

  it('an exchange adds up: the same water through one meter or two', () => {
    const amount = fc.integer({ min: 0, max: 400 })
    fc.assert(
      fc.property(amount, amount, fc.integer({ min: 0, max: 90_000 }), (first, second, begin) => {
        const old = { ...METER, installRead: String(begin), removeDate: '2026-02-15' }
        const next = { ...METER, installDate: '2026-02-15', installRead: '7' }
        const spans = [
          ...spansOf(old, [read('2026-01-31', String(begin)), read('2026-02-15', String(begin + first))]),
          ...spansOf(next, [read('2026-02-28', String(7 + second))]),
        ].map((span, at) => ({ ...span, installDate: at < 2 ? old.installDate : next.installDate }))
        const lines = linesOf(spans)
        expect(lines.map(({ date, usage }) => [date, plain(usage)])).toEqual([
          ['2026-02-28', String(first + second)],
          ['2026-01-31', '0'],
        ])
      }),
    )
  })
})

describe('the readings of an installation', () => {
  it('begin with the install read and times the multiplier', () => {
    const spans = spansOf({ ...METER, multiplier: '100' }, [read('2026-01-31', '42'), read('2026-02-28', '90')])
    expect(spans.map(({ usage, days }) => [plain(usage), days])).toEqual([
      ['4200', 30],
      ['4800', 28],
    ])
  })
  it('without an install read the first one only begins', () => {
    const [first, second] = spansOf({ ...METER, installRead: null }, [
      read('2026-01-31', '42'),
      read('2026-02-28', '90'),
    ])
    expect([first?.usage, plain(second?.usage)]).toEqual([null, '48'])
  })
  it('stop where it was taken out, and leave the day it moved to the place before', () => {
    const all = [read('2026-01-01', '5'), read('2026-02-01', '9'), read('2026-03-01', '12')]
    const dates = (installed: Installed, moved = false) => readsOf(installed, all, moved).map(({ date }) => date)
    expect(dates({ ...METER, removeDate: '2026-02-01' })).toEqual(['2026-01-01', '2026-02-01'])
    expect(dates(METER, true)).toEqual(['2026-02-01', '2026-03-01'])
  })
  it('an actual reading stands before an estimate of its day', () => {
    const spans = spansOf(METER, [read('2026-01-31', '42'), read('2026-01-31', '50', 'estimated')])
    expect(spans.map(({ to }) => to.reading)).toEqual(['42'])
  })
  it('a meter that was taken out and not followed is a line of its own', () => {
    const taken = spansOf({ ...METER, removeDate: '2026-02-10' }, [read('2026-02-10', '8')])
    const lines = linesOf(taken.map((span) => ({ ...span, installDate: METER.installDate })))
    expect(lines.map(({ date, usage }) => [date, plain(usage)])).toEqual([['2026-02-10', '8']])
  })
  it('several meters read on a day are one line, marked where one was estimated', () => {
    const of = (kind: Read['kind']) =>
      spansOf(METER, [read('2026-01-31', '10', kind)]).map((span) => ({ ...span, installDate: '2026-01-01' }))
    const [line] = linesOf([...of('actual'), ...of('estimated')])
    expect([plain(line?.usage), line?.estimated, line?.spans.length]).toEqual(['20', true, 2])
  })
})

describe('a new reading', () => {
  // ten a month, a third of one a day
  const history = [read('2026-01-31', '10'), read('2026-03-02', '20'), read('2026-04-01', '30')]
  const check = (typed: Read, installed = METER) => checkRead(installed, history, typed)
  it.each([
    ['2026-05-01', '40', '10', []],
    ['2026-05-01', '46', '16', ['high']],
    ['2026-05-01', '45', '15', []],
    ['2026-05-01', '34', '4', ['low']],
    ['2026-05-01', '30', '0', ['zero']],
  ])('%s %s: usage %s, warnings %j', (date, reading, usage, warnings) => {
    const checked = check(read(date, reading))
    expect(checked.ok && [plain(checked.value.usage), checked.value.warnings]).toEqual([usage, warnings])
  })
  it.each([
    ['2026-05-01', '29', 'below_last'],
    ['2026-04-01', '31', 'not_after'],
    ['2026-03-15', '31', 'not_after'],
    ['2025-12-31', '31', 'before_installation'],
    ['2026-05-01', '100000', 'too_long'],
  ])('%s %s is refused: %s', (date, reading, refusal) => {
    expect(check(read(date, reading))).toMatchObject({ ok: false, refusal })
  })
  it('warns of a rollover, and of an estimate that was too high', () => {
    const over = checkRead({ ...METER, installRead: '99990' }, [], read('2026-01-31', '15'))
    expect(over.ok && [plain(over.value.difference), over.value.warnings]).toEqual(['25', ['rollover']])
    const back = checkRead(METER, [read('2026-01-31', '50', 'estimated')], read('2026-02-28', '45'))
    expect(back.ok && [plain(back.value.usage), back.value.warnings]).toEqual(['-5', ['correction']])
  })
  it('is free on the day of installation, where nothing was read yet', () => {
    expect(checkRead(METER, [], read('2026-01-01', '0'))).toMatchObject({ ok: true })
    expect(checkRead({ ...METER, installDate: null, installRead: null }, [], read('2026-01-01', '7'))).toMatchObject({
      ok: true,
      value: { usage: null },
    })
  })
  it('never refuses what a rolling register shows next', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999 }), fc.integer({ min: 0, max: 50_000 }), (last, used) => {
        const typed = read('2026-02-01', String((last + used) % 100_000))
        const checked = checkRead({ ...METER, installRead: String(last) }, [], typed)
        expect(checked.ok && plain(checked.value.difference)).toBe(String(used))
      }),
    )
  })
})

describe('register and chart', () => {
  it.each([
    ['4127', 6, '004127'],
    ['1250.5', 5, '01250.5'],
    ['7', null, '7'],
    ['1234567', 6, '1234567'],
  ])('%s on %s dials shows %s', (reading, dials, shown) => expect(registerText(reading, dials)).toBe(shown))

  const lines = [
    { date: '2026-10-27', usage: new Big('4200') },
    { date: '2026-07-28', usage: new Big('9200') },
    { date: '2025-10-28', usage: new Big('4400') },
  ]
  it('thirteen months up to the last, with the year before', () => {
    const months = monthsOf(lines, '2026-10-27', 13)
    expect([months.length, months[0]?.month, months.at(-1)?.month]).toEqual([13, '2025-10-01', '2026-10-01'])
    expect([plain(months.at(-1)?.used), plain(months.at(-1)?.before), plain(months[0]?.used)]).toEqual([
      '4200',
      '4400',
      '4400',
    ])
    expect(chartText('Water', 'gallons', months)).toBe(
      'Water used each month, October 2025 to October 2026, in gallons. Highest 9200 in July 2026, latest 4200 in October 2026.',
    )
    const chart = chartOf(months)
    expect(chart.lines.map(({ label }) => label)).toEqual(['0', '5', '10'])
    expect(chart.bars.filter(({ latest }) => latest)).toMatchObject([{ value: '4.2', label: 'Oct' }])
    expect(chart.bars[0]).toMatchObject({ label: 'Oct 25' })
    expect(chart.path).toBe(`M${chart.dots[0]?.x} ${chart.dots[0]?.y}`)
  })
  it('in thousands where numbers are long, and nothing where nothing was read', () => {
    expect(chartOf(monthsOf([{ date: '2026-10-27', usage: new Big('42000') }], '2026-10-27', 25))).toMatchObject({
      thousands: true,
      lines: [{ label: '0' }, { label: '25' }, { label: '50' }],
    })
    expect(chartText('Water', 'gallons', monthsOf([], '2026-10-27', 13))).toBe('No Water was read in these months.')
  })
})
