import { sql } from 'drizzle-orm'
import { mailingAddresses } from '../customers/mailing.ts'
import { type CustomerAddress, type MailAddress, mailingAddressOn } from '../customers/mailing-rules.ts'
import type { Db } from '../db/db.ts'
import type { Day } from '../ledger/calendar.ts'
import { type Money, money } from '../ledger/money.ts'
import { idList } from './candidate-store.ts'
import { setRows } from './set-rows.ts'

/** Whom a letter is for, and where it goes on its day. */
export interface Address extends MailAddress {
  name: string
}

/** One account's certifications of a tax year as its notice shows them. */
export interface NoticeAccount {
  id: number
  number: string
  version: string
  /** The customer or the owner is: what names them is for administrators. */
  isPrivate: boolean
  ownerIsPrivate: boolean
  parcelNumber: string | null
  serviceAddress: string
  balance: Money
  customer: Address
  /** The owner of the property where it is another customer. */
  owner: Address | null
  certifications: { id: number; noticeDate: Day | null; updatedDate: Day | null; fee: string; lines: StateLine[] }[]
  /** What stands of the certified amounts, by service name and period. */
  lines: { service: string; period: Day; amount: Money }[]
  fee: Money
}

interface StateLine {
  serviceId: number
  agingPeriod: Day
  paidBefore: string
  withdrawn: string
}

interface Person {
  name: string
  mailing: CustomerAddress[]
}

type Raw = Omit<NoticeAccount, 'balance' | 'lines' | 'fee' | 'customer' | 'owner'> & {
  customer: Person
  owner: Person | null
  place: MailAddress
  balance: string
  fee: string
  lines: { service: string; period: Day; amount: string }[]
}

const person = (c: string) =>
  sql`jsonb_build_object('name', ${sql.raw(c)}.name, 'mailing', ${mailingAddresses(sql.raw(c))})`

/** The customer's mailing address on the letter's day; nothing on file, the letter goes to the place itself. */
const addressed = ({ name, mailing }: Person, place: MailAddress, day: Day): Address => ({
  ...(mailingAddressOn(mailing, day) ?? place),
  name,
})

/** Accounts with certifications of the tax year that are not withdrawn, in account order; of one run where it is named. */
export async function noticeAccounts(
  db: Db,
  asked: { taxYear: number; runId: string | undefined; selected: number[] | undefined; day: Day },
): Promise<NoticeAccount[]> {
  const ofRun = asked.runId === undefined ? sql`` : sql`and coalesce(c.run_number, c.run_id::text) = ${asked.runId}`
  const chosen = asked.selected === undefined ? sql`` : sql`and c.account_id = any(${idList(asked.selected)})`
  const place = sql`jsonb_build_object('addressLine1', n.service_address, 'city', n.city, 'state', n.state, 'zip', n.zip)`
  const found = await setRows<Raw>(
    db,
    sql`
    with chosen as materialized (select c.* from ledger.certification c where c.tax_year = ${asked.taxYear} and c.withdrawn_at is null ${ofRun} ${chosen}),
      mine as materialized (select c.account_id, l.* from chosen c join ledger.certification_line l on l.certification_id = c.id),
      standing as (select m.account_id, s.name as service, s.sort, m.aging_period as period, sum(m.certified - m.paid_before - m.withdrawn) as amount
        from mine m join service s on s.id = m.service_id group by 1, 2, 3, 4 having sum(m.certified - m.paid_before - m.withdrawn) > 0),
      shown as (select account_id, jsonb_agg(jsonb_build_object('service', service, 'period', period, 'amount', amount::text)
        order by sort, service, period) as lines from standing group by 1),
      states as (select certification_id, jsonb_agg(jsonb_build_object('serviceId', service_id, 'agingPeriod', aging_period,
        'paidBefore', paid_before::text, 'withdrawn', withdrawn::text)) as lines from mine group by 1),
      x as (select c.account_id, sum(c.fee) as fee, jsonb_agg(jsonb_build_object('id', c.id, 'noticeDate', c.notice_date,
        'updatedDate', c.updated_date, 'fee', c.fee::text, 'lines', s.lines) order by c.id) as certifications
        from chosen c join states s on s.certification_id = c.id group by 1),
      owed as (select account_id, sum(unpaid) as balance from ledger.open_item where account_id in (select account_id from chosen) group by 1)
    select a.id, a.number, v.version::text, not (u.public and coalesce(w.public, true)) as "isPrivate", coalesce(not w.public, false) as "ownerIsPrivate", n.parcel_number as "parcelNumber", n.service_address as "serviceAddress",
      coalesce(o.balance, 0)::text as balance, ${person('u')} as customer,
      case when w.id <> u.id then ${person('w')} end as owner, ${place} as place, x.certifications, x.fee::text, h.lines
    from x join shown h on h.account_id = x.account_id
    join account a on a.id = x.account_id join customer u on u.id = a.customer_id join location n on n.id = a.location_id
    join ledger.account_ledger v on v.account_id = a.id left join customer w on w.id = n.owner_customer_id left join owed o on o.account_id = a.id
    order by ledger.number_order(a.number), a.number`,
  )
  return found.map(({ place, ...raw }) => ({
    ...raw,
    customer: addressed(raw.customer, place, asked.day),
    owner: raw.owner && addressed(raw.owner, place, asked.day),
    balance: money(raw.balance),
    fee: money(raw.fee),
    lines: raw.lines.map((line) => ({ ...line, amount: money(line.amount) })),
  }))
}
