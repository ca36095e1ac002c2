import { describe, expect, it } from 'vitest'
import { money, text } from '../ledger/money.ts'
import {
  CSV_LAYOUT,
  LAYOUT_PRESETS,
  MUNIS_LAYOUT,
  PARCEL_LIST_LAYOUT,
  SAN_MATEO_LAYOUT,
} from './layout-preset-rules.ts'
import { readBackFaults } from './layout-reading.ts'
import { type CountyRow, controlTotals, type Layout, renderLayout } from './layout-rules.ts'

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
const faults = (layout: Layout, changes: Partial<CountyRow>) =>
  renderLayout(layout, [row(changes)], CONTEXT).faults.map(({ field, reason }) => [field, reason])

describe('presets', () => {
  it('San Mateo: the example of its specification, 80 characters', () => {
    const file = renderLayout(SAN_MATEO_LAYOUT, [row()], CONTEXT)
    expect(file.text).toBe(`6F3302254015700055500${' '.repeat(59)}\n`)
    expect(file.text.length).toBe(81)
    const charged = renderLayout(SAN_MATEO_LAYOUT, [row()], { ...CONTEXT, chargeCode: 'A07' })
    expect(charged.text.slice(0, 4)).toBe('6A07')
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
    const file = renderLayout(CSV_LAYOUT, rows, CONTEXT)
    expect(file.text).toBe(
      'Parcel,Owner,Service Address,Certified,Fee,Total\n' +
        '022-540-157,"Avery, Ann","12 Mill ""Race"" Rd",637.49,50.00,687.49\n' +
        '022-540-157,=SUM(A1),"Line\nbreak",500.00,55.00,555.00\n',
    )
    expect(readBackFaults(CSV_LAYOUT, file)).toEqual([])
  })

  it('Dakota County: PID, delinquent balance, fee, total', () => {
    const given = row({ amount: money('637.49'), fee: money('50') })
    expect(renderLayout(PARCEL_LIST_LAYOUT, [given], CONTEXT).text).toBe(
      'PID,Balance,Fee,Total\n022-540-157,637.49,50.00,687.49\n',
    )
  })

  it('a tax roll has one line for a parcel, a list for reading one for an account', () => {
    expect(LAYOUT_PRESETS.map(({ code, linesPer }) => [code, linesPer])).toEqual([
      ['csv', 'account'],
      ['san-mateo', 'parcel'],
      ['munis', 'parcel'],
      ['csv-parcel', 'parcel'],
    ])
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
    [{ amount: money('0'), fee: money('0') }, [['Amount', 'not_positive']]],
    [{ amount: money('0') }, []],
    [{ amount: money('999944.99') }, []],
  ] as [Partial<CountyRow>, unknown[]][])('%j: %j', (changes, expected) => {
    expect(faults(SAN_MATEO_LAYOUT, changes)).toEqual(expected)
  })

  it('is left out of the lines and the totals', () => {
    const rows = [
      row(),
      row({ account: '1002.01', parcel: null }),
      row({ account: '1003.01', parcel: '9', amount: money('1'), fee: money('0') }),
    ]
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
    linesPer: 'account',
    columnNames: false,
    lineEnd: 'lf',
    header: [
      { name: 'Kind', source: 'constant', format: 'H', width: 1 },
      { name: 'Date', source: 'date', width: 8, format: 'YYYYMMDD' },
      { name: 'Year', source: 'tax_year', width: 2, format: 'YY' },
      { name: 'Code', source: 'id_number', width: 5, pad: 'left', fill: '*' },
    ],
    line: [
      { name: 'Kind', source: 'constant', format: 'D', width: 1 },
      { name: 'Number', source: 'line_number', width: 3 },
      { name: 'Owner', source: 'owner', width: 8, cut: true },
      { name: 'Account', source: 'account', width: 9, pad: 'left' },
      { name: 'Parcel', source: 'parcel', width: 11, format: '###-##-####' },
      { name: 'Amount', source: 'amount', width: 9 },
    ],
    trailer: [
      { name: 'Kind', source: 'constant', format: 'T', width: 1 },
      { name: 'Lines', source: 'count', width: 4 },
      { name: 'Records', source: 'records', width: 4, fill: ' ' },
      { name: 'Total', source: 'sum_total', width: 10, impliedDecimals: true },
      { name: 'Least', source: 'min_total', width: 8 },
      { name: 'Most', source: 'max_total', width: 8, pad: 'right' },
    ],
  }

  it('has header, trailer with control totals, dates, a mask for the parcel, padding, and texts that may be cut', () => {
    const rows = [row({ owner: 'José Núñez' }), row({ owner: '王 Li', amount: money('0.05'), fee: money('0') })]
    const file = renderLayout(layout, rows, CONTEXT)
    expect(file.text).toBe(
      'H2021100121**F33\n' +
        'D001Jose Nun  1001.01022-54-0157   500.00\n' +
        'D002? Li      1001.01022-54-0157     0.05\n' +
        'T0002   40000055505    0.05555.00  \n',
    )
    expect(readBackFaults(layout, file)).toEqual([])
  })

  it('ends its lines as the county wants them', () => {
    const file = renderLayout({ ...layout, lineEnd: 'crlf' }, [row()], CONTEXT)
    expect(file.text.match(/\r\n/g)).toHaveLength(3)
    expect(readBackFaults({ ...layout, lineEnd: 'crlf' }, file)).toEqual([])
  })

  it('without lines has a trailer of zeros', () => {
    expect(renderLayout(layout, [], CONTEXT).text).toBe('H2021100121**F33\nT0000   20000000000    0.000.00    \n')
    expect(text(controlTotals([]).max)).toBe('0.00')
  })

  it('lists a header or trailer that does not fit', () => {
    const narrow: Layout = { ...layout, trailer: [{ name: 'Total', source: 'sum_total', width: 5 }] }
    const value = { field: 'Total', value: '555.00', reason: 'too_long', account: null, parcel: null }
    expect(renderLayout(narrow, [row({ account: '1' })], CONTEXT).faults).toEqual([value])
  })

  it.each([
    [{ parcel: '022-540-15' }, [['Parcel', 'not_like_mask']]],
    [{ parcel: '022-540-1578' }, [['Parcel', 'not_like_mask']]],
    [{ account: 'A-1001-2002' }, [['Account', 'too_long']]],
    [{ account: '№ 7' }, []],
    [{ account: '市 7' }, [['Account', 'not_ascii']]],
  ] as [Partial<CountyRow>, unknown[]][])('%j: %j', (changes, expected) => {
    expect(faults(layout, changes)).toEqual(expected)
  })

  it('without a parcel number the legal description names the land, and must be there', () => {
    const legal: Layout = {
      ...PARCEL_LIST_LAYOUT,
      linesPer: 'account',
      line: [
        { name: 'Description', source: 'description' },
        { name: 'Total', source: 'total' },
      ],
    }
    expect(renderLayout(legal, [row({ description: 'Lot 4, Block 2', parcel: null })], CONTEXT).text).toBe(
      'Description,Total\n"Lot 4, Block 2",555.00\n',
    )
    expect(faults(legal, {})).toEqual([['Description', 'description_missing']])
  })
})
