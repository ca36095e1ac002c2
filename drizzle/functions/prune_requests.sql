-- Idempotency keys are kept 30 days (contract.md 3); the application has no DELETE on them.
create or replace function ledger.prune_requests() returns void language sql security definer
  set search_path = pg_catalog, ledger, pg_temp as $$
  delete from request where at < now() - interval '30 days'
$$;
