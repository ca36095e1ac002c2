-- The audit row of an unposted row.
create or replace function ledger.audit_entry(p_actor int, p_action text, p_old jsonb, p_new jsonb, p_reason text) returns void
  language sql set search_path = pg_catalog, ledger, public, pg_temp as $$
  insert into audit (actor, action, subject, subject_key, customer_id, old, new, reason)
  values (p_actor, p_action, 'batch_entry', p_new->>'id', customer_of('batch_entry', p_new), p_old, p_new, coalesce(p_reason, ''))
$$;
