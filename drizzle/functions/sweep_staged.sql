-- Deletes a run's staged rows: before preparing again, on cancelling. Of a posted run the money goes (it is in the
-- ledger now) while accounts, exclusions and effects stay as the run's record.
create or replace function ledger.sweep_staged(p_run bigint) returns void language plpgsql security definer
  set search_path = pg_catalog, ledger, pg_temp as $$
begin
  delete from staged_posting where run_id = p_run;
  delete from staged_transaction where run_id = p_run;
  delete from staged_certification_line where run_id = p_run;
  delete from staged_certification where run_id = p_run;
  if exists (select from run where id = p_run and state = 'posted' and position('.' in kind) > 0) then return; end if;
  delete from staged_account where run_id = p_run;
  delete from staged_exclusion where run_id = p_run;
  delete from staged_effect where run_id = p_run;
end $$;
