-- After a failed proof no money is posted to the accounts at fault; a clean proof frees them.
create or replace function ledger.park_accounts(p_reason text, p_numbers text[]) returns void language sql security definer
  set search_path = pg_catalog, ledger, public, pg_temp as $$
  delete from parked_account where not account_id in (select id from account where number = any (p_numbers));
  insert into parked_account (account_id, reason) select id, p_reason from account where number = any (p_numbers) on conflict do nothing;
$$;
