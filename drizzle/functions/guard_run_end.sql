-- "Posting" never outlives its database transaction.
create or replace function ledger.guard_run_end() returns trigger language plpgsql
  set search_path = pg_catalog, ledger, pg_temp as $$
begin
  if exists (select from run where id = new.id and state = 'posting') then
    raise exception 'run % was left half posted', new.id using errcode = 'LG005';
  end if;
  return null;
end $$;

drop trigger if exists guard_end on ledger.run;
create constraint trigger guard_end after update of state on ledger.run deferrable initially deferred
  for each row when (new.state = 'posting') execute function ledger.guard_run_end();
