import { sql } from 'drizzle-orm'
import { type Db, one } from '../../db/db.ts'
import { Refused } from '../../errors.ts'
import type { Day } from '../../ledger/calendar.ts'
import { money } from '../../ledger/money.ts'
import { nextNumber } from '../rows.ts'
import { placeOf } from './place.ts'
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

/** The order of a call: numbers and services that it does not name are those that the screen would open with. */
export async function orderFromCall(db: Db, sent: Sent): Promise<SetUpOrder> {
  const { copyFrom, location, newLocation } = sent
  const kind = newLocation ? 'new' : location ? 'existing' : 'none'
  const place = await placeOf(db, {
    customer: copyFrom ? { copy: 'on', previous: copyFrom } : {},
    location: { kind, location: location ?? '' },
  })
  if (copyFrom && !place.copied) throw say('copyFrom', `${copyFrom} names no account, or several.`)
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

async function customerOf(db: Db, { customerType, collectionCode, number, ...sent }: Sent['customer']) {
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
    number: number ?? (await nextNumber(db, 'customer')),
    customerTypeId: type,
    collectionCodeId: code,
  }
}

async function idOf(db: Db, table: 'customer_type' | 'collection_code', code: string | undefined, field: string) {
  if (!code) return undefined
  const found = await one<{ id: number }>(db, sql`select id from ${sql.identifier(table)} where code = ${code}`)
  if (!found) throw say(field, `There is no ${table.replace('_', ' ')} ${code}.`)
  return found.id
}
