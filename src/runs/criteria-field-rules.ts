export type FieldType = 'text' | 'code' | 'money' | 'number' | 'date' | 'boolean'
export type CriteriaField = { name: string; label: string; type: FieldType }

export const OPERATORS = [
  '=',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'between',
  'in',
  'startsWith',
  'contains',
  'isBlank',
] as const
export type Operator = (typeof OPERATORS)[number]

const ORDERED: Operator[] = ['=', '!=', '<', '<=', '>', '>=', 'between', 'in', 'isBlank']

/**
 * Which operators a type takes. Texts and codes are ordered as customer numbers are, digit runs as numbers, so that a
 * range of account numbers can be asked for.
 */
export const OPERATORS_OF: Record<FieldType, Operator[]> = {
  text: [...OPERATORS],
  code: [...OPERATORS],
  money: ORDERED,
  number: ORDERED,
  date: ORDERED,
  boolean: ['=', '!=', 'in', 'isBlank'],
}

/** The fields of an account that a run can be asked for (contract.md 3). */
export const ACCOUNT_FIELDS: CriteriaField[] = [
  { name: 'accountNumber', label: 'Account Number', type: 'text' },
  { name: 'customerNumber', label: 'Customer Number', type: 'text' },
  { name: 'customerName', label: 'Name', type: 'text' },
  { name: 'customerType', label: 'Customer Type', type: 'code' },
  { name: 'collectionCode', label: 'Collection Code', type: 'code' },
  { name: 'activityStatus', label: 'Activity Status', type: 'code' },
  { name: 'accountStatus', label: 'Account Status', type: 'code' },
  { name: 'cycle', label: 'Cycle', type: 'code' },
  { name: 'route', label: 'Route', type: 'code' },
  { name: 'revenueClass', label: 'Revenue Class', type: 'code' },
  { name: 'parcelNumber', label: 'Parcel No.', type: 'text' },
  { name: 'rental', label: 'Rental', type: 'boolean' },
  { name: 'locationDescription', label: 'Location desc.', type: 'text' },
  { name: 'region', label: 'Region/Subdivision', type: 'text' },
  { name: 'altLocationId', label: 'Alt Location ID', type: 'text' },
  { name: 'crossStreet', label: 'Cross Street', type: 'text' },
  { name: 'balance', label: 'Balance', type: 'money' },
  { name: 'pastDue', label: 'Past Due', type: 'money' },
  { name: 'bankrupt', label: 'Bankrupt', type: 'boolean' },
  { name: 'city', label: 'City', type: 'text' },
  { name: 'zip', label: 'ZIP', type: 'text' },
]
