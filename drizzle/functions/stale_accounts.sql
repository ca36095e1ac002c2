-- Locks the run's accounts in account order and names those whose facts are no longer what the preview saw.
create or replace function ledger.stale_accounts(p_run bigint, p_facts_kind text) returns jsonb language plpgsql
  set search_path = pg_catalog, ledger, pg_temp as $$
declare v_stale jsonb;
begin
  execute 'select jsonb_agg(x.account_id order by x.account_id) filter (where x.now is distinct from x.fingerprint)
    from (select l.account_id, s.fingerprint,
            case $2 when ''version'' then l.version::text else certified_fingerprint(l.account_id) end as now
          from staged_account s join account_ledger l on l.account_id = s.account_id
          where s.run_id = $1 order by l.account_id for no key update of l) x' into v_stale using p_run, p_facts_kind;
  if v_stale is null then
    select jsonb_agg(distinct account_id) into v_stale from stale_effects(p_run) as account_id;
  end if;
  return v_stale;
end $$;
