import { sql } from 'drizzle-orm'
import { type Db, one, rows } from '../db/db.ts'
import { type Money, money } from '../ledger/money.ts'
import { plainParcel } from './layout-line-rules.ts'
import type { PaymentLine } from './payment-file.ts'
import { setRows } from './set-rows.ts'

export interface PaymentAccount {
  id: number
  version: string
  isPrivate: boolean
  balance: Money
  balances: { taxYear: number; balance: Money }[]
  /** Lines of the file that mean this account and no other. */
  lines: number[]
}

type Raw = Omit<PaymentAccount, 'balance' | 'balances'> & {
  balance: string
  balances: { taxYear: number; balance: string }[]
}

/**
 * The account that each line names, by one statement: by number, else by parcel (letters and digits compared) among the
 * accounts that have a certification balance of the line's tax year. A line that names none or several names nobody.
 */
export async function paymentAccounts(db: Db, lines: PaymentLine[]): Promise<PaymentAccount[]> {
  const asked = lines
    .filter(({ fault }) => fault === undefined)
    .map(({ line, account, parcel, taxYear }) => ({ line, account, parcel: plainParcel(parcel), year: taxYear }))
  const found = await setRows<Raw>(
    db,
    sql`
    with asked as materialized (select * from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as x(line int, account text, parcel text, year int)),
      parcels as materialized (select a.id, b.tax_year, ${PARCEL} as parcel
        from account a join location n on n.id = a.location_id join ledger.certified_balance b on b.account_id = a.id where n.parcel_number <> ''),
      matched as (
        select q.line, a.id from asked q join account a on a.number = q.account where q.account <> ''
        union all select q.line, p.id from asked q join parcels p on p.parcel = q.parcel and p.tax_year = q.year where q.account = ''),
      single as (select line, min(id) as id from matched group by line having count(*) = 1)
    select a.id, l.version::text, not c.public as "isPrivate", jsonb_agg(s.line order by s.line) as lines,
      coalesce((select sum(unpaid) from ledger.open_item where account_id = a.id), 0)::text as balance,
      coalesce((select jsonb_agg(jsonb_build_object('taxYear', tax_year, 'balance', balance::text)) from ledger.certified_balance where account_id = a.id), '[]') as balances
    from single s join account a on a.id = s.id join customer c on c.id = a.customer_id join ledger.account_ledger l on l.account_id = a.id
    group by a.id, l.version, c.public order by a.id`,
  )
  return found.map((raw) => ({
    ...raw,
    balance: money(raw.balance),
    balances: raw.balances.map((year) => ({ ...year, balance: money(year.balance) })),
  }))
}

/** `plainParcel` in SQL. */
const PARCEL = sql`upper(regexp_replace(coalesce(n.parcel_number, ''), '[^[:alnum:]]', '', 'g'))`

/** Whether a file names an account or a parcel of a private customer. Needs the pool that sees all. */
export async function namesPrivate(db: Db, content: string): Promise<boolean> {
  const found = await one<{ yes: boolean }>(
    db,
    sql`
    with file as materialized (select ${content}::text as words, ${plainParcel(content)}::text as letters),
      hidden as (select a.number, ${PARCEL} as parcel
        from account a join customer c on c.id = a.customer_id and not c.public join location n on n.id = a.location_id)
    select exists (select from file, hidden where position(hidden.number in file.words) > 0
      or hidden.parcel <> '' and position(hidden.parcel in file.letters) > 0) as yes`,
  )
  return found?.yes ?? false
}

/** Which of these source keys are in force. */
export async function takenKeys(db: Db, keys: string[]): Promise<Set<string>> {
  const found = await rows<{ key: string }>(
    db,
    sql`select source_key as key from ledger.live_source where source_key in
      (select value from jsonb_array_elements_text(${JSON.stringify(keys)}::jsonb))`,
  )
  return new Set(found.map((row) => row.key))
}
