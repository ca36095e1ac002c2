-- The GL journal of the statement; its foreign keys prove GL account, book, service and period of every posting.
create or replace function ledger.keep_journal() returns trigger language plpgsql
  set search_path = pg_catalog, ledger, pg_temp as $$
declare v_period date;
begin
  insert into journal (run_id, period, gl_account_id, subledger, service_id, debit, credit)
    select (select t.run_id from transaction t join (select transaction_id, period from new_posting limit 1) p
        on t.id = p.transaction_id), period, gl_account_id, subledger, service_id,
      coalesce(sum(amount) filter (where amount > 0), 0), coalesce(-sum(amount) filter (where amount < 0), 0)
    from new_posting group by period, gl_account_id, subledger, service_id;
  select aging_period into v_period
    from (select distinct aging_period from new_posting where aging_period is not null) n
    where not exists (select from period p where p.end_date = n.aging_period);
  if found then raise exception 'no aging period %', v_period using errcode = 'LG002'; end if;
  return null;
end $$;

create or replace trigger c_journal after insert on ledger.posting referencing new table as new_posting
  for each statement execute function ledger.keep_journal();
