import { type SQL, sql } from 'drizzle-orm'
import { ofAccount } from '../accounts/of-account.ts'
import { bucketDue, countOf, ownTransactions, standing } from '../accounts/sums.ts'
import { type Db, rows } from '../db/db.ts'
import type { Day } from '../ledger/calendar.ts'
import { DUE_DAYS } from '../ledger/due.ts'
import { historyWindow } from '../ledger/overpayment.ts'
import type { DueDates } from './due-rules.ts'

export type ListName = 'first' | 'second' | 'third' | 'overpayment' | 'exclude'

/** Sums by service, as text and as they are: one below zero counts as 0.00 where a rule asks for it. */
export type TwelveMonths = Record<string, string>

export interface PaymentExtras {
  lists: Record<ListName, string[]>
  /** When the periods of each service fell due. */
  due: Record<string, DueDates>
  paid12: TwelveMonths
  charged12: TwelveMonths
  /** Returned payments of the last twelve months. */
  nsf12: number
  /** Notes for the payment centre. */
  notes: { subject: string; text: string | null }[]
}

/** A payment that is asked about. `since` = a day from which charges may still be dated; absent = the payment's own. */
export interface Asked {
  accountId: number
  date: Day
  since?: Day | undefined
}

/** Types that the sums of twelve months are made of. */
export const PAID = ['Pmt']
export const CHARGED = ['Bill', 'Pen', 'Int', 'Misc']

type Raw = Omit<PaymentExtras, 'lists'> & { lists: Partial<PaymentExtras['lists']> }

/**
 * What a payment's rules ask beside the account's facts: the five lists, due dates, twelve months of history, notes. One
 * statement for all that are asked about, answered in their order.
 */
export async function paymentExtras(db: Db, asked: readonly Asked[]): Promise<PaymentExtras[]> {
  if (asked.length === 0) return []
  const wanted = asked.map(({ accountId, date, since = date }, place) => {
    const { from, to } = historyWindow(date)
    return { place, id: accountId, date, since, first: from, last: to }
  })
  const found = await rows<{ extras: Raw | null }>(
    db,
    sql`select ${EXTRAS} as extras from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb)
      as asked(place int, id int, date date, since date, first date, last date) order by asked.place`,
  )
  return found.map(({ extras }, place) => {
    if (!extras) throw new Error(`no account ${asked[place]?.accountId}`)
    const { lists, ...rest } = extras
    return { ...rest, lists: { first: [], second: [], third: [], overpayment: [], exclude: [], ...lists } }
  })
}

const byService = (types: string[], sign: '-' | ''): SQL => sql`(
  select coalesce(jsonb_object_agg(code, total::text), '{}') from (
    select s.code, ${sql.raw(sign)}sum(p.amount) as total from mine t
    join ledger.posting p on p.period = t.period and p.transaction_id = t.id and p.subledger = 'utility' and p.service_id <> 0
    join service s on s.id = p.service_id
    where t.type = any(string_to_array(${types.join(',')}, ',')) and t.transaction_date between asked.first and asked.last and ${standing(undefined)}
    group by s.code) x)`

const LISTS = sql`(select coalesce(jsonb_object_agg(list, codes), '{}') from (select l.list, jsonb_agg(s.code order by l.position) as codes
  from payment_allocation l join service s on s.id = l.service_id group by l.list) x)`

// also of periods that are paid by now: a charge still to be posted may fall into one of them
const DUE = sql`(select coalesce(jsonb_object_agg(code, dates), '{}') from (select s.code, jsonb_object_agg(d.aging_period, d.due) as dates
  from due d join service s on s.id = d.service_id group by s.code) x)`

const NOTES = sql`(select coalesce(jsonb_agg(jsonb_build_object('subject', o.subject, 'text', o.text) order by o.id desc), '[]')
  from note o where o.payment_center and ${ofAccount})`

/** Json of the `Raw` of the account and day in `asked`. */
const EXTRAS = sql`(with a as materialized (select a.*, ${DUE_DAYS} as due_days
    from account a join location n on n.id = a.location_id left join cycle y on y.id = n.cycle_id where a.id = asked.id),
  ${ownTransactions(sql`(select id from a)`)},
  due as (${bucketDue(
    sql`(select due_days from a)`,
    sql`(select least(min(o.aging_period), asked.since) from ledger.open_item o where o.account_id = asked.id)`,
    undefined,
  )})
  select jsonb_build_object('lists', ${LISTS}, 'due', ${DUE},
    'paid12', ${byService(PAID, '-')}, 'charged12', ${byService(CHARGED, '')},
    'nsf12', ${countOf('nsf', { today: sql`asked.date` })}, 'notes', ${NOTES}) from a)`
