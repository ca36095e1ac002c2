-- A prepare that broke says so; nothing was posted.
create or replace function ledger.fail_run(p_run bigint, p_failure text) returns void language sql security definer
  set search_path = pg_catalog, ledger, pg_temp as $$
  update run set state = 'failed', failure = p_failure where id = p_run and state = 'preparing'
$$;
