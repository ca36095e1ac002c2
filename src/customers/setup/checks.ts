import { sql } from 'drizzle-orm'
import { type Db, one } from '../../db/db.ts'
import { partsRefusal } from '../../deposits/agreement.ts'
import type { Day } from '../../ledger/calendar.ts'
import { type Money, ZERO } from '../../ledger/money.ts'
import { dateInput } from '../../web/inputs.ts'
import { unknownRates } from '../rates.ts'
import type { Step } from './drafts.ts'
import { masterFor } from './master.ts'
import { occupiedBy } from './open-account.ts'
import { isCopied } from './place.ts'
import { activityOn, connectRefusal } from './rules.ts'
import { connectOf, type Given } from './steps.ts'

type Data = Record<string, unknown>
type Errors = Record<string, string>

/** What the database has to say about a step: numbers in use, people and places that do not exist, a location occupied. */
export async function checkStep(step: Step, given: Given, data: Data): Promise<Errors> {
  if (step === 'customer') return customerErrors(given, data)
  if (step === 'location') return locationErrors(given, data)
  if (step === 'services') return serviceErrors(given, data)
  if (step === 'deposits') return depositErrors(given, data)
  if (step === 'meters') return meterErrors(given, data)
  return {}
}

async function customerErrors({ db, place }: Given, data: Data): Promise<Errors> {
  const { number, cosigner, masterContact, email, billBy } = data as Record<string, string>
  const holder = await one<{ name: string }>(db, sql`select name from customer where number = ${number ?? ''}`)
  return {
    ...(holder ? { number: `${number} is the number of ${holder.name}.` } : {}),
    ...(billBy !== 'mail' && !email ? { billBy: 'Bills by email need an e-mail address.' } : {}),
    ...(await unknown(db, 'customer', cosigner, 'cosigner', 'customer')),
    ...(await masterErrors(db, masterContact)),
    ...(data.copy === true && !place.copied
      ? { previous: previousError(place.matches.length, String(data.previous)) }
      : {}),
  }
}

function previousError(matches: number, typed: string): string {
  if (typed === '') return 'Previous customer number is needed to copy from.'
  return matches > 1
    ? 'This customer had several accounts: choose one.'
    : `There is no customer or account ${typed}. Search for it.`
}

async function masterErrors(db: Db, number = ''): Promise<Errors> {
  const found = number === '' ? undefined : await masterFor(db, number)
  return typeof found === 'string' ? { masterContact: `${found} Search for it.` } : {}
}

async function unknown(
  db: Db,
  table: 'customer' | 'location',
  number: string | undefined,
  field: string,
  noun: string,
): Promise<Errors> {
  if (!number) return {}
  const found = await one(db, sql`select 1 from ${sql.identifier(table)} where number = ${number}`)
  return found ? {} : { [field]: `There is no ${noun} ${number}. Search for it.` }
}

async function locationErrors(given: Given, data: Data): Promise<Errors> {
  const { db, today, place } = given
  const connects = activityOn(data.connectDate as Day, today)
  const occupied = async (field: string): Promise<Errors> => {
    const sentence = place.location && connects === 'Current' ? await occupiedBy(db, place.location.id) : undefined
    return sentence ? { [field]: sentence } : {}
  }
  if (isCopied(given.typed)) return occupied('connectDate')
  const { kind, location, locationNumber, serviceAddress, owner, landlordOf } = data as Record<string, string>
  const people = {
    ...(await unknown(db, 'location', landlordOf, 'landlordOf', 'location')),
    ...(kind === 'new' ? await unknown(db, 'customer', owner, 'owner', 'customer') : {}),
  }
  if (kind === 'none') return people
  if (kind === 'existing') {
    if (place.location) return { ...people, ...(await occupied('location')) }
    return { ...people, location: location ? `There is no location ${location}. Search for it.` : 'Which location?' }
  }
  const taken = await one(db, sql`select 1 from location where number = ${locationNumber ?? ''}`)
  return {
    ...people,
    ...(serviceAddress ? {} : { serviceAddress: 'Service address is needed.' }),
    ...(locationNumber ? {} : { locationNumber: 'Location number is needed.' }),
    ...(taken ? { locationNumber: 'This location number is taken.' } : {}),
  }
}

async function serviceErrors(given: Given, data: Data): Promise<Errors> {
  const { db, place } = given
  const rates = place.offers.flatMap(({ code }) => {
    const rate = data[`on-${code}`] === true ? String(data[`rate-${code}`] ?? '') : ''
    return rate === '' ? [] : [{ field: `rate-${code}`, rate }]
  })
  const unknown = await unknownRates(
    db,
    rates.map(({ rate }) => rate),
  )
  const errors: Errors = {
    ...Object.fromEntries(
      rates.flatMap(({ field, rate }) => (unknown.has(rate) ? [[field, unknown.get(rate) ?? '']] : [])),
    ),
    ...connectErrors(given, data),
  }
  if (Object.keys(errors).length > 0) return errors
  const some = place.offers.some(({ code }) => data[`on-${code}`] === true)
  return some || place.offers.length === 0 ? {} : { '': 'Tick at least one service.' }
}

function connectErrors(given: Given, data: Data): Errors {
  // a date that is none is said on its own step
  const account = dateInput().safeParse(connectOf(given)).data
  if (account === undefined) return {}
  const ticked = given.place.offers.filter(({ code }) => data[`on-${code}`] === true)
  const refused = ticked.flatMap(({ code }) => {
    const sentence = connectRefusal(data[`connect-${code}`] as Day, account)
    return sentence ? [[`connect-${code}`, sentence]] : []
  })
  return Object.fromEntries(refused)
}

async function depositErrors({ db, place }: Given, data: Data): Promise<Errors> {
  const errors: Errors = {}
  for (const { code } of place.offers) {
    const amount = data[`deposit-${code}`] as Money | undefined
    if (amount === undefined || amount.lte(ZERO)) continue
    const sentence = await partsRefusal(db, { amount, installments: Number(data[`parts-${code}`] ?? 1) })
    if (sentence) errors[`parts-${code}`] = sentence
  }
  return errors
}

async function meterErrors(given: Given, data: Data): Promise<Errors> {
  const errors: Errors = {}
  for (const [name, number] of Object.entries(data)) {
    if (!name.startsWith('meter-')) continue
    const code = name.slice('meter-'.length)
    const read = data[`begin-${code}`]
    if (number === '' && read !== undefined) errors[name] = 'Meter number is needed when there is a read.'
    if (number === '') continue
    if (read === undefined) errors[`begin-${code}`] = 'The read that the meter begins with is needed.'
    const taken = await one(given.db, sql`select 1 from meter where number = ${String(number)}`)
    if (taken) errors[name] = `Meter ${String(number)} is in use.`
  }
  return errors
}
