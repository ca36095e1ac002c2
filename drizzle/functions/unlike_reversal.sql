-- The first reversal of a run that is not the exact opposite of what it reverses, line by line and bucket by bucket.
create or replace function ledger.unlike_reversal(p_run bigint) returns bigint language plpgsql stable
  set search_path = pg_catalog, ledger, pg_temp as $$
declare v_bad bigint;
begin
  execute 'select min(id) from (
      select id from (
        select t.id, p.gl_account_id, p.subledger, p.account_id, p.service_id, p.tax_year, p.deposit_id, p.aging_period, p.amount
          from transaction t join posting p on p.period = t.period and p.transaction_id = t.id
          where t.run_id = $1 and t.reverses_id is not null
        union all
        select t.id, p.gl_account_id, p.subledger, p.account_id, p.service_id, p.tax_year, p.deposit_id, p.aging_period, p.amount
          from transaction t join transaction o on o.id = t.reverses_id
          join posting p on p.period = o.period and p.transaction_id = o.id
          where t.run_id = $1) both_sides
      group by id, gl_account_id, subledger, account_id, service_id, tax_year, deposit_id, aging_period
      having sum(amount) <> 0) bad' into v_bad using p_run;
  return v_bad;
end $$;
