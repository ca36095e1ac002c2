-- The facts of Update Customer Balances: what is unpaid now in the buckets that the accounts' certifications name. Whole
-- sets and no nested loops: what a large run has just posted has no statistics yet.
create or replace function ledger.certified_fingerprints(p_accounts int[]) returns table (account_id int, fingerprint text)
  language sql stable set search_path = pg_catalog, ledger, pg_temp set enable_nestloop = off as $$
  with mine as materialized (select unnest(p_accounts) as account_id)
  select m.account_id, coalesce(md5(string_agg(concat_ws('/', o.service_id, o.aging_period, o.unpaid), ' ' order by o.service_id, o.aging_period)), '-')
  from mine m
  left join (select distinct c.account_id, l.service_id, l.aging_period from certification c join certification_line l on l.certification_id = c.id
    where c.account_id in (select account_id from mine)) n on n.account_id = m.account_id
  left join open_item o on o.account_id = n.account_id and o.service_id = n.service_id and o.aging_period = n.aging_period
  group by m.account_id
$$;
