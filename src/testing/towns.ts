import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'csv-parse/sync'
import { type SQL, sql } from 'drizzle-orm'
import { type Db, one, rows } from '../db/db.ts'
import { makeBook, OPEN } from '../ledger/book.ts'
import { periodOf } from '../ledger/calendar.ts'
import { cents, fromCents, money } from '../ledger/money.ts'
import type { TransactionType } from '../ledger/other-side.ts'
import type { NewPosting, NewTransaction } from '../ledger/transaction.ts'
import { makeStaging } from '../runs/staging.ts'

/** The town of the golden case: one account, 204.55 to certify (contract.md 3). */
export const GOLDEN = path.join(import.meta.dirname, 'towns/golden-2011')

/** A town of 900 accounts, kept beside the repository; undefined where it is not there. */
export function millbrook(): { folder: string; expected: MillbrookFigures } | undefined {
  const towns = path.join(import.meta.dirname, '../../../shared/towns')
  if (!existsSync(path.join(towns, 'millbrook'))) return undefined
  const expected = JSON.parse(readFileSync(path.join(towns, 'millbrook.expected.json'), 'utf8'))
  return { folder: path.join(towns, 'millbrook'), expected }
}

export interface MillbrookFigures {
  accounts: number
  receivable: string
  certify: {
    accounts: number
    amount: string
    fees: string
    by_service: Record<string, string>
    without_parcel: number
  }
  samples: Record<string, { balance: string; certify: Record<string, string> }>
}

type Row = Record<string, string>

function read(folder: string, name: string): Row[] {
  const file = path.join(folder, `${name}.csv`)
  return existsSync(file) ? (parse(readFileSync(file), { columns: true }) as Row[]) : []
}

/**
 * Loads the files of a town folder that tests of money need, straight into the tables; its history is posted through
 * the ledger as one run. For tests: it trusts the folder, which the product's own import does not.
 */
export async function loadTown(db: Db, folder: string): Promise<void> {
  const load = (name: string, statement: (list: SQL) => SQL) =>
    db.execute(statement(sql`jsonb_to_recordset(${JSON.stringify(read(folder, name))}::jsonb)`))
  await loadSetup(load)
  await loadCustomers(load)
  await postHistory(db, folder)
}

const closedPeriods = (folder: string) =>
  read(folder, 'periods')
    .filter((row) => row.closed === 'yes')
    .map((row) => row.end_date)

type Load = (name: string, statement: (list: SQL) => SQL) => Promise<unknown>

async function loadSetup(load: Load): Promise<void> {
  await load(
    'gl_accounts',
    (list) =>
      sql`insert into gl_account (number, name, type) select number, name, type from ${list} as x(number text, name text, type text)`,
  )
  await load(
    'services',
    (list) => sql`
    insert into service (code, name, kind, sort, subject_to_certification, certification_periods, subject_to_penalty, receivable_gl, revenue_gl)
    select x.code, x.name, x.kind, x.sort, x.subject_to_certification, x.certification_periods, x.subject_to_penalty,
      (select id from gl_account where number = x.receivable_gl), (select id from gl_account where number = x.revenue_gl)
    from ${list} as x(code text, name text, kind text, sort int, subject_to_certification boolean, certification_periods int,
      subject_to_penalty boolean, receivable_gl text, revenue_gl text)`,
  )
  await load(
    'organization',
    (list) => sql`insert into setting (name, value) select setting, value from ${list} as x(setting text, value text)`,
  )
  await load(
    'payment_allocation',
    (list) => sql`insert into payment_allocation (list, position, service_id)
      select x.list, x.position, (select id from service where code = x.service) from ${list} as x(list text, position int, service text)`,
  )
  await load(
    'collection_codes',
    (list) => sql`insert into collection_code (code, name) select code, name from ${list} as x(code text, name text)`,
  )
  await load(
    'periods',
    (list) =>
      sql`insert into ledger.period (end_date) select end_date from ${list} as x(end_date date) on conflict do nothing`,
  )
}

async function loadCustomers(load: Load): Promise<void> {
  await load(
    'customers',
    (list) => sql`
    insert into customer (number, kind, name, public, bankrupt, collection_code_id, address_line_1, city, state, zip)
    select x.customer_number, x.kind, x.name, coalesce(nullif(x.public, ''), 'yes') = 'yes', coalesce(x.bankrupt, '') = 'yes',
      (select id from collection_code where code = x.collection_code), x.address_line_1, x.city, x.state, x.zip
    from ${list} as x(customer_number text, kind text, name text, public text, bankrupt text, collection_code text,
      address_line_1 text, city text, state text, zip text)`,
  )
  await load(
    'locations',
    (list) => sql`
    insert into location (number, service_address, city, state, zip, parcel_number, rental, owner_customer_id)
    select x.location_number, x.service_address, x.city, x.state, x.zip, nullif(x.parcel_number, ''), coalesce(x.rental, '') = 'yes',
      (select id from customer where number = x.owner_customer_number)
    from ${list} as x(location_number text, service_address text, city text, state text, zip text, parcel_number text, rental text,
      owner_customer_number text)`,
  )
  await load(
    'accounts',
    (list) => sql`
    insert into account (number, customer_id, location_id, connect_date, activity_status, account_status_id)
    select x.account_number, c.id, l.id, nullif(x.connect_date, '')::date, coalesce(nullif(x.activity_status, ''), 'Current'),
      (select id from account_status where code = 'CURRENT')
    from ${list} as x(account_number text, customer_number text, location_number text, connect_date text, activity_status text)
    join customer c on c.number = x.customer_number join location l on l.number = x.location_number`,
  )
  await load(
    'account_services',
    (list) => sql`
    insert into account_service (account_id, service_id, connect_date)
    select a.id, s.id, nullif(x.connect_date, '')::date from ${list} as x(account_number text, service text, connect_date text)
    join account a on a.number = x.account_number join service s on s.code = x.service`,
  )
}

