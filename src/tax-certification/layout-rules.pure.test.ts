import { describe, expect, it } from 'vitest'
import { money, text } from '../ledger/money.ts'
import { CSV_LAYOUT, LAYOUT_PRESETS, layoutFaults, MUNIS_LAYOUT, SAN_MATEO_LAYOUT } from './layout-preset-rules.ts'
import { type CountyRow, controlTotals, type Layout, type LayoutField, renderLayout } from './layout-rules.ts'

const CONTEXT = { certificationId: 'F33', taxYear: 2021, date: '2021-10-01' }
const row = (changes: Partial<CountyRow> = {}): CountyRow => ({
  account: '1001.01',
  parcel: '022-540-157',
  owner: 'Avery, Ann',
  address: '12 Mill "Race" Rd',
  taxYear: 2021,
  amount: money('500'),
  fee: money('55'),
  ...changes,
})
const faults = (layout: Layout, changes: Partial<CountyRow>) =>
  renderLayout(layout, [row(changes)], CONTEXT).faults.map(({ field, reason }) => [field, reason])

describe('presets', () => {
  it('San Mateo: the example of its specification, 80 characters', () => {
    const file = renderLayout(SAN_MATEO_LAYOUT, [row()], CONTEXT)
    expect(file.text).toBe(`6F3302254015700055500${' '.repeat(59)}\n`)
    expect(file.text.length).toBe(81)
  })

  it('Munis: category 20, 2021, bill 12345, 100.00', () => {
    const given = row({ parcel: '12345', amount: money('100'), fee: money('0') })
    expect(renderLayout(MUNIS_LAYOUT, [given], CONTEXT).text).toBe('2020210001234500010000\n')
  })

  it('CSV: parcel, owner, service address, certified, fee, total; quoted where needed, never prefixed', () => {
    const rows = [
      row({ amount: money('637.49'), fee: money('50') }),
      row({ owner: '=SUM(A1)', address: 'Line\nbreak' }),
    ]
    expect(renderLayout(CSV_LAYOUT, rows, CONTEXT).text).toBe(
      'Parcel,Owner,Service Address,Certified,Fee,Total\n' +
        '022-540-157,"Avery, Ann","12 Mill ""Race"" Rd",637.49,50.00,687.49\n' +
        '022-540-157,=SUM(A1),"Line\nbreak",500.00,55.00,555.00\n',
    )
  })

  it('are whole', () => {
    expect(LAYOUT_PRESETS.flatMap(layoutFaults)).toEqual([])
  })
})

describe('what does not fit is listed, never cut', () => {
  it.each([
    [{ parcel: null }, [['Parcel', 'parcel_missing']]],
    [{ parcel: '  ' }, [['Parcel', 'parcel_missing']]],
    [{ parcel: '0225401570' }, [['Parcel', 'too_long']]],
    [{ parcel: '02A540157' }, [['Parcel', 'not_numeric']]],
    [{ parcel: '---' }, [['Parcel', 'not_numeric']]],
    [{ parcel: '٠٢٢٥٤٠١٥٧' }, [['Parcel', 'not_numeric']]],
    [{ amount: money('1000000') }, [['Amount', 'too_long']]],
    [{ amount: money('-100') }, [['Amount', 'not_positive']]],
    [{ amount: money('999944.99') }, []],
  ] as [Partial<CountyRow>, unknown[]][])('%j: %j', (changes, expected) => {
    expect(faults(SAN_MATEO_LAYOUT, changes)).toEqual(expected)
  })

  it('is left out of the lines and the totals', () => {
    const rows = [row(), row({ account: '1002.01', parcel: null }), row({ amount: money('1'), fee: money('0') })]
    const file = renderLayout(SAN_MATEO_LAYOUT, rows, CONTEXT)
    expect(file.text.split('\n')).toHaveLength(3)
    expect(file.totals).toMatchObject({ count: 2, total: money('556'), min: money('1'), max: money('555') })
    expect(file.faults).toEqual([
      { field: 'Parcel', value: '', reason: 'parcel_missing', account: '1002.01', parcel: null },
    ])
  })
})

describe('a layout of the town', () => {
  const layout: Layout = {
    code: 'own',
    name: 'Own',
    kind: 'fixed',
    header: [
      { name: 'Kind', source: 'constant', constant: 'H', width: 1 },
      { name: 'Date', source: 'date', width: 8, strip: 'punctuation' },
    ],
    fields: [
      { name: 'Kind', source: 'constant', constant: 'D', width: 1 },
      { name: 'Owner', source: 'owner', width: 8, cut: true },
      { name: 'Account', source: 'account', width: 9, pad: 'left' },
      { name: 'Amount', source: 'amount', width: 9 },
    ],
    trailer: [
      { name: 'Kind', source: 'constant', constant: 'T', width: 1 },
      { name: 'Lines', source: 'count', width: 4, numeric: true },
      { name: 'Total', source: 'sum_total', width: 10, implied_decimals: true },
      { name: 'Least', source: 'min_total', width: 8 },
      { name: 'Most', source: 'max_total', width: 8 },
    ],
  }

  it('has header, trailer with control totals, and texts that may be cut', () => {
    const rows = [row({ owner: 'José Núñez' }), row({ owner: '王 Li', amount: money('0.05'), fee: money('0') })]
    expect(renderLayout(layout, rows, CONTEXT).text).toBe(
      'H20211001\n' +
        'DJose Nun  1001.01   500.00\n' +
        'D? Li      1001.01     0.05\n' +
        'T00020000055505    0.05  555.00\n',
    )
  })

  it('without lines has a trailer of zeros', () => {
    expect(renderLayout(layout, [], CONTEXT).text).toBe('H20211001\nT00000000000000    0.00    0.00\n')
    expect(text(controlTotals([]).max)).toBe('0.00')
  })

  it('lists a header or trailer that does not fit', () => {
    const narrow: Layout = { ...layout, trailer: [{ name: 'Total', source: 'sum_total', width: 5 }] }
    const value = { field: 'Total', value: '555.00', reason: 'too_long', account: null, parcel: null }
    expect(renderLayout(narrow, [row({ account: '1' })], CONTEXT).faults).toEqual([value])
  })

  it.each([
    [{ source: 'count', width: 3 }, 'source_not_here'],
    [{ source: 'constant', width: 3 }, 'constant_missing'],
    [{ source: 'constant', constant: 'ABCD', width: 3 }, 'constant_too_long'],
    [{ source: 'owner' }, 'width_missing'],
    [{ source: 'owner', width: 1.5 }, 'width_missing'],
    [{ source: 'owner', width: 9, implied_decimals: true }, 'not_an_amount'],
    [{ source: 'amount', width: 9, pad: 'right', fill: '0' }, 'zeros_on_the_right'],
    [{ source: 'parcel', width: 9, cut: true }, 'may_not_be_cut'],
  ] as [Omit<LayoutField, 'name'>, string][])('%j is refused: %s', (field, refusal) => {
    const wrong = { ...layout, fields: [{ name: 'Odd', ...field }] }
    expect(layoutFaults(wrong)).toEqual([{ ok: false, refusal, detail: { field: 'Odd' } }])
    expect(layoutFaults(layout)).toEqual([])
  })

  it('needs fields, and names need CSV', () => {
    const wrong: Layout = { code: 'x', name: 'x', kind: 'fixed', header: 'names', fields: [] }
    expect(layoutFaults(wrong).map((fault) => fault.refusal)).toEqual(['no_fields', 'names_need_csv'])
  })
})
