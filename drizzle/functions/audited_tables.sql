-- Audited is every table whose rows say who changed them; the key is the first column of its primary key. One trigger an
-- operation: transition tables cannot be shared.
do $$
declare t record;
begin
  for t in select c.relname as name, k.attname as key from pg_class c
      join pg_attribute w on w.attrelid = c.oid and w.attname = 'changed_by' and not w.attisdropped
      join pg_index i on i.indrelid = c.oid and i.indisprimary
      join pg_attribute k on k.attrelid = c.oid and k.attnum = i.indkey[0]
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' loop
    execute format('create or replace trigger z_audit_add after insert on public.%I referencing new table as new_rows
      for each statement execute function audit_change(%L)', t.name, t.key);
    execute format('create or replace trigger z_audit_change after update on public.%I referencing old table as old_rows new table as new_rows
      for each statement execute function audit_change(%L)', t.name, t.key);
    execute format('create or replace trigger z_audit_delete after delete on public.%I referencing old table as old_rows
      for each statement execute function audit_change(%L)', t.name, t.key);
  end loop;
end $$;
