import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { money, text } from '../ledger/money.ts'
import { linesOf } from './layout-line-rules.ts'
import { CSV_LAYOUT, SAN_MATEO_LAYOUT } from './layout-preset-rules.ts'
import { readBackFaults } from './layout-reading.ts'
import { type CountyRow, controlTotals, renderLayout } from './layout-rules.ts'

const CONTEXT = { chargeCode: '', idNumber: 'F33', taxYear: 2021, date: '2021-10-01' }
const row = (changes: Partial<CountyRow> = {}): CountyRow => ({
  account: '1001.01',
  parcel: '022-540-157',
  owner: 'Avery, Ann',
  address: '12 Mill "Race" Rd',
  description: '',
  amount: money('500'),
  fee: money('55'),
  ...changes,
})

describe('two accounts on one parcel', () => {
  const second = row({
    account: '1002.01',
    parcel: '022540157',
    owner: 'Bell, Bob',
    amount: money('45'),
    fee: money('55'),
  })

  it('one line per parcel adds their amounts, however the parcel is written', () => {
    const file = renderLayout(SAN_MATEO_LAYOUT, [row(), second], CONTEXT)
    expect(file.text).toBe(`6F3302254015700065500${' '.repeat(59)}\n`)
    expect(file.lines.map(({ accounts }) => accounts)).toEqual([['1001.01', '1002.01']])
    expect(file.totals).toMatchObject({ count: 1, parcels: 1, accounts: 2, total: money('655') })
  })

  it('one line per account keeps both, and the sums are the same', () => {
    const file = renderLayout(CSV_LAYOUT, [row(), second], CONTEXT)
    expect(file.lines).toHaveLength(2)
    expect(file.totals).toMatchObject({ count: 2, parcels: 1, accounts: 2, total: money('655') })
  })

  it('owners and accounts of one line stand beside each other; without a parcel number accounts stay apart', () => {
    expect(linesOf([row(), second, row({ account: '3', parcel: '' })], 'parcel')).toMatchObject([
      { owner: 'Avery, Ann; Bell, Bob', address: '12 Mill "Race" Rd', accounts: ['1001.01', '1002.01'] },
      { accounts: ['3'], key: 'account 3' },
    ])
  })

  it('a line that does not fit names both accounts', () => {
    const wide = { ...second, amount: money('999999') }
    const file = renderLayout(SAN_MATEO_LAYOUT, [row(), wide], CONTEXT)
    expect(file.faults.map(({ account, reason }) => [account, reason])).toEqual([
      ['1001.01', 'too_long'],
      ['1002.01', 'too_long'],
    ])
    expect(file.totals).toMatchObject({ count: 0, accounts: 0 })
  })

  it('whatever the town, both ways carry the same money for the same accounts and parcels', () => {
    const rows = fc.array(
      fc.record({
        parcel: fc.integer({ min: 1, max: 9 }),
        cents: fc.integer({ min: 1, max: 99_999 }),
        dash: fc.boolean(),
      }),
      { maxLength: 40 },
    )
    fc.assert(
      fc.property(rows, (made) => {
        const given = made.map(({ parcel, cents, dash }, at) =>
          row({ account: String(at), parcel: dash ? `0-${parcel}` : `0${parcel}`, amount: money(`${cents}`) }),
        )
        const [perAccount, perParcel] = (['account', 'parcel'] as const).map((linesPer) => {
          const layout = { ...SAN_MATEO_LAYOUT, linesPer }
          const file = renderLayout(layout, given, CONTEXT)
          expect(readBackFaults(layout, file)).toEqual([])
          return file
        })
        const figures = (file = perAccount) => {
          const { amount, fee, total, parcels, accounts } = file?.totals ?? controlTotals([])
          return { amount: text(amount), fee: text(fee), total: text(total), parcels, accounts }
        }
        expect(perParcel?.faults).toEqual([])
        expect(figures(perParcel)).toEqual(figures(perAccount))
        expect(perParcel?.totals.count).toBe(perParcel?.totals.parcels)
      }),
    )
  })
})

describe('reading the file back', () => {
  it('finds a line or an amount that is not what was certified', () => {
    const file = renderLayout(SAN_MATEO_LAYOUT, [row()], CONTEXT)
    const other = { ...file, text: file.text.replace('00055500', '00055501').repeat(2) }
    expect(readBackFaults(SAN_MATEO_LAYOUT, other)).toEqual(['2 lines instead of 1', 'total 1110.02 instead of 555.00'])
  })
})
