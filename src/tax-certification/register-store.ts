import { type SQL, sql } from 'drizzle-orm'
import { type Db, one, rows } from '../db/db.ts'
import type { Day } from '../ledger/calendar.ts'

export const REGISTER_KINDS = ['certifications', 'updates', 'payments', 'adjustments'] as const
export type RegisterKind = (typeof REGISTER_KINDS)[number]

export interface RegisterAsked {
  /** Dates from and to, both inclusive. */
  from: Day
  to: Day
  kinds: readonly RegisterKind[]
  taxYear?: number | undefined
}

/** A line of the Certification Register. `certified` and `fee` are the change of the certification book (of a certification: what was certified). */
export interface RegisterRow {
  kind: RegisterKind
  number: string
  date: Day
  type: string
  accountNumber: string
  customerName: string
  parcelNumber: string | null
  taxYear: number
  description: string
  reference: string | null
  certified: string
  fee: string
  /** Change of the utility balance. */
  utility: string
}

export interface RegisterTotal {
  kind: RegisterKind
  count: number
  certified: string
  fee: string
  utility: string
}

/**
 * The Certification Register (domain.md 2.20): certifications by their date, and what was posted: updates (PAdj, Fee),
 * payments and adjustments, each with its reversals, so that the totals are what the books moved.
 */
export function certificationRegister(
  db: Db,
  asked: RegisterAsked,
  page?: { limit: number; offset: number },
): Promise<RegisterRow[]> {
  const part = page ? sql`limit ${page.limit} offset ${page.offset}` : sql``
  return rows<RegisterRow>(
    db,
    sql`select r.kind, r.number, r.date, r.type, r."accountNumber", r."customerName", r."parcelNumber", r."taxYear", r.description, r.reference,
      r.certified::numeric(14,2)::text as certified, r.fee::numeric(14,2)::text as fee, r.utility::numeric(14,2)::text as utility from (${register(asked)}) r order by r.date, r.place, r.id ${part}`,
  )
}

export async function registerTotals(db: Db, asked: RegisterAsked): Promise<{ count: number; kinds: RegisterTotal[] }> {
  const kinds = await rows<RegisterTotal>(
    db,
    sql`select r.kind, count(*)::int as count, sum(r.certified)::numeric(14,2)::text as certified, sum(r.fee)::numeric(14,2)::text as fee,
      sum(r.utility)::numeric(14,2)::text as utility
      from (${register(asked)}) r group by r.kind, r.place order by r.place`,
  )
  return { kinds, count: kinds.reduce((count, kind) => count + kind.count, 0) }
}

const PLACES: Record<RegisterKind, number> = { certifications: 1, updates: 2, payments: 3, adjustments: 4 }

function register(asked: RegisterAsked): SQL {
  const chosen = asked.kinds.map((kind) => PLACES[kind])
  const year = (column: SQL) => (asked.taxYear === undefined ? sql`` : sql`and ${column} = ${asked.taxYear}`)
  const range = (column: SQL) => sql`${column} between ${asked.from}::date and ${asked.to}::date`
  return sql`
    select x.*, a.number as "accountNumber", u.name as "customerName", n.parcel_number as "parcelNumber",
      (array['certifications', 'updates', 'payments', 'adjustments'])[x.place] as kind
    from (
      select 1 as place, c.id::bigint as id, coalesce(c.number, c.id::text) as number, c.date, 'Certification' as type, c.account_id, c.tax_year::int as "taxYear",
        case when c.withdrawn_at is not null then 'Withdrawn' when c.updated_date is not null then 'Updated' else 'Not yet updated' end as description,
        null::text as reference, l.certified, case when c.withdrawn_at is null then c.fee else 0 end as fee, 0::numeric as utility
      from ledger.certification c join lateral (select sum(certified - paid_before - withdrawn) as certified from ledger.certification_line
        where certification_id = c.id) l on true
      where ${range(sql`c.date`)} ${year(sql`c.tax_year`)}
      union all
      select case coalesce(o.type, t.type) when 'CertPmt' then 3 when 'CertAdj' then 4 else 2 end, t.id, coalesce(t.number, t.id::text), t.transaction_date,
        t.type, t.account_id, p.tax_year, t.description, t.reference,
        p.certified - case when coalesce(o.type, t.type) = 'Fee' then p.certified else 0 end,
        case when coalesce(o.type, t.type) = 'Fee' then p.certified else 0 end, p.utility
      from ledger.transaction t left join ledger.transaction o on o.id = t.reverses_id
      join lateral (select max(p.tax_year)::int as tax_year, coalesce(sum(p.amount) filter (where p.subledger = 'certified'), 0) as certified,
          coalesce(sum(p.amount) filter (where p.subledger = 'utility'), 0) as utility
        from ledger.posting p where p.period = t.period and p.transaction_id = t.id) p on true
      where coalesce(o.type, t.type) in ('PAdj', 'Fee', 'CertPmt', 'CertAdj') and ${range(sql`t.transaction_date`)} ${year(sql`p.tax_year`)}
    ) x join account a on a.id = x.account_id join customer u on u.id = a.customer_id join location n on n.id = a.location_id
    where x.place in ${chosen.length === 0 ? [0] : chosen}`
}

/** What the register opens with: the days of this year's certifications, else this year. */
export async function registerRange(db: Db, today: Day): Promise<{ from: Day; to: Day }> {
  const found = await one<{ from: Day | null }>(
    db,
    sql`select min(date) as from from ledger.certification where tax_year = (select max(tax_year) from ledger.certification)`,
  )
  return { from: found?.from ?? `${today.slice(0, 4)}-01-01`, to: today }
}
