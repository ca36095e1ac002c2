import { type Placeholder, type SQL, sql } from 'drizzle-orm'
import type { Day } from '../ledger/calendar.ts'
import { DUE_DAYS, dueOf } from '../ledger/due.ts'
import { certificationsOf } from './certification-store.ts'
import { marksOf } from './marks.ts'
import { ofAccount } from './of-account.ts'
import { type AtDay, bucketDue, countOf, dated, notMoved, ownTransactions, standing, unpaidItems } from './sums.ts'

/** As `AsOf`, with a place for each day. */
export interface When {
  today: Placeholder
  asOf: AtDay
}

const CURRENT_PERIOD = sql`coalesce((select nullif(value, '')::date from setting where name = 'current_period'),
  (select max(period) from ledger.journal), (date_trunc('month', now()) + interval '1 month - 1 day')::date)`

/** On an as-of screen age is counted back from that date's period (product.md 3.17). */
function countedFrom(asOf: AtDay): SQL {
  if (asOf === undefined) return CURRENT_PERIOD
  return sql`coalesce((select min(end_date) from ledger.period where end_date >= ${asOf} and end_date <> 'infinity'),
    (date_trunc('month', ${asOf}::date) + interval '1 month - 1 day')::date)`
}

/** What `ACCOUNT` reads of: the account in `a`, its buckets in `own`, its transactions in `mine`. */
export function accountTables({ today, asOf }: When): SQL {
  const day = asOf ?? today
  return sql`a as materialized (select a.*, n.cycle_id,
      ${DUE_DAYS} as due_days
      from account a join location n on n.id = a.location_id left join cycle y on y.id = n.cycle_id where a.number = ${sql.placeholder('number')}),
    near as materialized (select x.id, x.customer_id, x.location_id from account x, a
      where x.customer_id = a.customer_id or x.location_id = a.location_id),
    beside as materialized (select k.nearness, x.number from a cross join accounts_near(a.number) k join account x on x.id = k.id),
    item as materialized (${unpaidItems(asOf)}),
    ${ownTransactions(sql`(select id from a)`)},
    due as materialized (${bucketDue(sql`(select due_days from a)`, sql`(select min(aging_period) from item where account_id = (select id from a))`, asOf)}),
    own as materialized (select i.service_id, i.aging_period, i.unpaid, coalesce(d.due, i.aging_period) as due,
        coalesce(d.due, i.aging_period) < ${day}::date as late
      from item i left join due d on d.service_id = i.service_id and d.aging_period = i.aging_period
      where i.account_id = (select id from a))`
}

/** Json of an `AccountRow` whose arrangement is not read yet. */
export const ACCOUNT = (when: When): SQL => sql`(select json_build_object(
  'id', a.id, 'number', a.number, 'activityStatus', a.activity_status, 'connectDate', a.connect_date, 'disconnectDate', a.disconnect_date,
  'accountStatus', (select json_build_object('code', s.code, 'name', s.name, 'since', a.status_since) from account_status s where s.id = a.account_status_id),
  'customer', (select ${CUSTOMER} from customer c where c.id = a.customer_id),
  'location', (select ${LOCATION} from location n where n.id = a.location_id),
  'dueDays', a.due_days, 'currentPeriod', ${countedFrom(when.asOf)},
  'services', ${SERVICES}, 'balance', (select coalesce(sum(unpaid), 0)::numeric(14,2)::text from own),
  'pastDue', (select coalesce(sum(unpaid) filter (where late), 0)::numeric(14,2)::text from own where aging_period <> 'infinity'),
  'openCredit', (select coalesce(sum(unpaid), 0)::numeric(14,2)::text from own where service_id = 0),
  'customerBalance', (select coalesce(sum(i.unpaid), 0)::numeric(14,2)::text from item i join near x on x.id = i.account_id where x.customer_id = a.customer_id),
  'locationBalance', (select coalesce(sum(i.unpaid), 0)::numeric(14,2)::text from item i join near x on x.id = i.account_id where x.location_id = a.location_id),
  'certifications', ${certificationsOf(when.asOf)}, 'deposits', ${deposits(when.asOf)},
  'alerts', (select coalesce(json_agg(json_build_object('id', m.id, 'text', m.text, 'since', m.since, 'by', u.name) order by m.id), '[]')
    from customer_alert m left join app_user u on u.id = m.added_by where m.customer_id = a.customer_id and m.ended_at is null),
  'lastBill', ${lastBill(when.asOf)}, 'lastPayment', ${lastPayment(when.asOf)},
  'nsf12', ${countOf('nsf', when)}, 'late12', ${countOf('late', when)},
  'grace', (select max(o.grace_date) from note o where o.grace_date >= ${when.asOf ?? when.today}::date and ${ofAccount}),
  'marks', ${marksOf(countedFrom(when.asOf), (when.asOf ?? when.today) as Day)},
  'previous', ${neighbour(sql`<`)}, 'next', ${neighbour(sql`>`)}))`

