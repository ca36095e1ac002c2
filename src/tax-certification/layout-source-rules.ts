/** The records of a county file: one header, a line for each account or parcel, one trailer. */
export const SECTIONS = ['header', 'line', 'trailer'] as const
export type Section = (typeof SECTIONS)[number]

const COMMON = ['tax_year', 'charge_code', 'id_number', 'date', 'constant', 'blank'] as const
const ROW = ['parcel', 'description', 'account', 'owner', 'address', 'amount', 'fee', 'total', 'line_number'] as const
const CONTROL = [
  'count',
  'records',
  'parcels',
  'accounts',
  'sum_amount',
  'sum_fee',
  'sum_total',
  'min_total',
  'max_total',
] as const

/** What a field of a county file shows. */
export type FieldSource = (typeof COMMON)[number] | (typeof ROW)[number] | (typeof CONTROL)[number]

/** Of one account or parcel in lines only, control totals in header and trailer only, the others everywhere. */
export const SOURCES: Record<Section, readonly FieldSource[]> = {
  header: [...CONTROL, ...COMMON],
  line: [...ROW, ...COMMON],
  trailer: [...CONTROL, ...COMMON],
}
export const ALL_SOURCES: readonly FieldSource[] = [...ROW, ...CONTROL, ...COMMON]

const MONEY: readonly FieldSource[] = [
  'amount',
  'fee',
  'total',
  'sum_amount',
  'sum_fee',
  'sum_total',
  'min_total',
  'max_total',
]
const COUNTS: readonly FieldSource[] = ['count', 'records', 'parcels', 'accounts', 'line_number', 'tax_year']

export const isMoney = (source: FieldSource): boolean => MONEY.includes(source)
export const isNumber = (source: FieldSource): boolean => MONEY.includes(source) || COUNTS.includes(source)

/** Texts that only describe: they may be cut to their width, everything else that is too long is a fault. */
export const mayBeCut = (source: FieldSource): boolean => ['owner', 'address', 'description'].includes(source)
