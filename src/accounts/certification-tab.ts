import { sql } from 'drizzle-orm'
import type { Day } from '../ledger/calendar.ts'
import type { AccountRow } from './store.ts'
import { dated } from './sums.ts'
import { tab } from './tab.ts'

interface Certification {
  number: string
  taxYear: number
  date: Day
  certified: string
  fee: string
  parcelNumber: string | null
  noticeDate: Day | null
  updatedDate: Day | null
  countyFile: string | null
  countyMustBeTold: boolean
  withdrawn: boolean
  runId: string | null
}

interface BookLine {
  id: string
  date: Day
  type: string
  description: string
  taxYear: number
  amount: string
  reversedBy: string | null
}

interface Raw {
  made: Certification[]
  lines: BookLine[]
}

const WITHDRAWN = sql`(k.withdrawn_at is not null)`

/** Customer Inquiry > Certification: by tax year what was certified, its fee, what was paid and what is left. */
export const certificationTab = tab<Raw>({
  path: 'certification',
  label: 'Certification',
  need: 'certification.view',
  template: 'accounts/certification',
  count: (account) => account.certifications.length,
  sql: ({ asOf }) => sql`json_build_object(
    'made', (select coalesce(json_agg(json_build_object('number', coalesce(k.number, k.id::text), 'taxYear', k.tax_year, 'date', k.date, 'fee', k.fee::text,
        'certified', (select coalesce(sum(l.certified - l.paid_before - l.withdrawn), 0)::numeric(14,2)::text from ledger.certification_line l
          where l.certification_id = k.id), 'parcelNumber', k.parcel_number, 'noticeDate', k.notice_date, 'updatedDate', k.updated_date,
        'countyFile', k.county_file, 'countyMustBeTold', k.county_must_be_told, 'withdrawn', ${WITHDRAWN},
        'runId', coalesce(k.run_number, (select coalesce(r.number, r.id::text) from ledger.run r where r.id = k.run_id and r.kind <> 'town.import')))
      order by k.tax_year desc, k.id desc), '[]')
      from ledger.certification k where k.account_id = a.id and ${asOf === undefined ? sql`true` : sql`k.date <= ${asOf}`}),
    'lines', (select coalesce(json_agg(json_build_object('id', coalesce(t.number, t.id::text), 'date', t.transaction_date, 'type', t.type,
        'description', t.description, 'taxYear', x.tax_year, 'amount', x.amount::text,
        'reversedBy', (select coalesce(v.number, v.id::text) from ledger.transaction v where v.reverses_id = t.id))
      order by t.transaction_date, t.id), '[]')
      from ledger.transaction t join lateral (select p.tax_year, sum(p.amount) as amount from ledger.posting p
        where p.period = t.period and p.transaction_id = t.id and p.subledger = 'certified' group by p.tax_year) x on true
      where t.account_id = a.id and t.type in ('PAdj', 'Fee', 'CertPmt', 'CertAdj', 'NSF', 'Rev') and ${dated(asOf)}))`,
  present: (account: AccountRow, raw) => ({
    years: account.certifications.map((year) => ({
      ...year,
      made: raw.made.filter((each) => each.taxYear === year.taxYear),
      lines: raw.lines.filter((line) => line.taxYear === year.taxYear),
    })),
  }),
})
