import type { Layout } from './layout-rules.ts'

/** A list for reading: a line for each account, with owner and service address. */
export const CSV_LAYOUT: Layout = {
  code: 'csv',
  name: 'Spreadsheet (CSV)',
  kind: 'csv',
  linesPer: 'account',
  columnNames: true,
  lineEnd: 'lf',
  header: [],
  line: [
    { name: 'Parcel', source: 'parcel' },
    { name: 'Owner', source: 'owner' },
    { name: 'Service Address', source: 'address' },
    { name: 'Certified', source: 'amount' },
    { name: 'Fee', source: 'fee' },
    { name: 'Total', source: 'total' },
  ],
  trailer: [],
}

/** As counties of Minnesota take it: PID, balance, fee, total. */
export const PARCEL_LIST_LAYOUT: Layout = {
  code: 'csv-parcel',
  name: 'Parcel list (CSV)',
  kind: 'csv',
  linesPer: 'parcel',
  columnNames: true,
  lineEnd: 'lf',
  header: [],
  line: [
    { name: 'PID', source: 'parcel' },
    { name: 'Balance', source: 'amount' },
    { name: 'Fee', source: 'fee' },
    { name: 'Total', source: 'total' },
  ],
  trailer: [],
}

/** 80 characters without header: charge type 1, charge code 3 (else the county's ID Number), parcel 9, amount 8, blank. */
export const SAN_MATEO_LAYOUT: Layout = {
  code: 'san-mateo',
  name: 'San Mateo County, 80 characters',
  kind: 'fixed',
  lineWidth: 80,
  linesPer: 'parcel',
  columnNames: false,
  lineEnd: 'lf',
  header: [],
  line: [
    { name: 'Charge type', source: 'constant', format: '6', width: 1 },
    { name: 'Charge code', source: 'charge_code', width: 3 },
    { name: 'Parcel', source: 'parcel', width: 9, stripPunctuation: true, digitsOnly: true },
    { name: 'Amount', source: 'total', width: 8, impliedDecimals: true },
    { name: 'Blank', source: 'blank', width: 59 },
  ],
  trailer: [],
}

/** 22 characters: bill category 2 (20 is real estate), year 4, bill number 8 (kept as the parcel number), amount 8. */
export const MUNIS_LAYOUT: Layout = {
  code: 'munis',
  name: 'Munis fee import, 22 characters',
  kind: 'fixed',
  lineWidth: 22,
  linesPer: 'parcel',
  columnNames: false,
  lineEnd: 'lf',
  header: [],
  line: [
    { name: 'Bill category', source: 'constant', format: '20', width: 2 },
    { name: 'Year', source: 'tax_year', width: 4 },
    { name: 'Bill number', source: 'parcel', width: 8, stripPunctuation: true, digitsOnly: true },
    { name: 'Amount', source: 'total', width: 8, impliedDecimals: true },
  ],
  trailer: [],
}

export const LAYOUT_PRESETS: readonly Layout[] = [CSV_LAYOUT, SAN_MATEO_LAYOUT, MUNIS_LAYOUT, PARCEL_LIST_LAYOUT]

/** Names of our own files and addresses, and the presets: no layout of the town is called so. */
export const RESERVED_CODES: readonly string[] = ['new', 'control-totals', ...LAYOUT_PRESETS.map(({ code }) => code)]
