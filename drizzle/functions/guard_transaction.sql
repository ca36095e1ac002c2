-- Headers enter under a run that is posting in this very database transaction, into an open period.
-- Closing takes FOR UPDATE on the period, so it waits for the KEY SHARE held here.
create or replace function ledger.guard_transaction() returns trigger language plpgsql
  set search_path = pg_catalog, ledger, pg_temp as $$
declare v_run bigint; v_last bigint; v_rows int; v_entered int; v_period date;
begin
  select min(run_id), max(run_id), count(*) into v_run, v_last, v_rows from new_transaction;
  if v_rows = 0 then return null; end if;
  if v_run = v_last then
    update run set entered_transactions = entered_transactions + v_rows where id = v_run and state = 'posting';
    if not found then raise exception 'run % is not being posted', v_run using errcode = 'LG002'; end if;
  else
    -- only a town folder brings several runs in one statement
    update run r set entered_transactions = r.entered_transactions + n.rows
      from (select run_id, count(*) as rows from new_transaction group by 1) n
      where r.id = n.run_id and r.state = 'posting' and (r.kind = 'town.import' or r.import_run_id is not null);
    get diagnostics v_entered = row_count;
    if v_entered <> (select count(distinct run_id) from new_transaction) then
      raise exception 'rows of two runs in one statement' using errcode = 'LG002';
    end if;
  end if;
  for v_period in select distinct period from new_transaction order by 1 loop
    perform from period where end_date = v_period and closed_at is null for key share;
    if not found then raise exception 'period % is closed', v_period using errcode = 'LG003', detail = v_period::text; end if;
  end loop;
  return null;
end $$;

create or replace trigger a_guard after insert on ledger.transaction referencing new table as new_transaction
  for each statement execute function ledger.guard_transaction();
