-- Back to preparing: the old preview's count and total are kept for "what changed"; its staged rows go.
create or replace function ledger.prepare_again(p_run bigint) returns void language plpgsql security definer
  set search_path = pg_catalog, ledger, pg_temp as $$
begin
  update run set last_preview = jsonb_build_object('at', prepared_at, 'count', account_count, 'total', total::text, 'fees', fees::text),
    state = 'preparing', progress_done = 0, progress_total = 0, failure = null
    where id = p_run and state in ('prepared', 'failed', 'preparing');
  if not found then raise exception 'run % cannot be prepared again', p_run using errcode = 'LG008'; end if;
  perform sweep_staged(p_run);
  -- what the run made; a file that it was given stays
  delete from run_file where run_id = p_run and name not like 'received-%';
end $$;
