-- The two INSERTs of every posting. EXECUTE … USING plans for this run; a plan hint on the function would make
-- every row-level check below it plan again. Posted is the moment now that the accounts are locked: the start of the
-- transaction may lie before a statement that was made in between. The rows of a town folder go to the runs that came
-- with it, where they name one.
create or replace function ledger.copy_staged(p_run bigint, p_actor int) returns void language plpgsql
  set search_path = pg_catalog, ledger, pg_temp as $$
declare v_run text := 's.run_id, s.run_number'; v_from text := 'staged_transaction s';
begin
  if exists (select from run where id = p_run and kind = 'town.import') and exists (select from run where import_run_id = p_run) then
    v_run := 'coalesce(r.id, s.run_id), case when r.id is null then s.run_number end';
    v_from := 'staged_transaction s left join run r on r.import_run_id = s.run_id and r.number = s.run_number';
  end if;
  execute 'insert into transaction (id, number, run_id, run_number, account_id, transaction_date, period, due_date, posting_count, posted_by,
      posted_at, recorded_by, reverses_id, type, description, source_key, method, reference, receipt, link, facts)
    select s.id, s.number, ' || v_run || ', s.account_id, s.transaction_date, s.period, s.due_date, s.posting_count, $2,
      coalesce(s.recorded_at, $3), s.recorded_by, s.reverses_id, s.type, s.description, s.source_key, s.method, s.reference, s.receipt, s.link, s.facts
    from ' || v_from || ' where s.run_id = $1 order by s.id' using p_run, p_actor, clock_timestamp();
  execute 'insert into posting (transaction_id, gl_account_id, subledger, account_id, period, aging_period, line, service_id, tax_year, deposit_id, amount)
    select transaction_id, gl_account_id, subledger, account_id, period, aging_period, line, service_id, tax_year, deposit_id, amount
    from staged_posting where run_id = $1 order by transaction_id, line' using p_run;
end $$;