interface Names {
  gl: Record<string, number>
  setting: Record<string, string>
  service: Record<string, { id: number; receivable: number; revenue: number }>
  account: Record<string, number>
  periods: string[]
}

async function names(db: Db): Promise<Names> {
  const found = await one<{ names: Names }>(
    db,
    sql`select jsonb_build_object(
    'gl', (select jsonb_object_agg(number, id) from gl_account), 'setting', (select jsonb_object_agg(name, value) from setting),
    'service', (select jsonb_object_agg(code, jsonb_build_object('id', id, 'receivable', receivable_gl, 'revenue', revenue_gl)) from service),
    'account', (select jsonb_object_agg(number, id) from account),
    'periods', (select jsonb_agg(end_date order by end_date) from ledger.period where end_date <> 'infinity')) as names`,
  )
  if (!found) throw new Error('no town')
  return found.names
}

async function postHistory(db: Db, folder: string): Promise<void> {
  const known = await names(db)
  const groups = Map.groupBy(read(folder, 'transactions'), (row) => row.transaction ?? '')
  const transactions = history(groups, known)
  const staging = makeStaging()
  for (const transaction of transactions) staging.transaction(transaction)
  for (const { id, version } of await rows<{ id: number; version: string }>(
    db,
    sql`select account_id as id, version::text from ledger.account_ledger`,
  )) {
    const none = money('0')
    staging.account({ accountId: id, fingerprint: version, before: none, after: none, facts: null, lines: [] })
  }
  const run = await one<{ id: number }>(
    db,
    sql`select ledger.start_run('town.import', '{}', '{}', 'version', 0)::int as id`,
  )
  await staging.flush(db, run?.id ?? 0, 0)
  await db.execute(sql`select ledger.post_import(${run?.id ?? 0}, ledger.prepare_run(${run?.id ?? 0}), 0, '{}',
    array(select value::date from jsonb_array_elements_text(${JSON.stringify(closedPeriods(folder))}::jsonb)))`)
  await db.execute(sql`select ledger.sweep_staged(${run?.id ?? 0})`)
}

function history(groups: Map<string, Row[]>, known: Names): NewTransaction[] {
  const book = makeBook()
  const seen = new Map<string, NewPosting[]>()
  const list: NewTransaction[] = []
  for (const [number, lines] of groups) {
    const [first] = lines
    if (!first) continue
    const date = first.date ?? ''
    const account = first.account_number ?? ''
    const period = first.period || periodOf(date, known.periods)
    const reversed = seen.get(first.reverses ?? '')
    const postings = reversed
      ? reversed.map((posting) => ({ ...posting, amount: posting.amount.times('-1') }))
      : lines.flatMap((line) => cut(line, period))
    if (reversed) {
      for (const line of postings) {
        if (line.book === 'utility')
          book.post(account, codeOf(line.service, known), line.aging ?? OPEN, cents(line.amount))
      }
    }
    seen.set(number, postings)
    list.push({
      accountId: known.account[account] ?? null,
      type: (reversed ? 'Adj' : first.type) as TransactionType,
      date,
      period,
      description: first.description ?? '',
      sourceKey: `import/${number}`,
      postings,
    })
  }
  return list

  function cut(line: Row, period: string): NewPosting[] {
    const code = line.service ?? ''
    const service = known.service[code]
    if (!service) throw new Error(`no service ${code}`)
    const amount = cents(money(line.amount ?? '0'))
    const account = line.account_number ?? ''
    const cuts = amount > 0n ? book.charge(account, code, period, amount) : book.retire(account, code, -amount)
    const utility = cuts.map((each): NewPosting => {
      return {
        gl: service.receivable,
        book: 'utility',
        service: service.id,
        aging: each.period,
        amount: fromCents(each.cents),
      }
    })
    const cash = line.type === 'Pmt' || line.type === 'NSF'
    const gl = cash ? (known.gl[known.setting.cash_gl ?? ''] ?? 0) : service.revenue
    return [...utility, { gl, book: 'general', service: cash ? undefined : service.id, amount: fromCents(-amount) }]
  }
}

const codeOf = (id: number | undefined, known: Names): string =>
  Object.entries(known.service).find(([, service]) => service.id === id)?.[0] ?? ''
