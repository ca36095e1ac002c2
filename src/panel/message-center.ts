import { type SQL, sql } from 'drizzle-orm'
import { countOf, dated, NO_CHECKS } from '../accounts/sums.ts'
import type { Asking } from '../accounts/tab.ts'
import { autoPaymentMethod } from '../auto-payment/mark.ts'
import { acceptsChecks } from '../customers/rules.ts'
import { shownName } from '../db/shown-name.ts'
import type { Day } from '../ledger/calendar.ts'
import { moneyText } from '../web/format.ts'

/** Whom and what a line is about, in SQL that sees the account as `a`. */
interface Subject {
  /** Id of the customer, or of the owner. */
  person: SQL
  /** Ids of the accounts that count: this one on the Customer tab, the owner's own on the Owner tab. */
  accounts: SQL
}

/** A line of the Message Center: computed, never typed [001-088]. A feature adds its own to `MESSAGES`. */
interface MessageLine<Raw = never> {
  label: string
  /** Json of what it says, in the account's one statement. */
  sql(of: Subject, asked: Asking): SQL
  says(raw: Raw): string
  /** Something to look out for: shown in red. */
  bad?(raw: Raw): boolean
  /** Where it leads, behind the account's panel address. */
  href?: string
}

const line = <Raw>(declared: MessageLine<Raw>): MessageLine => declared

const yesNo = (raw: boolean): string => (raw ? 'Yes' : 'No')
const flag = (column: string) => (of: Subject) =>
  sql`(select c.${sql.raw(column)} from customer c where c.id = ${of.person})`

interface Checks {
  returned: number
  after: number
  checkMethods: string[]
  doNotAcceptPayments: boolean
  disallowedPayMethods: string[]
}

/** The Message Center's lines in the source's order [001-089 to 001-096]. */
const MESSAGES: readonly MessageLine[] = [
  line<number>({
    label: 'Open Service Orders',
    sql: ({
      accounts,
    }) => sql`(select count(*) from service_order o where o.completed is null and exists (select from account x
      where x.location_id = o.location_id and (x.customer_id = o.customer_id or o.customer_id is null) and x.id in (${accounts})))`,
    says: String,
    href: 'service-orders',
  }),
  line<string | null>({
    label: 'Automatic Payment',
    sql: ({ person }) => autoPaymentMethod(person),
    says: (raw) => raw ?? 'None',
  }),
  line<boolean>({ label: 'Email Bill', sql: flag('email_notices'), says: yesNo }),
  line<boolean>({ label: 'Budget Bill', sql: flag('budget_billing'), says: yesNo }),
  line<Checks | null>({
    label: 'Accept Checks',
    sql: (
      of,
      asked,
    ) => sql`(select json_build_object('returned', ${countOf('nsf', asked, of.accounts)}, 'after', ${NO_CHECKS},
        'checkMethods', (select coalesce(json_agg(m.code), '[]') from payment_method m where m.kind = 'check' and m.active),
        'doNotAcceptPayments', c.do_not_accept_payments, 'disallowedPayMethods', c.disallowed_pay_methods)
      from customer c where c.id = ${of.person})`,
    says: (raw) => yesNo(raw !== null && acceptsChecks(raw)),
    bad: (raw) => raw !== null && !acceptsChecks(raw),
  }),
  line<number>({
    label: 'NSF (last 12 Months)',
    sql: (of, asked) => countOf('nsf', asked, of.accounts),
    says: String,
    bad: (raw) => raw > 0,
  }),
  line<number>({
    label: 'Late Charges (last 12 Months)',
    sql: (of, asked) => countOf('late', asked, of.accounts),
    says: String,
  }),
  line<string>({ label: 'Deposits holding', sql: (of, asked) => deposits(of, asked.asOf), says: moneyText }),
]

function deposits({ accounts }: Subject, asOf: Day | undefined): SQL {
  if (asOf === undefined) {
    return sql`(select coalesce(-sum(b.balance), 0)::numeric(14,2)::text from ledger.deposit_balance b where b.account_id in (${accounts}))`
  }
  return sql`(select (-s.sum)::text from (${postedUntil(accounts, sql`'deposit'`, asOf)}) s)`
}

/** What was posted on a book of the accounts up to a day, inclusive. */
const postedUntil = (accounts: SQL, book: SQL, asOf: Day): SQL =>
  sql`select coalesce(sum(p.amount), 0)::numeric(14,2) as sum from ledger.transaction t
    join ledger.posting p on p.period = t.period and p.transaction_id = t.id and p.subledger = ${book}
    where t.account_id in (${accounts}) and ${dated(asOf)}`

export interface MessageNote {
  id: number
  level: string
  subject: string
  text: string | null
  created: Day
  by: string | null
}

export interface Messages {
  lines: unknown[]
  notes: MessageNote[]
  /** Of all the owner's accounts; null for the customer, whose balance the account has already. */
  balance: string | null
}

/**
 * Notes flagged for the Message Center [001-097]: a customer's own at all its locations, the account's only here. On the
 * Owner tab the owner's own alone. Location notes stand in the location's Message Center.
 */
const notes = (of: Subject, who: 'customer' | 'owner', { asOf }: Asking): SQL =>
  sql`(select coalesce(json_agg(json_build_object('id', o.id, 'level', o.level, 'subject', o.subject, 'text', o.text, 'created', o.created,
      'by', (select ${shownName()} from app_user u where u.id = o.changed_by and u.id <> 0)) order by o.created desc, o.id desc), '[]')
    from note o where o.message_center and o.customer_id = ${of.person} and ${asOf === undefined ? sql`true` : sql`o.created <= ${asOf}`}
      and (o.level = 'customer'${who === 'customer' ? sql` or o.level = 'account' and o.location_id = a.location_id` : sql``}))`

/** Json of the Message Center of a person, with the account in `a`. */
export function messageCenter(person: SQL, who: 'customer' | 'owner', asked: Asking): SQL {
  const accounts = who === 'customer' ? sql`a.id` : sql`select x.id from account x where x.customer_id = ${person}`
  const of = { person, accounts }
  const lines = sql.join(
    MESSAGES.map((each) => sql`(${each.sql(of, asked)})`),
    sql`, `,
  )
  return sql`json_build_object('lines', json_build_array(${lines}), 'notes', ${notes(of, who, asked)},
    'balance', ${who === 'customer' ? sql`null` : balance(accounts, asked.asOf)})`
}

function balance(accounts: SQL, asOf: Day | undefined): SQL {
  if (asOf === undefined) {
    return sql`(select coalesce(sum(i.unpaid), 0)::numeric(14,2)::text from ledger.open_item i where i.account_id in (${accounts}))`
  }
  return sql`(select s.sum::text from (${postedUntil(accounts, sql`'utility'`, asOf)}) s)`
}

/** The lines in words; `at` is the account's panel address. */
export function messageLines(raw: Messages, at: string) {
  return MESSAGES.map(({ label, says, bad, href }, place) => ({
    label,
    text: says(raw.lines[place] as never),
    bad: bad?.(raw.lines[place] as never) ?? false,
    href: href === undefined ? '' : `${at}/${href}`,
  }))
}
