import { sql } from 'drizzle-orm'
import { type Db, one } from '../../db/db.ts'
import { Refused } from '../../errors.ts'
import type { Day } from '../../ledger/calendar.ts'
import { money } from '../../ledger/money.ts'
import { type Place, placeOf } from './place.ts'
import type { SetUpOrder } from './set-up.ts'

/** What a call sends; what it leaves out is proposed as the screen proposes it. */
interface Sent {
  customer: Record<string, unknown> & {
    name: string
    number?: string | undefined
    customerType?: string | undefined
    collectionCode?: string | undefined
  }
  cosigner?: string | undefined
  masterContact?: string | undefined
  copyFrom?: string | undefined
  location?: string | undefined
  newLocation?: ({ number: string; owner?: string | undefined } & Record<string, unknown>) | undefined
  landlordOf?: string | undefined
  connectDate: Day
  services?:
    | {
        service: string
        rate?: string | undefined
        quantity?: string | undefined
        units?: string | undefined
        frequency?: string | undefined
        connectDate?: Day | undefined
      }[]
    | undefined
  deposits?: { service: string; amount: string; installments?: number | undefined }[] | undefined
  reads?: { meter: string; reading: string }[] | undefined
}

const say = (field: string, sentence: string) => new Refused('setup', sentence, { [field]: sentence })

interface CalledOrder {
  order: SetUpOrder
  /** Fields as the rules call them -> as they were sent. */
  names: Record<string, string>
}

/**
 * The order of a call: services that it does not name are those that the screen would open with, and a number is taken when
 * it is set up. Refuses what contradicts itself: two locations, services without one, a meter that is not there or twice.
 */
export async function orderFromCall(db: Db, sent: Sent): Promise<CalledOrder> {
  const place = await placeOfCall(db, sent)
  refuseReads(sent.reads ?? [], place)
  return { order: await orderAt(db, sent, place), names: namesSent(sent, place) }
}

async function placeOfCall(db: Db, { copyFrom, location, newLocation, ...sent }: Sent): Promise<Place> {
  if (newLocation && (location || copyFrom))
    throw say('newLocation', `${copyFrom ? 'copyFrom' : 'location'} names the location already.`)
  const kind = newLocation ? 'new' : location ? 'existing' : 'none'
  const place = await placeOf(db, {
    customer: copyFrom ? { copy: 'on', previous: copyFrom } : {},
    location: { kind, location: location ?? '' },
  })
  if (copyFrom && !place.copied) throw say('copyFrom', `${copyFrom} names no account, or several.`)
  if (copyFrom && location && location !== place.location?.number)
    throw say('location', `${copyFrom} is at location ${place.location?.number}.`)
  const nowhere = (['services', 'deposits', 'reads'] as const).find((name) => (sent[name] ?? []).length > 0)
  if (nowhere && !copyFrom && kind === 'none')
    throw say(nowhere, 'Without a location there is no account to have them.')
  return place
}

function refuseReads(reads: NonNullable<Sent['reads']>, place: Place): void {
  for (const [at, { meter }] of reads.entries()) {
    if (!place.reads.some(({ number }) => number === meter))
      throw say(`reads.${at}.meter`, `There is no meter ${meter} at this location.`)
    if (reads.findIndex((each) => each.meter === meter) < at) throw say(`reads.${at}.meter`, `${meter} is named twice.`)
  }
}

async function orderAt(db: Db, sent: Sent, place: Place): Promise<SetUpOrder> {
  const { location, newLocation } = sent
  const proposed = place.offers.filter(({ ticked }) => ticked)
  const chosen = sent.services ?? proposed.map(({ code }) => ({ service: code }))
  const { cosigner, masterContact, landlordOf, connectDate } = sent
  return {
    customer: await customerOf(db, sent.customer),
    ...{ cosigner, masterContact, landlordOf, connectDate },
    location: newLocation
      ? { new: { ...newLocation, owner: newLocation.owner ?? '' } }
      : place.location
        ? { existing: place.location.number }
        : location
          ? { existing: location }
          : null,
    services: chosen.map((service: NonNullable<Sent['services']>[number]) => {
      const offer = place.offers.find(({ code }) => code === service.service)
      return {
        service: service.service,
        rate: service.rate ?? (offer?.rate || null),
        quantity: service.quantity ?? offer?.quantity ?? '1',
        units: service.units ?? offer?.units ?? '1',
        frequency: service.frequency ?? offer?.frequency ?? 'monthly',
        connectDate: service.connectDate ?? connectDate,
        copied: offer?.copied ?? false,
      }
    }),
    deposits: (sent.deposits ?? []).map((each) => ({
      service: each.service,
      amount: money(each.amount),
      installments: each.installments ?? 1,
    })),
    reads: sent.reads ?? [],
    meters: [],
  }
}

const OF_SERVICE = { on: 'service', rate: 'rate', connect: 'connectDate' }
const OF_DEPOSIT = { deposit: 'service', parts: 'installments' }

/** What the rules call a field of a service -> where it was sent. Of a service named twice it is the second that is refused. */
const within = (list: string, named: readonly { service: string }[], fields: Record<string, string>) =>
  Object.fromEntries(
    named.flatMap(({ service }, at) =>
      Object.entries(fields).map(([rule, field]) => [`${rule}-${service}`, `${list}.${at}.${field}`]),
    ),
  )

function namesSent({ customer, copyFrom, newLocation, services, deposits, reads }: Sent, place: Place) {
  const meterId = (meter: string) => place.reads.find(({ number }) => number === meter)?.meterId
  const person = [...Object.keys(customer), 'number', 'emailNotices']
  return {
    ...Object.fromEntries(person.map((name) => [name, `customer.${name}`])),
    ...(copyFrom ? { location: 'copyFrom' } : {}),
    ...(newLocation ? { locationNumber: 'newLocation.number', owner: 'newLocation.owner' } : {}),
    // a service that was proposed has no place of its own in the call
    ...Object.fromEntries(
      place.offers.flatMap(({ code }) => [`on-${code}`, `rate-${code}`].map((name) => [name, 'services'])),
    ),
    ...within('services', services ?? [], OF_SERVICE),
    ...within('deposits', deposits ?? [], OF_DEPOSIT),
    ...Object.fromEntries((reads ?? []).map(({ meter }, at) => [`read-${meterId(meter)}`, `reads.${at}.reading`])),
  }
}

async function customerOf(db: Db, { customerType, collectionCode, ...sent }: Sent['customer']) {
  const type = await idOf(db, 'customer_type', customerType, 'customerType')
  const code = await idOf(db, 'collection_code', collectionCode, 'collectionCode')
  const kind = sent.kind ?? 'individual'
  return {
    mailNotices: true,
    emailNotices: false,
    active: true,
    ...sent,
    kind,
    ...(kind === 'individual' ? {} : { businessName: sent.name }),
    customerTypeId: type,
    collectionCodeId: code,
  }
}

async function idOf(db: Db, table: 'customer_type' | 'collection_code', code: string | undefined, field: string) {
  if (!code) return undefined
  const found = await one<{ id: number }>(db, sql`select id from ${sql.identifier(table)} where code = ${code}`)
  if (!found) throw say(`customer.${field}`, `There is no ${table.replace('_', ' ')} ${code}.`)
  return found.id
}
