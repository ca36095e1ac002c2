-- Keeps a proof for the home page. After a failed one no money is posted to the accounts at fault; a clean one frees them.
create or replace function ledger.keep_proof(p_checks jsonb) returns void language sql security definer
  set search_path = pg_catalog, ledger, public, pg_temp as $$
  insert into proof (checks) values (p_checks);
  delete from proof where id < (select max(id) - 100 from proof);
  delete from parked_account where not account_id in (select a.id from account a
    where a.number in (select jsonb_array_elements_text(c->'accounts') from jsonb_array_elements(p_checks) c));
  insert into parked_account (account_id, reason) select a.id, 'ledger proof' from account a
    where a.number in (select jsonb_array_elements_text(c->'accounts') from jsonb_array_elements(p_checks) c) on conflict do nothing;
$$;
