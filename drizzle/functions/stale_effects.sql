-- Accounts whose other data is no longer what the preview saw: collection code, alerts, certifications, services.
create or replace function ledger.stale_effects(p_run bigint) returns setof int language plpgsql stable
  set search_path = pg_catalog, ledger, public, pg_temp as $$
begin
  return query execute 'select distinct e.account_id from staged_effect e where e.run_id = $1 and not case e.kind
    when ''collection_code'' then exists (select from customer c where c.id = e.target
      and c.collection_code_id is not distinct from (e.old->>''id'')::int)
    when ''alert_end'' then exists (select from customer_alert a where a.id = e.target and a.ended_at is null)
    when ''alert_reopen'' then exists (select from customer_alert a where a.id = e.target and a.ended_at is not null)
    when ''certification'' then coalesce(certification_state(e.target) @> e.old, false)
    when ''account_service'' then service_state(e.target, (coalesce(nullif(e.old, ''null''), e.new)->>''serviceId'')::int)
      is not distinct from nullif(e.old, ''null'')
    else true end' using p_run;
end $$;