const CUSTOMER = sql`json_build_object('id', c.id, 'number', c.number, 'name', c.name, 'kind', c.kind, 'public', c.public, 'active', c.active,
  'bankrupt', c.bankrupt, 'doNotAcceptPayments', c.do_not_accept_payments,
  'type', (select k.name from customer_type k where k.id = c.customer_type_id),
  'address', nullif(concat_ws(', ', c.address_line_1, c.address_line_2), ''), 'town', concat_ws(' ', c.city, c.state, c.zip),
  'phone', c.phone, 'email', c.email, 'emailNotices', c.email_notices, 'badDebt', c.bad_debt, 'sentToCollections', c.sent_to_collections,
  'budgetBilling', c.budget_billing, 'webUser', c.web_user,
  'collectionCode', (select json_build_object('code', k.code, 'name', k.name, 'displayWarning', k.display_warning)
    from collection_code k where k.id = c.collection_code_id))`

const LOCATION = sql`json_build_object('id', n.id, 'number', n.number, 'serviceAddress', n.service_address, 'town', concat_ws(' ', n.city, n.state, n.zip), 'onLien', n.on_lien,
  'cycle', (select k.code || ' ' || k.name from cycle k where k.id = n.cycle_id), 'route', (select k.code || ' ' || k.name from route k where k.id = n.route_id),
  'revenueClass', (select k.code || ' ' || k.name from revenue_class k where k.id = n.revenue_class_id), 'description', n.description,
  'parcelNumber', n.parcel_number, 'rental', n.rental, 'outOfTown', n.out_of_town,
  'ownerSet', n.rental and n.owner_customer_id is not null,
  'owner', (select json_build_object('number', w.number, 'name', w.name) from customer w where n.rental and w.id = n.owner_customer_id))`

const SERVICES = sql`(select coalesce(json_agg(json_build_object('id', s.id, 'code', s.code, 'name', s.name, 'active', s.active,
    'subject', s.subject_to_certification, 'certificationPeriods', s.certification_periods, 'onAccount', x.id is not null,
    'balance', coalesce(w.balance, 0)::numeric(14,2)::text, 'credit', coalesce(w.credit, 0)::numeric(14,2)::text,
    'pastDue', coalesce(w.past_due, 0)::numeric(14,2)::text, 'periods', coalesce(w.periods, '[]')) order by s.sort, s.code), '[]')
  from service s left join account_service x on x.service_id = s.id and x.account_id = a.id
  left join (select service_id, sum(unpaid) as balance, sum(unpaid) filter (where aging_period = 'infinity') as credit,
      sum(unpaid) filter (where late and aging_period <> 'infinity') as past_due,
      json_agg(json_build_object('period', aging_period, 'unpaid', unpaid::text, 'due', due) order by aging_period desc)
        filter (where unpaid > 0 and aging_period <> 'infinity') as periods
    from own group by service_id) w on w.service_id = s.id
  where s.id <> 0 and (x.id is not null or w.service_id is not null))`

function deposits(asOf: AtDay): SQL {
  if (asOf === undefined) {
    return sql`(select coalesce(-sum(b.balance), 0)::numeric(14,2)::text from ledger.deposit_balance b where b.account_id = a.id)`
  }
  return sql`(select coalesce(-sum(p.amount), 0)::numeric(14,2)::text from ledger.transaction t
    join ledger.posting p on p.period = t.period and p.transaction_id = t.id and p.subledger = 'deposit'
    where t.account_id = a.id and ${dated(asOf)})`
}

/** The latest charges of one date and type, together: a bill may be one transaction for each service. */
const lastBill = (
  asOf: AtDay,
): SQL => sql`(select json_build_object('date', t.transaction_date, 'amount', sum(p.amount)::text,
    'due', max(${dueOf(sql`a.due_days`)}))
  from (select t.transaction_date, t.type from mine t where t.type in ('Bill', 'Pen', 'Int', 'Misc')
      and ${dated(asOf)} and ${standing(asOf)} order by t.transaction_date desc, t.type = 'Bill' desc, t.id desc limit 1) z
  join mine t on t.transaction_date = z.transaction_date and t.type = z.type and ${standing(asOf)}
  join ledger.posting p on p.period = t.period and p.transaction_id = t.id and p.subledger = 'utility' group by t.transaction_date)`

/** The latest payment that stands here: one moved to another account is that one's, by the date of its transfer. */
const lastPayment = (asOf: AtDay): SQL => sql`(select json_build_object('date', z.transaction_date, 'amount', (
      select (-sum(p.amount))::text from ledger.posting p where p.period = z.period and p.transaction_id = z.id and p.subledger = 'utility'))
  from (select t.* from mine t where (t.type = 'Pmt' or t.type = 'Xfer' and t.source_key like 'transfer/%/to')
      and ${dated(asOf)} and ${standing(asOf)} and ${notMoved(asOf)}
    order by t.transaction_date desc, t.id desc limit 1) z)`

const neighbour = (side: SQL): SQL =>
  sql`(select x.number from beside x where x.nearness ${side} 0 order by abs(x.nearness) limit 1)`
