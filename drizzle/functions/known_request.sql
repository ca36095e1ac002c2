-- The first answer to a request that was answered already; null when its key is new. `same` is false when the key came
-- with another body.
create or replace function ledger.known_request(p_user int, p_path text, p_key text, p_body_hash text) returns jsonb
  language sql stable security definer set search_path = pg_catalog, ledger, pg_temp as $$
  select jsonb_build_object('same', body_hash = p_body_hash, 'answer', answer) from request
  where user_id = p_user and path = p_path and key = p_key
$$;
