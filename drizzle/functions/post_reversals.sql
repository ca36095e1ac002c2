-- Posts the reversals of several runs in the order given, what rests on the others first: all of them or none.
create or replace function ledger.post_reversals(p_runs bigint[], p_actor int) returns void language plpgsql security definer
  set search_path = pg_catalog, ledger, public, pg_temp as $$
declare v_run bigint; v_stale jsonb;
begin
  execute 'select jsonb_agg(distinct x.account_id) filter (where x.version is distinct from x.fingerprint)
    from (select l.account_id, s.fingerprint, l.version::text as version
          from staged_account s join account_ledger l on l.account_id = s.account_id
          where s.run_id = any($1) order by l.account_id for no key update of l) x' into v_stale using p_runs;
  if v_stale is not null then raise exception 'accounts changed' using errcode = 'LG009', detail = v_stale::text; end if;
  foreach v_run in array p_runs loop
    -- each was staged on what those before it leave behind, and they have moved the versions
    execute 'update staged_account s set fingerprint = l.version::text from account_ledger l
      where s.run_id = $1 and l.account_id = s.account_id and s.fingerprint <> l.version::text' using v_run;
    perform post_run(v_run, prepare_run(v_run), p_actor);
    perform sweep_staged(v_run);
  end loop;
end $$;
