-- Every account has its ledger row, which is its lock and its version.
create or replace function ledger.keep_account_ledger() returns trigger language plpgsql security definer
  set search_path = pg_catalog, ledger, pg_temp as $$
begin
  insert into account_ledger (account_id) select id from new_account;
  return null;
end $$;

create or replace trigger b_account_ledger after insert on account referencing new table as new_account
  for each statement execute function ledger.keep_account_ledger();
