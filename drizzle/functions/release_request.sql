-- A request that was refused, or whose process died, frees its key: nothing was done under it. An answered one keeps it.
create or replace function ledger.release_request(p_user int, p_path text, p_key text) returns void
  language sql security definer set search_path = pg_catalog, ledger, pg_temp as $$
  delete from request where user_id = p_user and path = p_path and key = p_key and answer is null
$$;
