-- A period that postings name keeps its key.
create or replace function ledger.keep_period_key() returns trigger language plpgsql
  set search_path = pg_catalog, ledger, pg_temp as $$
begin
  if exists (select from open_item where aging_period = old.end_date) or exists (select from posting where aging_period = old.end_date)
      or exists (select from journal where period = old.end_date) or old.end_date = 'infinity' then
    raise exception 'period % is in use', old.end_date using errcode = 'LG001';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end $$;

create or replace trigger keep_key before delete or update of end_date on ledger.period
  for each row execute function ledger.keep_period_key();
