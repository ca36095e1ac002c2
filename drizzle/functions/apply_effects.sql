-- What a run does to other data, recorded in run_effect so that Reverse can undo it.
create or replace function ledger.apply_effects(p_run bigint, p_actor int) returns void language plpgsql
  set search_path = pg_catalog, ledger, public, pg_temp as $$
begin
  if not exists (select from staged_effect where run_id = p_run) then return; end if;
  insert into run_effect (run_id, line, account_id, kind, target, old, new)
    select run_id, line, account_id, kind, target, old, new from staged_effect where run_id = p_run;
  update customer c set collection_code_id = (e.new->>'id')::int, version = c.version + 1, changed_by = p_actor
    from staged_effect e where e.run_id = p_run and e.kind = 'collection_code' and c.id = e.target;
  update customer_alert a set ended_at = case e.kind when 'alert_end' then now() end, version = a.version + 1, changed_by = p_actor
    from staged_effect e where e.run_id = p_run and e.kind in ('alert_end', 'alert_reopen') and a.id = e.target;
  insert into customer_alert (id, customer_id, text, since, added_by, changed_by)
    select (e.new->>'id')::int, e.target, e.new->>'text', (e.new->>'since')::date, p_actor, p_actor
    from staged_effect e where e.run_id = p_run and e.kind = 'alert_add' order by e.line;
  perform apply_certification_effects(p_run, p_actor);
  perform apply_service_effects(p_run, p_actor);
end $$;
