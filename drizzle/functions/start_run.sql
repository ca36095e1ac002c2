-- A run enters as preparing; the application has no INSERT on runs.
create or replace function ledger.start_run(p_kind text, p_options jsonb, p_criteria jsonb, p_facts_kind text, p_actor int)
  returns bigint language sql security definer set search_path = pg_catalog, ledger, pg_temp as $$
  insert into run (kind, options, criteria, facts_kind, prepared_by)
  values (p_kind, p_options, coalesce(p_criteria, '{}'), p_facts_kind, p_actor) returning id
$$;
