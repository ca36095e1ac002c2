-- Old and new of every changed row of an audited table, by whom the row itself says. The key column is the argument.
create or replace function audit_change() returns trigger language plpgsql security definer
  set search_path = pg_catalog, public, pg_temp as $$
declare v_key text := tg_argv[0]; v_hidden text[] := array['password_hash', 'token_hash', 'link_hash', 'licence_sealed', 'ssn_sealed',
    'bank_account_sealed', 'token_sealed'];
  v_bookkeeping text[] := array['version', 'changed_by', 'last_used_at'];
begin
  if tg_op = 'INSERT' then
    insert into audit (actor, action, subject, subject_key, customer_id, new)
      select (n->>'changed_by')::int, 'add', tg_table_name, n->>v_key, ledger.customer_of(tg_table_name, n), n - v_hidden
      from (select to_jsonb(r) n from new_rows r) x;
  elsif tg_op = 'DELETE' then
    insert into audit (actor, action, subject, subject_key, customer_id, old)
      select (o->>'changed_by')::int, 'delete', tg_table_name, o->>v_key, ledger.customer_of(tg_table_name, o), o - v_hidden
      from (select to_jsonb(r) o from old_rows r) x;
  else
    insert into audit (actor, action, subject, subject_key, customer_id, old, new)
      select (n->>'changed_by')::int, 'change', tg_table_name, n->>v_key, ledger.customer_of(tg_table_name, n), o - v_hidden, n - v_hidden
      from (select to_jsonb(a) o, to_jsonb(b) n from old_rows a join new_rows b on to_jsonb(a)->>v_key = to_jsonb(b)->>v_key) x
      where o - v_bookkeeping <> n - v_bookkeeping;
  end if;
  return null;
end $$;
