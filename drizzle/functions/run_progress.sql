-- Progress of preparing; also what a failed prepare says.
create or replace function ledger.run_progress(p_run bigint, p_done int, p_total int, p_outside int default null) returns void
  language sql security definer set search_path = pg_catalog, ledger, pg_temp as $$
  update run set progress_done = p_done, progress_total = p_total, outside_criteria = coalesce(p_outside, outside_criteria)
  where id = p_run and state = 'preparing'
$$;
