-- Waits for whoever posts to an account, and lets nobody post to it until the transaction around it ends.
create or replace function ledger.lock_account(p_account int) returns void language sql security definer
  set search_path = pg_catalog, ledger, pg_temp as $$
  select from account_ledger where account_id = p_account for no key update
$$;
