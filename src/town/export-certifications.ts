import type { TransactionSql } from 'postgres'
import { CERTIFICATIONS, certificationColumns } from './files/certifications.ts'
import { RUN_NUMBER, utc } from './sql-out.ts'
import { cellOf, type OutRow, sortRows, writeTable } from './table-out.ts'

const KEY = ['certification', 'service', 'ages_in', 'status']

// A line is up to three rows: what was paid before the update, what was withdrawn, and the rest by the state it is in.
const QUERY = `
  select coalesce(c.number, c.id::text) as certification, a.number as account_number, c.tax_year::text as tax_year, c.date::text as date,
    s.code as service, r.amount::text as amount, c.fee::text as fee, c.updated_date::text as updated_date, r.status,
    l.aging_period::text as ages_in, ${RUN_NUMBER('c')} as run, coalesce(p.number, p.id::text) as padj,
    coalesce(f.number, f.id::text) as fee_transaction, c.county_file, c.county_must_be_told::text as county_must_be_told,
    c.parcel_number, c.notice_date::text as notice_date, ${utc('c.withdrawn_at')} as withdrawn_at, c.withdrawal_reason,
    (select coalesce(x.number, x.id::text) from ledger.run x where x.id = c.updated_run_id) as updated_run,
    (select coalesce(x.number, x.id::text) from ledger.run x where x.id = c.county_run_id) as county_run
  from ledger.certification c join ledger.certification_line l on l.certification_id = c.id
  join public.account a on a.id = c.account_id join public.service s on s.id = l.service_id join ledger.run run on run.id = c.run_id
  left join ledger.transaction p on p.id = c.padj_id left join ledger.transaction f on f.id = c.fee_transaction_id,
  lateral (select status, sum(amount) as amount from (values
      (case when c.withdrawn_at is not null then 'withdrawn' when c.updated_date is not null then 'updated' else 'certified' end,
        l.certified - l.paid_before - l.withdrawn),
      ('paid_before', l.paid_before), ('withdrawn', l.withdrawn)) x(status, amount)
    where amount > 0 group by status) r`

export async function exportCertifications(reading: TransactionSql, folder: string): Promise<number> {
  const found = await reading.unsafe<Record<string, string | null>[]>(QUERY)
  const rows = sortRows(
    found.map((row) => certificationColumns.map((column) => cellOf(column, row[column.name]))),
    certificationColumns,
    KEY,
  )
  feeOnce(rows)
  return writeTable(folder, CERTIFICATIONS, certificationColumns, rows)
}

const place = (name: string) => certificationColumns.findIndex((column) => column.name === name)

/** The fee is the certification's: it stands on its first row. */
function feeOnce(rows: OutRow[]): void {
  const [number, fee] = [place('certification'), place('fee')]
  for (const [at, row] of rows.entries()) if (at > 0 && rows[at - 1]?.[number] === row[number]) row[fee] = ''
}
