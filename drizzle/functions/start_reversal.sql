-- The run that reverses another; its preview is made and posted at once.
create or replace function ledger.start_reversal(p_run bigint, p_reason text, p_actor int) returns bigint language sql security definer
  set search_path = pg_catalog, ledger, pg_temp as $$
  insert into run (kind, options, prepared_by, reverses_run_id, reason)
  values ('runs.reversal', jsonb_build_object('runId', p_run), p_actor, p_run, p_reason) returning id
$$;
