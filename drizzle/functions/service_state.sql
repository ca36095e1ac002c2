-- A service of an account as effects know it; null where the account does not have it.
create or replace function ledger.service_state(p_account int, p_service int) returns jsonb language sql stable
  set search_path = pg_catalog, public, pg_temp as $$
  select jsonb_build_object('serviceId', x.service_id, 'rate', x.rate, 'quantity', trim_scale(x.quantity)::text,
    'units', trim_scale(x.units)::text, 'frequency', x.frequency, 'connectDate', x.connect_date, 'disconnectDate', x.disconnect_date)
  from account_service x where x.account_id = p_account and x.service_id = p_service
$$;
