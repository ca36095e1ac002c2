-- Closes the preview: hash, counts and totals of what is staged. Fresh rows have no statistics, hence no nested loops.
create or replace function ledger.prepare_run(p_run bigint, p_total numeric default null, p_fees numeric default null)
  returns text language plpgsql security definer
  set search_path = pg_catalog, ledger, pg_temp set work_mem = '64MB' set plan_cache_mode = force_custom_plan
  set enable_nestloop = off as $$
declare v_hash text; v_utility numeric; v_postings int;
begin
  if exists (select from staged_transaction t where t.run_id = p_run and t.account_id is not null
      and not exists (select from staged_account a where a.run_id = p_run and a.account_id = t.account_id)) then
    raise exception 'run %: a staged transaction names an account without its facts', p_run using errcode = 'LG007';
  end if;
  select count(*), coalesce(sum(amount) filter (where subledger = 'utility'), 0) into v_postings, v_utility
    from staged_posting where run_id = p_run;
  update run set state = 'prepared', preview_hash = staged_hash(p_run),
    account_count = (select count(*) from staged_account where run_id = p_run),
    transaction_count = (select count(*) from staged_transaction where run_id = p_run),
    posting_count = v_postings, total = coalesce(p_total, v_utility), fees = p_fees, failure = null, prepared_at = clock_timestamp()
    where id = p_run and state = 'preparing' returning preview_hash into v_hash;
  if not found then raise exception 'run % is not being prepared', p_run using errcode = 'LG002'; end if;
  return v_hash;
end $$;
