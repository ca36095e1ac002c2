-- Requests that move no money themselves: enter the key (waiting for a twin), and later store the answer.
create or replace function ledger.enter_request(p_user int, p_path text, p_key text, p_body_hash text) returns jsonb
  language plpgsql security definer set search_path = pg_catalog, ledger, pg_temp as $$
declare r request;
begin
  insert into request (user_id, path, key, body_hash) values (p_user, p_path, p_key, p_body_hash) on conflict do nothing;
  if found then return null; end if;
  select * into r from request where user_id = p_user and path = p_path and key = p_key;
  return jsonb_build_object('same', r.body_hash = p_body_hash, 'answer', r.answer, 'at', r.at);
end $$;

create or replace function ledger.answer_request(p_user int, p_path text, p_key text, p_answer jsonb) returns void
  language sql security definer set search_path = pg_catalog, ledger, pg_temp as $$
  update request set answer = p_answer where user_id = p_user and path = p_path and key = p_key
$$;
