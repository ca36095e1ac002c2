-- Which book a GL account controls follows from services and settings. One GL in two roles is refused here; a change
-- of role after postings is refused by the journal's foreign key.
create or replace function ledger.derive_subledgers() returns trigger language plpgsql security definer
  set search_path = pg_catalog, ledger, public, pg_temp as $$
declare v_number text;
begin
  select g.number into v_number from gl_role r join gl_account g on g.id = r.gl_id
    group by g.number having count(distinct r.role) > 1 limit 1;
  if found then raise exception 'GL account % cannot have two roles', v_number using errcode = 'LG013', detail = v_number; end if;
  update gl_account g set subledger = coalesce((select distinct role from gl_role r where r.gl_id = g.id), 'general')
    where subledger <> coalesce((select distinct role from gl_role r where r.gl_id = g.id), 'general');
  return null;
exception when foreign_key_violation then
  raise exception 'a GL account that was posted to keeps its role' using errcode = 'LG014', detail = sqlerrm;
end $$;

create or replace trigger derive_subledgers after insert or update or delete on service
  for each statement execute function ledger.derive_subledgers();
create or replace trigger derive_subledgers after insert or update or delete on setting
  for each statement execute function ledger.derive_subledgers();
create or replace trigger derive_subledgers after insert or update or delete on payment_method
  for each statement execute function ledger.derive_subledgers();
