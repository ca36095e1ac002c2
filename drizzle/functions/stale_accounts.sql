-- Locks the run's accounts in account order and names those whose facts are no longer what the preview saw. What is not
-- on the locked row is read by a statement of its own: only then does it see what the lock was waiting for.
create or replace function ledger.stale_accounts(p_run bigint, p_facts_kind text) returns jsonb language plpgsql
  set search_path = pg_catalog, ledger, pg_temp as $$
declare v_stale jsonb; v_all int[];
begin
  execute 'select jsonb_agg(x.account_id order by x.account_id) filter (where $2 = ''version'' and x.version is distinct from x.fingerprint),
      array_agg(x.account_id)
    from (select l.account_id, s.fingerprint, l.version::text as version
          from staged_account s join account_ledger l on l.account_id = s.account_id
          where s.run_id = $1 order by l.account_id for no key update of l) x' into v_stale, v_all using p_run, p_facts_kind;
  if p_facts_kind = 'certified_buckets' then
    execute 'select jsonb_agg(s.account_id order by s.account_id) from certified_fingerprints($2) f join staged_account s using (account_id)
      where s.run_id = $1 and s.fingerprint <> f.fingerprint' into v_stale using p_run, v_all;
  end if;
  if v_stale is null then
    select jsonb_agg(distinct account_id) into v_stale from stale_effects(p_run) as account_id;
  end if;
  return v_stale;
end $$;
