-- The two INSERTs of every posting. EXECUTE … USING plans for this run; a plan hint on the function would make
-- every row-level check below it plan again.
create or replace function ledger.copy_staged(p_run bigint, p_actor int) returns void language plpgsql
  set search_path = pg_catalog, ledger, pg_temp as $$
begin
  execute 'insert into transaction (id, number, run_id, run_number, account_id, transaction_date, period, due_date, posting_count, posted_by,
      posted_at, reverses_id, type, description, source_key, method, reference, receipt, link, facts)
    select id, number, run_id, run_number, account_id, transaction_date, period, due_date, posting_count, $2,
      coalesce(recorded_at, now()), reverses_id, type, description, source_key, method, reference, receipt, link, facts
    from staged_transaction where run_id = $1 order by id' using p_run, p_actor;
  execute 'insert into posting (transaction_id, gl_account_id, subledger, account_id, period, aging_period, line, service_id, tax_year, deposit_id, amount)
    select transaction_id, gl_account_id, subledger, account_id, period, aging_period, line, service_id, tax_year, deposit_id, amount
    from staged_posting where run_id = $1 order by transaction_id, line' using p_run;
end $$;
