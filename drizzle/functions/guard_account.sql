-- The history of an account is its customer's and its location's, and its number stands in what was posted: where something
-- was posted, none of them changes. Posting takes the account's row of account_ledger, so whoever is posting is waited for.
create or replace function ledger.guard_account() returns trigger language plpgsql security definer
  set search_path = pg_catalog, ledger, pg_temp as $$
begin
  perform lock_account(old.id);
  if account_posted(old.id) then
    raise exception 'account % has postings: its number, customer and location stay', old.number
      using errcode = 'LG001', constraint = 'account_posted';
  end if;
  return new;
end $$;

drop trigger if exists c_posted on account;
create trigger c_posted before update on account for each row
  when (old.number is distinct from new.number or old.customer_id is distinct from new.customer_id
    or old.location_id is distinct from new.location_id)
  execute function ledger.guard_account();
