-- The GL journal of the statement, by run; its foreign keys prove GL account, book, service and period of every posting.
-- Only a town folder brings several runs in one statement.
create or replace function ledger.keep_journal() returns trigger language plpgsql
  set search_path = pg_catalog, ledger, pg_temp as $$
declare v_period date; v_run bigint; v_import bigint;
begin
  select r.id, coalesce(r.import_run_id, case when r.kind = 'town.import' then r.id end) into v_run, v_import
    from (select transaction_id from new_posting limit 1) p join transaction t on t.id = p.transaction_id join run r on r.id = t.run_id;
  if v_import is not null and exists (select from run where import_run_id = v_import) then
    execute 'insert into journal (run_id, period, gl_account_id, subledger, service_id, debit, credit)
      select t.run_id, p.period, p.gl_account_id, p.subledger, p.service_id,
        coalesce(sum(p.amount) filter (where p.amount > 0), 0), coalesce(-sum(p.amount) filter (where p.amount < 0), 0)
      from new_posting p join transaction t on t.id = p.transaction_id
      group by t.run_id, p.period, p.gl_account_id, p.subledger, p.service_id';
  else
    insert into journal (run_id, period, gl_account_id, subledger, service_id, debit, credit)
      select v_run, period, gl_account_id, subledger, service_id,
        coalesce(sum(amount) filter (where amount > 0), 0), coalesce(-sum(amount) filter (where amount < 0), 0)
      from new_posting group by period, gl_account_id, subledger, service_id;
  end if;
  select aging_period into v_period
    from (select distinct aging_period from new_posting where aging_period is not null) n
    where not exists (select from period p where p.end_date = n.aging_period);
  if found then raise exception 'no aging period %', v_period using errcode = 'LG002'; end if;
  return null;
end $$;

create or replace trigger c_journal after insert on ledger.posting referencing new table as new_posting
  for each statement execute function ledger.keep_journal();
