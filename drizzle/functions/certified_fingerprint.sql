-- The facts of Update Customer Balances: what is unpaid now in the buckets that the account's certifications name.
create or replace function ledger.certified_fingerprint(p_account int) returns text language sql stable
  set search_path = pg_catalog, ledger, pg_temp as $$
  select coalesce(md5(string_agg(concat_ws('/', o.service_id, o.aging_period, o.unpaid), ' ' order by o.service_id, o.aging_period)), '-')
  from open_item o where o.account_id = p_account and exists (
    select from certification c join certification_line l on l.certification_id = c.id
    where c.account_id = p_account and l.service_id = o.service_id and l.aging_period = o.aging_period)
$$;
