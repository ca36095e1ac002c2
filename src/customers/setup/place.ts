import { sql } from 'drizzle-orm'
import { type Db, one, rows } from '../../db/db.ts'
import { containing } from '../../db/like.ts'
import type { Day } from '../../ledger/calendar.ts'
import type { Typed } from './drafts.ts'
import { type LastRead, lastReads } from './meters.ts'
import { comesAlong, isDefault } from './rules.ts'

export interface Previous {
  account: string
  accountId: number
  customer: string
  name: string
  status: string
  disconnectDate: Day | null
  locationId: number
  location: string
  address: string
  cycle: string
  route: string
}

/** A service that is offered: as it is proposed, before anything is typed. */
export interface Offer {
  code: string
  name: string
  kind: string
  ticked: boolean
  /** The previous account had it until the end. */
  copied: boolean
  rate: string
  quantity: string
  units: string
  frequency: string
  depositAllowed: boolean
  defaultDeposit: string | null
}

/** Where the new account will be, and what is proposed there. */
export interface Place {
  /** Names what the proposals were made from: where it changes, they are made anew. */
  source: string
  copied: Previous | null
  /** Several accounts answer to the number typed: one of them is to be chosen. */
  matches: Previous[]
  location: { id: number; number: string; address: string } | null
  offers: Offer[]
  reads: LastRead[]
}

const PREVIOUS = sql`select a.number as account, a.id as "accountId", c.number as customer, c.name, a.activity_status as status,
    a.disconnect_date::text as "disconnectDate", n.id as "locationId", n.number as location, n.service_address as address,
    coalesce(y.code || ' ' || y.name, '') as cycle, coalesce(r.code || ' ' || r.name, '') as route
  from account a join customer c on c.id = a.customer_id join location n on n.id = a.location_id
  left join cycle y on y.id = n.cycle_id left join route r on r.id = n.route_id`

const LATEST = sql`order by a.activity_status = 'Final', a.disconnect_date desc nulls last, ledger.number_order(a.number) desc`

/** The accounts of a Previous Customer Number: of the customer, or the one account. */
export const previousOf = (db: Db, number: string): Promise<Previous[]> =>
  rows(db, sql`${PREVIOUS} where a.number = ${number} or c.number = ${number} ${LATEST} limit 20`)

/** Accounts whose number, customer's name or service address holds the words. */
export function findPrevious(db: Db, words: string): Promise<Previous[]> {
  const like = containing(words)
  return rows(
    db,
    sql`${PREVIOUS} where lower(concat_ws(' ', a.number, c.name, n.number, n.service_address)) like ${like} ${LATEST} limit 20`,
  )
}

export const isCopied = (typed: Typed): boolean => typed.customer?.copy !== undefined

/** What the draft says about the place, with what is proposed for it. */
export async function placeOf(db: Db, typed: Typed): Promise<Place> {
  if (isCopied(typed)) return copiedPlace(db, (typed.customer?.previous ?? '').trim())
  const kind = typed.location?.kind ?? 'new'
  const number = (typed.location?.location ?? '').trim()
  const found =
    kind === 'existing' && number !== ''
      ? await one<{ id: number; number: string; address: string }>(
          db,
          sql`select id, number, service_address as address from location where number = ${number}`,
        )
      : undefined
  const offers =
    kind === 'none' ? [] : (await offered(db)).map((offer) => ({ ...offer, ticked: isDefault(offer.kind) }))
  const reads = found ? await lastReads(db, found.id) : []
  return { source: `${kind} ${found?.number ?? ''}`, copied: null, matches: [], location: found ?? null, offers, reads }
}

async function copiedPlace(db: Db, number: string): Promise<Place> {
  const matches = number === '' ? [] : await previousOf(db, number)
  const copied = matches.find(({ account }) => account === number) ?? (matches.length === 1 ? matches[0] : undefined)
  if (!copied) return { source: 'copied', copied: null, matches, location: null, offers: [], reads: [] }
  const { locationId: id, location, address } = copied
  const offers = await copiedOffers(db, copied)
  const reads = await lastReads(db, id)
  return {
    source: `copied ${copied.account}`,
    copied,
    matches: [],
    location: { id, number: location, address },
    offers,
    reads,
  }
}

const offered = (db: Db): Promise<Offer[]> =>
  rows<Offer>(
    db,
    sql`select code, name, kind, false as ticked, false as copied, coalesce(default_rate, '') as rate, '1' as quantity, '1' as units,
        default_frequency as frequency, deposit_allowed as "depositAllowed", default_deposit::text as "defaultDeposit"
      from service where id <> 0 and active and allow_new_billings order by sort, code`,
  )

/** The services of the previous account with their rates, ticked; what else the town offers, not ticked. */
async function copiedOffers(db: Db, { accountId, disconnectDate }: Previous): Promise<Offer[]> {
  const had = await rows<Offer & { disconnectDate: Day | null }>(
    db,
    sql`select s.code, s.name, s.kind, true as ticked, true as copied, coalesce(x.rate, '') as rate, trim_scale(x.quantity)::text as quantity,
        trim_scale(x.units)::text as units, x.frequency, s.deposit_allowed as "depositAllowed",
        s.default_deposit::text as "defaultDeposit", x.disconnect_date::text as "disconnectDate"
      from account_service x join service s on s.id = x.service_id and s.active
      where x.account_id = ${accountId} order by s.sort, s.code`,
  )
  const along = had.filter((service) => comesAlong(service, { disconnectDate }))
  const others = (await offered(db)).filter(({ code }) => !along.some((each) => each.code === code))
  return [...along.map(({ disconnectDate: _ended, ...offer }) => offer), ...others]
}
