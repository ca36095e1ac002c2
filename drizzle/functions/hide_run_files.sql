-- What runs made before a customer became private names him: from then on such files are for administrators. Their
-- register is made anew without him by the clock.
create or replace function ledger.hide_run_files() returns trigger language plpgsql security definer
  set search_path = pg_catalog, ledger, public, pg_temp as $$
declare v_accounts int[] := array(select id from account where customer_id = new.id);
begin
  update run_file f set holds_private = true where not f.holds_private and (
    exists (select from staged_account s where s.run_id = f.run_id and s.account_id = any (v_accounts))
    or exists (select from staged_exclusion e where e.run_id = f.run_id and e.account_id = any (v_accounts))
    or exists (select from run_effect x where x.run_id = f.run_id and x.account_id = any (v_accounts))
    or f.run_id in (select t.run_id from transaction t where t.account_id = any (v_accounts)));
  return null;
end $$;

create or replace trigger hide_run_files after update of public on customer for each row when (old.public and not new.public)
  execute function ledger.hide_run_files();
