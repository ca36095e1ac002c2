import { type SQL, sql } from 'drizzle-orm'
import { type AtDay, dated } from './sums.ts'

/**
 * The certifications of the account in `a` by tax year, newest first, as json: `balance` from postings only;
 * `certified` less withdrawn and paid before update; `notUpdated` = certified of rows that are not updated, without fee.
 */
export const certificationsOf = (asOf: AtDay): SQL => sql`(
  select coalesce(json_agg(json_build_object('taxYear', tax_year, 'balance', coalesce(b.balance, 0)::numeric(14,2)::text,
    'certified', coalesce(c.certified, 0)::numeric(14,2)::text, 'fee', coalesce(c.fee, 0)::numeric(14,2)::text,
    'notUpdated', coalesce(c.not_updated, 0)::numeric(14,2)::text) order by tax_year desc), '[]')
  from (${balances(asOf)}) b full join (${certified(asOf)}) c using (tax_year))`

function balances(asOf: AtDay): SQL {
  if (asOf === undefined) {
    return sql`select k.tax_year, k.balance from ledger.certified_balance k where k.account_id = a.id`
  }
  return sql`select p.tax_year, sum(p.amount) as balance from ledger.transaction t
    join ledger.posting p on p.period = t.period and p.transaction_id = t.id and p.subledger = 'certified'
    where t.account_id = a.id and ${dated(asOf)} group by 1 having sum(p.amount) <> 0`
}

function certified(asOf: AtDay): SQL {
  const [made, updated] =
    asOf === undefined ? [sql`true`, sql`true`] : [sql`k.date <= ${asOf}`, sql`k.updated_date <= ${asOf}`]
  return sql`select k.tax_year, sum(l.certified) as certified, sum(case when k.withdrawn_at is null then k.fee else 0 end) as fee,
      sum(l.certified) filter (where k.withdrawn_at is null and not (k.updated_date is not null and ${updated})) as not_updated
    from ledger.certification k
    join lateral (select sum(l.certified - l.paid_before - l.withdrawn) as certified from ledger.certification_line l where l.certification_id = k.id) l on true
    where k.account_id = a.id and ${made} group by k.tax_year`
}
