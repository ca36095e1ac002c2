import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { csvLine } from '../town/csv.ts'
import { arrangementTables } from './arrangement.ts'
import { HISTORY_COLUMNS, history } from './history.ts'
import { meterTables, rateOf } from './meters.ts'
import { type Person, people, sequence } from './people.ts'
import { LEASE, recordTables } from './records.ts'
import { SET_UP } from './set-up.ts'
import { made, type TownTable } from './table.ts'

/** Rented houses and who owns them. */
const OWNERS: Record<number, string> = { 1002: '1004', 1009: '1004', 1020: '1004' }

/** What is known of the cast beside the name: e-mail, e-mail notices, date of birth, spouse. */
const KNOWN: Record<number, string[]> = {
  1001: ['alma.avery@example.org', 'yes', '1951-04-17', ''],
  1002: ['bert.birch@example.org', 'no', '1979-12-02', 'Berta Birch'],
  1004: ['dora.doyle@example.org', 'yes', '1966-08-25', ''],
}

/** People moved in over the years; the village keeps them in Clerkwell since July 2025. */
const connected = ({ number }: Person): string =>
  number === 1002 ? '2025-06-01' : `${2004 + (number % 20)}-0${1 + (number % 9)}-01`

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
    'home',
    alert,
    ...(KNOWN[person.number] ?? ['', 'no', '', '']),
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
  const owner = OWNERS[person.number] ?? ''
  const description = person.business ? 'Storefront' : 'Single family'
  return [String(person.number + 4000), person.street, ...place, parcel, owner ? 'yes' : 'no', owner, description]
}

const account = (person: Person): string[] => [
  `${person.number}.01`,
  String(person.number),
  String(person.number + 4000),
  connected(person),
  'Current',
]

const BILLED = ['WA', 'SE', 'GA', 'ST']

const services = (person: Person): string[][] =>
  BILLED.map((code) => {
    const rate = code === 'WA' ? rateOf(person) : code === 'SE' ? 'S-1' : ''
    return [`${person.number}.01`, code, rate, '1', '1', 'monthly', connected(person)]
  })

function townTables(persons: Person[]): TownTable[] {
  const lines = history(persons)
  return [
    made(
      'customers',
      'customer_number,kind,name,first_name,last_name,business_name,customer_type,public,bankrupt,collection_code,address_line_1,city,state,zip,phone,phone_type,alert_message,email,email_notices,birth_date,spouse',
      persons.map(customer),
    ),
    made(
      'locations',
      'location_number,service_address,city,state,zip,cycle,route,revenue_class,parcel_number,rental,owner_customer_number,description',
      persons.map(location),
    ),
    made(
      'accounts',
      'account_number,customer_number,location_number,connect_date,activity_status',
      persons.map(account),
    ),
    made(
      'account_services',
      'account_number,service,rate,quantity,units,frequency,connect_date',
      persons.flatMap(services),
    ),
    ...meterTables(persons),
    ...recordTables(),
    ...arrangementTables(lines),
    made('transactions', HISTORY_COLUMNS, lines),
  ]
}

/**
 * Writes the demonstration town as a town folder: made-up people with fifteen months of bills, payments and arrears, two
 * years of meter reads, and on Birch's account, 1002.01, something for each tab of the Account Control Panel.
 */
export async function writeDemoTown(folder: string, count = 120): Promise<void> {
  await mkdir(path.join(folder, path.dirname(LEASE.path)), { recursive: true })
  await writeFile(path.join(folder, LEASE.path), LEASE.text)
  for (const { name, columns, rows } of [...SET_UP, ...townTables(people(count, sequence(1904)))]) {
    await writeFile(path.join(folder, `${name}.csv`), [columns, ...rows].map(csvLine).join(''))
  }
}
