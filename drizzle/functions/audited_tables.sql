-- The audited tables and their keys. One trigger an operation: transition tables cannot be shared.
do $$
declare t record;
begin
  for t in select * from (values ('setting', 'name'), ('gl_account', 'id'), ('service', 'id'), ('payment_allocation', 'list'),
      ('payment_method', 'id'), ('customer_type', 'id'), ('collection_code', 'id'), ('account_status', 'id'), ('revenue_class', 'id'),
      ('cycle', 'id'), ('route', 'id'), ('note_type', 'id'), ('customer', 'id'), ('customer_alert', 'id'), ('location', 'id'),
      ('account', 'id'), ('account_service', 'id'), ('note', 'id'), ('rate', 'id'), ('rate_block', 'id'), ('rate_size', 'id'),
      ('meter', 'id'), ('reading', 'id'), ('app_user', 'id'), ('api_token', 'id'), ('saved_criteria', 'id')) as x(name, key) loop
    execute format('create or replace trigger z_audit_add after insert on public.%I referencing new table as new_rows
      for each statement execute function audit_change(%L)', t.name, t.key);
    execute format('create or replace trigger z_audit_change after update on public.%I referencing old table as old_rows new table as new_rows
      for each statement execute function audit_change(%L)', t.name, t.key);
    execute format('create or replace trigger z_audit_delete after delete on public.%I referencing old table as old_rows
      for each statement execute function audit_change(%L)', t.name, t.key);
  end loop;
end $$;
