import { type SQL, sql } from 'drizzle-orm'
import { type Db, rows } from '../db/db.ts'
import { type Bucket, OPEN } from '../ledger/aging.ts'
import type { Day } from '../ledger/calendar.ts'
import { type Money, stored, ZERO } from '../ledger/money.ts'
import { setRows } from './set-rows.ts'

export interface Candidate {
  id: number
  number: string
  version: string
  customerId: number
  bankrupt: boolean
  parcelNumber: string | null
  rental: boolean
  ownerId: number | null
  balance: Money
  /** By service id; empty where nothing is as old as the run asks. */
  buckets: Map<number, Bucket[]>
  claims: { serviceId: number; period: Day }[]
  sameYear: { certified: Money; fee: Money }
  /** Utility postings of periods later than the one asked for; undefined when there are none. */
  since: Money | undefined
}

/** Open items of an account as `bucketColumns` gives them. */
export interface RawBuckets {
  services: string | null
  periods: string | null
  unpaid: string | null
}

interface Raw extends Omit<Candidate, 'balance' | 'buckets' | 'claims' | 'sameYear' | 'since'>, RawBuckets {
  balance: string
  claims: string | null
  certified: string | null
  fee: string | null
  since: string | null
}

export interface Asked {
  /** Undefined = everyone. */
  selected: number[] | undefined
  taxYear: number
  /** Asks what was posted in later periods than this one. */
  priorTo: Day | undefined
  /** Buckets are read only where one is of this period or an older one; undefined = everywhere. */
  agedFrom: Day | undefined
}

/**
 * Every account that owes something in any bucket, with all that decides on its certification, by one statement from
 * the open items.
 */
export async function candidates(db: Db, asked: Asked): Promise<Candidate[]> {
  const read = asked.selected?.length === 1 ? rows<Raw> : setRows<Raw>
  const found = await read(db, statement(asked))
  return found.map(readOne)
}

/** Ids as one parameter, whatever their number. */
export const idList = (ids: number[]): SQL =>
  sql`array(select value::int from jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))`

/** Aggregates of open items for `readBuckets`: three arrays cost a fraction of text put together for each item. */
export const bucketColumns = sql`array_agg(service_id) as services, array_agg(aging_period) as periods, array_agg(unpaid) as unpaid`

// an open item of a period is above zero, open credit is below: whoever owes something has a period
const statement = ({ selected, taxYear, priorTo, agedFrom }: Asked): SQL => sql`
  select a.id, a.number, l.version::text, a.customer_id as "customerId", c.bankrupt, n.parcel_number as "parcelNumber", n.rental,
    n.owner_customer_id as "ownerId", o.balance::text, ${agedColumns(agedFrom)}, m.claims, y.certified::text, y.fee::text,
    ${priorTo === undefined ? sql`null` : sql`s.amount::text`} as since
  from (select account_id, sum(unpaid) as balance, min(aging_period) as oldest, ${bucketColumns} from ledger.open_item
      ${selected === undefined ? sql`` : sql`where account_id = any(${idList(selected)})`} group by account_id having min(aging_period) < 'infinity') o
  join account a on a.id = o.account_id join customer c on c.id = a.customer_id join location n on n.id = a.location_id
  join ledger.account_ledger l on l.account_id = o.account_id
  left join (select account_id, string_agg(service_id || ':' || aging_period, ',') as claims from ledger.certification_claim group by 1) m
    on m.account_id = o.account_id
  left join (select c.account_id, sum(x.certified) as certified, sum(c.fee) as fee from ledger.certification c
      join (select certification_id, sum(certified - paid_before - withdrawn) as certified from ledger.certification_line group by 1) x
        on x.certification_id = c.id
      where c.tax_year = ${taxYear} and c.withdrawn_at is null group by 1) y on y.account_id = o.account_id
  ${
    priorTo === undefined
      ? sql``
      : sql`left join (select account_id, sum(amount) as amount from ledger.posting
      where subledger = 'utility' and period > ${priorTo}::date group by 1) s on s.account_id = o.account_id`
  }
  order by o.account_id`

const agedColumns = (agedFrom: Day | undefined): SQL =>
  agedFrom === undefined
    ? sql`o.services::text, o.periods::text, o.unpaid::text`
    : sql`case when o.oldest <= ${agedFrom}::date then o.services::text end as services,
        case when o.oldest <= ${agedFrom}::date then o.periods::text end as periods,
        case when o.oldest <= ${agedFrom}::date then o.unpaid::text end as unpaid`

function readOne(raw: Raw): Candidate {
  return {
    id: raw.id,
    number: raw.number,
    version: raw.version,
    customerId: raw.customerId,
    bankrupt: raw.bankrupt,
    parcelNumber: raw.parcelNumber,
    rental: raw.rental,
    ownerId: raw.ownerId,
    balance: stored(raw.balance),
    buckets: readBuckets(raw),
    claims: raw.claims === null ? [] : raw.claims.split(',').map(readClaim),
    sameYear: {
      certified: raw.certified === null ? ZERO : stored(raw.certified),
      fee: raw.fee === null ? ZERO : stored(raw.fee),
    },
    since: raw.since === null ? undefined : stored(raw.since),
  }
}

/** Open items by service, in no order; none where the columns are null. */
export function readBuckets({ services, periods, unpaid }: RawBuckets): Map<number, Bucket[]> {
  const buckets = new Map<number, Bucket[]>()
  if (services === null || periods === null || unpaid === null) return buckets
  const ids = elements(services)
  const days = elements(periods)
  elements(unpaid).forEach((amount, place) => {
    const id = Number(ids[place])
    const period = days[place] ?? ''
    const bucket = { period: period === 'infinity' ? OPEN : period, unpaid: stored(amount) }
    const list = buckets.get(id)
    if (list) list.push(bucket)
    else buckets.set(id, [bucket])
  })
  return buckets
}

/** The elements of an array of numbers or dates, which are never quoted. */
const elements = (array: string): string[] => array.slice(1, -1).split(',')

function readClaim(claim: string): { serviceId: number; period: Day } {
  const [service = '', period = ''] = claim.split(':')
  return { serviceId: Number(service), period }
}
