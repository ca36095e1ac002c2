-- Moves the account's version, and proves by it that the account exists.
create or replace function ledger.keep_version() returns trigger language plpgsql
  set search_path = pg_catalog, ledger, pg_temp as $$
declare v_rows int; v_expected int;
begin
  execute 'update account_ledger l set version = l.version + 1
    from (select distinct account_id from new_transaction where account_id is not null order by 1) n
    where l.account_id = n.account_id';
  get diagnostics v_rows = row_count;
  select count(distinct account_id) into v_expected from new_transaction;
  if v_rows <> v_expected then
    raise exception 'a transaction names an account that does not exist' using errcode = 'LG002';
  end if;
  return null;
end $$;

create or replace trigger c_version after insert on ledger.transaction referencing new table as new_transaction
  for each statement execute function ledger.keep_version();
