-- What a run does to the services of accounts: added where there was none, taken off where none is left, else changed.
create or replace function ledger.apply_service_effects(p_run bigint, p_actor int) returns void language plpgsql
  set search_path = pg_catalog, ledger, public, pg_temp as $$
begin
  if not exists (select from staged_effect where run_id = p_run and kind = 'account_service') then return; end if;
  -- who takes a service off is written first, for the audit
  update account_service x set rate = e.new->>'rate', quantity = coalesce((e.new->>'quantity')::numeric, x.quantity),
      units = coalesce((e.new->>'units')::numeric, x.units), frequency = coalesce(e.new->>'frequency', x.frequency),
      connect_date = (e.new->>'connectDate')::date, disconnect_date = (e.new->>'disconnectDate')::date,
      version = x.version + 1, changed_by = p_actor
    from staged_effect e where e.run_id = p_run and e.kind = 'account_service' and jsonb_typeof(e.old) = 'object'
      and x.account_id = e.target and x.service_id = (e.old->>'serviceId')::int;
  delete from account_service x using staged_effect e where e.run_id = p_run and e.kind = 'account_service'
    and jsonb_typeof(e.old) = 'object' and jsonb_typeof(e.new) is distinct from 'object'
    and x.account_id = e.target and x.service_id = (e.old->>'serviceId')::int;
  insert into account_service (account_id, service_id, rate, quantity, units, frequency, connect_date, disconnect_date, changed_by)
    select e.target, (e.new->>'serviceId')::int, e.new->>'rate', (e.new->>'quantity')::numeric, (e.new->>'units')::numeric,
      e.new->>'frequency', (e.new->>'connectDate')::date, (e.new->>'disconnectDate')::date, p_actor
    from staged_effect e where e.run_id = p_run and e.kind = 'account_service' and jsonb_typeof(e.old) is distinct from 'object'
      and jsonb_typeof(e.new) = 'object' order by e.line;
end $$;
