import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { csvLine } from '../town/csv.ts'
import { CURRENT_PERIOD, history, PERIODS } from './history.ts'
import { type Person, people, sequence } from './people.ts'

const SETTINGS: Record<string, string> = {
  name: 'Village of Alder Bend',
  address_line_1: '1 Village Green',
  city: 'Alder Bend',
  state: 'MN',
  zip: '55998',
  phone: '507-555-0142',
  timezone: 'America/Chicago',
  current_period: CURRENT_PERIOD,
  penalty_minimum_balance: '10.00',
  shutoff_minimum_balance: '150.00',
  shutoff_periods: '2',
  delinquent_minimum_balance: '25.00',
  delinquent_periods: '1',
  utility_bill_minimum_balance: '5.00',
  overpayment_method: 'listed',
  certification_id_number: '55-0998',
  certification_minimum_balance: '50.00',
  certification_minimum_check: 'delinquent',
  certification_fee_amount: '50.00',
  certification_receivable_gl: '1150',
  certification_fee_gl: '4900',
  cash_gl: '1010',
  open_credit_gl: '2100',
  write_off_gl: '4990',
  transfer_gl: '1090',
  deposit_gl: '2200',
  opening_gl: '3900',
}

const SERVICES = [
  ['WA', 'Water', 'metered', 'yes', '1', 'yes', '2', 'yes', '1110', '4110'],
  ['SE', 'Sewer', 'metered', 'yes', '2', 'yes', '2', 'yes', '1120', '4120'],
  ['GA', 'Garbage', 'flat', 'yes', '3', 'yes', '1', 'yes', '1130', '4130'],
  ['ST', 'Storm water', 'flat', 'yes', '4', 'no', '3', 'yes', '1140', '4140'],
  ['PE', 'Penalty', 'penalty', 'yes', '5', 'yes', '2', 'no', '1145', '4145'],
]

const GL_ACCOUNTS = [
  ['1010', 'Cash', 'asset'],
  ['1090', 'Transfers', 'asset'],
  ['1110', 'Receivable water', 'asset'],
  ['1120', 'Receivable sewer', 'asset'],
  ['1130', 'Receivable garbage', 'asset'],
  ['1140', 'Receivable storm water', 'asset'],
  ['1145', 'Receivable penalty', 'asset'],
  ['1150', 'Certified to taxes', 'asset'],
  ['2100', 'Open credit', 'liability'],
  ['2200', 'Customer deposits', 'liability'],
  ['3900', 'Opening balances', 'equity'],
  ['4110', 'Water revenue', 'revenue'],
  ['4120', 'Sewer revenue', 'revenue'],
  ['4130', 'Garbage revenue', 'revenue'],
  ['4140', 'Storm water revenue', 'revenue'],
  ['4145', 'Penalty revenue', 'revenue'],
  ['4900', 'Certification fees', 'revenue'],
  ['4990', 'Write-offs', 'expense'],
]

const CONNECTED = '2025-07-01'

function customer(person: Person): string[] {
  const name = `${person.first} ${person.last}`
  const alert = person.last === 'Birch' ? 'Promised to pay by the 15th' : ''
  const names = person.business ? ['profit', name, '', '', name] : ['individual', name, person.first, person.last, '']
  const flags = [
    person.number === 1011 ? 'no' : 'yes',
    person.number === 1013 ? 'yes' : 'no',
    person.number === 1013 ? 'BKR' : '',
  ]
  return [
    String(person.number),
    ...names,
    person.business ? 'COM' : 'RES',
    ...flags,
    person.street,
    'Alder Bend',
    'MN',
    '55998',
    `507-555-${String(person.number)}`,
    alert,
  ]
}

function location(person: Person): string[] {
  const parcel =
    person.number === 1017 ? '' : `22.${String(100 + (person.number % 700))}.${String(person.number).padStart(5, '0')}`
  const place = [
    'Alder Bend',
    'MN',
    '55998',
    person.number % 2 === 0 ? '1' : '2',
    person.number % 3 === 0 ? '01' : '02',
    person.business ? 'C' : 'R',
  ]
  return [String(person.number + 4000), person.street, ...place, parcel, 'no']
}

const account = (person: Person): string[] => [
  `${person.number}.01`,
  String(person.number),
  String(person.number + 4000),
  CONNECTED,
  'Current',
]

const services = (person: Person) =>
  SERVICES.slice(0, 4).map(([code = '']) => [`${person.number}.01`, code, '1', '1', 'monthly', CONNECTED])

type TownFile = [name: string, header: string, lines: string[][]]

const SET_UP: TownFile[] = [
  ['organization', 'setting,value', Object.entries(SETTINGS)],
  ['gl_accounts', 'number,name,type', GL_ACCOUNTS],
  [
    'services',
    'code,name,kind,active,sort,subject_to_certification,certification_periods,subject_to_penalty,receivable_gl,revenue_gl',
    SERVICES,
  ],
  [
    'payment_allocation',
    'list,position,service',
    [
      ['first', '1', 'GA'],
      ['first', '2', 'SE'],
      ['second', '1', 'ST'],
      ['third', '1', 'WA'],
      ['overpayment', '1', 'WA'],
    ],
  ],
  ['customer_types', 'code,name', pairs('RES Residential, COM Commercial')],
  [
    'collection_codes',
    'code,name,send_utility_bill,delinquent_notice,send_shutoff_notice,display_warning',
    [
      ['TAX', 'Certified to taxes', 'yes', 'no', 'no', 'yes'],
      ['BKR', 'Bankruptcy', 'yes', 'no', 'no', 'yes'],
    ],
  ],
  ['cycles', 'code,name', pairs('1 Monthly east, 2 Monthly west')],
  ['routes', 'code,name', pairs('01 Northside, 02 Southside')],
  ['revenue_classes', 'code,name', pairs('R Residential, C Commercial')],
  ['periods', 'end_date,closed', PERIODS.map((end) => [end, end < '2026-09-01' ? 'yes' : 'no'])],
]

function pairs(text: string): string[][] {
  return text.split(', ').map((entry) => [entry.slice(0, entry.indexOf(' ')), entry.slice(entry.indexOf(' ') + 1)])
}

const townFiles = (persons: Person[], random: () => number): TownFile[] => [
  [
    'customers',
    'customer_number,kind,name,first_name,last_name,business_name,customer_type,public,bankrupt,collection_code,address_line_1,city,state,zip,phone,alert_message',
    persons.map(customer),
  ],
  [
    'locations',
    'location_number,service_address,city,state,zip,cycle,route,revenue_class,parcel_number,rental',
    persons.map(location),
  ],
  ['accounts', 'account_number,customer_number,location_number,connect_date,activity_status', persons.map(account)],
  ['account_services', 'account_number,service,quantity,units,frequency,connect_date', persons.flatMap(services)],
  [
    'transactions',
    'transaction,account_number,date,period,type,description,service,amount,tax_year,method',
    history(persons, random),
  ],
]

/** Writes the demonstration town as a town folder: made-up people, fifteen months of bills, payments and arrears. */
export async function writeDemoTown(folder: string, count = 120): Promise<void> {
  const random = sequence(1904)
  await mkdir(folder, { recursive: true })
  for (const [name, header, lines] of [...SET_UP, ...townFiles(people(count, random), random)]) {
    await writeFile(path.join(folder, `${name}.csv`), [header.split(','), ...lines].map(csvLine).join(''))
  }
}
