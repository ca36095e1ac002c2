import { sql } from 'drizzle-orm'
import { type Db, one } from '../db/db.ts'
import { type Day, monthEnd } from '../ledger/calendar.ts'
import { money } from '../ledger/money.ts'
import { type Posted, post } from '../ledger/post.ts'
import type { NewPosting, NewTransaction } from '../ledger/transaction.ts'

/** Accounts 1.01 … n.01 with water, sewer and garbage; GL accounts and settings for every kind of transaction. */
export async function smallTown(db: Db, accounts = 3): Promise<void> {
  await db.execute(sql`insert into gl_account (number, name, type) values ('1010', 'Cash', 'asset'), ('1110', 'Receivable water', 'asset'),
    ('1120', 'Receivable sewer', 'asset'), ('1130', 'Receivable garbage', 'asset'), ('1150', 'Certified to taxes', 'asset'),
    ('4110', 'Water revenue', 'revenue'), ('4120', 'Sewer revenue', 'revenue'), ('4130', 'Garbage revenue', 'revenue'),
    ('4900', 'Certification fees', 'revenue'), ('2100', 'Open credit', 'liability'), ('2200', 'Customer deposits', 'liability'),
    ('4990', 'Write-offs', 'expense'), ('1090', 'Transfers', 'asset'), ('3900', 'Opening balances', 'equity')`)
  await db.execute(sql`insert into service (code, name, kind, sort, subject_to_certification, certification_periods, subject_to_penalty, receivable_gl, revenue_gl)
    select x.code, x.name, x.kind, x.sort, true, 2, true, (select id from gl_account where number = x.r), (select id from gl_account where number = x.v)
    from (values ('WA', 'Water', 'metered', 1, '1110', '4110'), ('SE', 'Sewer', 'metered', 2, '1120', '4120'),
      ('GA', 'Garbage', 'flat', 3, '1130', '4130')) as x(code, name, kind, sort, r, v)`)
  await db.execute(sql`insert into setting (name, value) values ('name', 'Testville'), ('timezone', 'America/Chicago'), ('current_period', '2026-04-30'),
    ('cash_gl', '1010'), ('certification_receivable_gl', '1150'), ('certification_fee_gl', '4900'), ('open_credit_gl', '2100'),
    ('deposit_gl', '2200'), ('write_off_gl', '4990'), ('transfer_gl', '1090'), ('opening_gl', '3900')`)
  for (const end of ['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30', '2026-05-31']) {
    await db.execute(sql`select ledger.ensure_period(${end}::date)`)
  }
  await db.execute(
    sql`insert into customer (number, name) select n::text, 'Customer ' || n from generate_series(1, ${accounts}::int) n`,
  )
  await db.execute(
    sql`insert into location (number, service_address) select n::text, n || ' Main St' from generate_series(1, ${accounts}::int) n`,
  )
  await db.execute(sql`insert into account (number, customer_id, location_id, account_status_id, connect_date)
    select c.number || '.01', c.id, l.id, (select id from account_status where code = 'CURRENT'), '2026-01-01'
    from customer c join location l on l.number = c.number`)
  await db.execute(
    sql`insert into account_service (account_id, service_id, connect_date) select a.id, s.id, '2026-01-01' from account a, service s where s.id <> 0`,
  )
}

/** GL ids and service ids by number and code, and each account's id. */
export async function ids(db: Db) {
  const row = await one<{
    gl: Record<string, number>
    service: Record<string, number>
    account: Record<string, number>
  }>(
    db,
    sql`select
    (select jsonb_object_agg(number, id) from gl_account) as gl, (select jsonb_object_agg(code, id) from service) as service,
    (select jsonb_object_agg(number, id) from account) as account`,
  )
  if (!row) throw new Error('no town')
  return row
}

const RECEIVABLE: Record<string, string> = { WA: '1110', SE: '1120', GA: '1130' }
const REVENUE: Record<string, string> = { WA: '4110', SE: '4120', GA: '4130' }

/** A transaction with lines of `service, bucket, amount` on the utility book against revenue (charges) or cash. */
export async function transaction(
  db: Db,
  given: { account: string; type?: NewTransaction['type']; date: Day; source?: string; link?: string },
  lines: [service: string, bucket: Day | 'open', amount: string][],
): Promise<NewTransaction> {
  const { gl, service, account } = await ids(db)
  const type = given.type ?? 'Bill'
  const utility: NewPosting[] = lines.map(([code, aging, amount]) => {
    return {
      gl: gl[RECEIVABLE[code] ?? '2100'] ?? 0,
      book: 'utility',
      service: service[code] ?? 0,
      aging,
      amount: money(amount),
    }
  })
  const counter: NewPosting[] = lines.map(([code, , amount]) => {
    const number = type === 'Pmt' ? '1010' : (REVENUE[code] ?? '1010')
    return { gl: gl[number] ?? 0, book: 'general', amount: money(amount).times('-1') }
  })
  return {
    accountId: account[given.account] ?? 0,
    type,
    date: given.date,
    period: monthEnd(given.date),
    description: type,
    sourceKey: given.source ?? `test/{id}`,
    link: given.link,
    postings: [...utility, ...counter],
  }
}

export async function version(db: Db, account: string) {
  const row = await one<{ id: number; version: string }>(
    db,
    sql`select a.id, l.version::text from account a
    join ledger.account_ledger l on l.account_id = a.id where a.number = ${account}`,
  )
  if (!row) throw new Error(`no account ${account}`)
  return row
}

/** Posts transactions of one account with its present version. */
export async function posted(db: Db, account: string, transactions: NewTransaction[]): Promise<Posted> {
  return post(db, { kind: 'test', actor: 0, accounts: [await version(db, account)], transactions })
}

/** `WA 2026-01-31 10.00` per open bucket of the account, in order. */
export async function buckets(db: Db, account: string): Promise<string[]> {
  const found = await db.execute<{
    line: string
  }>(sql`select s.code || ' ' || case when o.aging_period = 'infinity' then 'open' else o.aging_period::text end
    || ' ' || o.unpaid as line from ledger.open_item o join service s on s.id = o.service_id join account a on a.id = o.account_id
    where a.number = ${account} order by s.sort, s.code, o.aging_period`)
  return found.map((row) => row.line)
}
