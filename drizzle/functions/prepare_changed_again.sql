-- Back to preparing, for the accounts whose facts changed since the preview and the others of their customers, for whom
-- something may be staged once: their rows go and are kept for comparing, all others stay. How many; 0 = nothing was done.
create or replace function ledger.prepare_changed_again(p_run bigint) returns int language plpgsql security definer
  set search_path = pg_catalog, ledger, public, pg_temp as $$
declare r run; v_changed int[]; v_accounts int[];
begin
  select * into r from run where id = p_run for no key update;
  if r.state = 'preparing' then raise exception 'run % is being prepared', p_run using errcode = 'LG008'; end if;
  if r.state is distinct from 'prepared' then return 0; end if;
  select array_agg(x.id) into v_changed from (
    select value::int as id from jsonb_array_elements_text(coalesce(stale_accounts(p_run, r.facts_kind), '[]'))
    union select * from stale_effects(p_run)) x;
  if v_changed is null or array_position(v_changed, null) is not null then return 0; end if;
  select array_agg(s.account_id) into v_accounts from staged_account s join account a on a.id = s.account_id
    where s.run_id = p_run and a.customer_id in (select customer_id from account where id = any(v_changed));
  update run set state = 'preparing', progress_done = 0, progress_total = 0, failure = null,
    last_preview = jsonb_build_object('at', prepared_at, 'count', account_count, 'total', total::text, 'fees', fees::text)
      || ledger.public_preview(r) || jsonb_build_object('again', (select jsonb_object_agg(account_id, coalesce(lines, '[]'))
        from staged_account where run_id = p_run and account_id = any(v_accounts)))
    where id = p_run;
  delete from staged_posting where run_id = p_run
    and transaction_id in (select id from staged_transaction where run_id = p_run and account_id = any(v_accounts));
  delete from staged_transaction where run_id = p_run and account_id = any(v_accounts);
  delete from staged_certification_line where run_id = p_run
    and certification_id in (select id from staged_certification where run_id = p_run and account_id = any(v_accounts));
  delete from staged_certification where run_id = p_run and account_id = any(v_accounts);
  delete from staged_effect where run_id = p_run and account_id = any(v_accounts);
  delete from staged_account where run_id = p_run and account_id = any(v_accounts);
  return array_length(v_accounts, 1);
end $$;
