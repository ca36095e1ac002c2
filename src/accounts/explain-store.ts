import { type SQL, sql } from 'drizzle-orm'
import type { Day } from '../ledger/calendar.ts'
import type { CreatedFacts } from '../tax-certification/explain-rules.ts'
import { dated } from './sums.ts'

export interface Move {
  id: string
  date: Day
  type: string
  description: string
  amount: string
  reverses: string | null
  reversedBy: string | null
}

/** What moved one bucket of the account in `a`, oldest first, as json. Service '' is the account's own open credit. */
export const movesOf = (service: string, bucket: string, asOf: Day | undefined): SQL => sql`(
  select coalesce(json_agg(json_build_object('id', coalesce(t.number, t.id::text), 'date', t.transaction_date, 'type', t.type,
    'description', t.description, 'amount', x.amount::text,
    'reverses', (select coalesce(o.number, o.id::text) from ledger.transaction o where o.id = t.reverses_id),
    'reversedBy', (select coalesce(v.number, v.id::text) from ledger.transaction v where v.reverses_id = t.id)) order by t.transaction_date, t.id), '[]')
  from ledger.transaction t join lateral (select sum(p.amount) as amount from ledger.posting p join service s on s.id = p.service_id
      where p.period = t.period and p.transaction_id = t.id and p.subledger = 'utility' and s.code = ${service}
        and p.aging_period = ${bucket === 'open' ? 'infinity' : bucket}) x on x.amount is not null
  where t.account_id = a.id and ${dated(asOf)})`

export interface CertifiedYear {
  id: number
  date: Day
  fee: string
  updatedDate: Day | null
  withdrawn: boolean
  runId: string | null
  /** What the rule used, as the run kept it; null where it is not on record. */
  facts: CreatedFacts | null
  lines: { service: string; name: string; period: Day; certified: string; paidBefore: string; withdrawn: string }[]
}

/** The certifications of one tax year of the account in `a`, each with its buckets, as json. */
export const certifiedYear = (taxYear: number): SQL => sql`(
  select coalesce(json_agg(json_build_object('id', k.id, 'date', k.date, 'fee', k.fee::text, 'updatedDate', k.updated_date,
    'withdrawn', k.withdrawn_at is not null,
    'runId', coalesce(k.run_number, (select coalesce(r.number, r.id::text) from ledger.run r where r.id = k.run_id and r.kind <> 'town.import')),
    'facts', (select s.facts from ledger.staged_account s join ledger.run r on r.id = s.run_id where s.account_id = k.account_id
      and r.kind = 'tax-certification.create-records' and case when k.run_number is null then r.id = k.run_id else r.number = k.run_number end),
    'lines', (select json_agg(json_build_object('service', s.code, 'name', s.name, 'period', l.aging_period, 'certified', l.certified::text,
        'paidBefore', l.paid_before::text, 'withdrawn', l.withdrawn::text) order by s.sort, s.code, l.aging_period desc)
      from ledger.certification_line l join service s on s.id = l.service_id where l.certification_id = k.id)) order by k.date, k.id), '[]')
  from ledger.certification k where k.account_id = a.id and k.tax_year = ${taxYear})`
