-- Adds an unposted row to a batch, with its receipt, under a request key. `p_doc` is built by src/payments/batch.ts.
create or replace function ledger.add_entry(p_doc jsonb) returns jsonb language plpgsql security definer
  set search_path = pg_catalog, ledger, public, pg_temp as $$
declare v_actor int := (p_doc->>'actor')::int; v_run bigint; v_receipt text; e batch_entry; r request; v_answer jsonb;
begin
  if p_doc ? 'key' then
    insert into request (user_id, path, key, body_hash) values (v_actor, p_doc->>'path', p_doc->>'key', p_doc->>'bodyHash')
      on conflict do nothing;
    if not found then
      select * into r from request where user_id = v_actor and path = p_doc->>'path' and key = p_doc->>'key';
      if r.body_hash is distinct from p_doc->>'bodyHash' then
        raise exception 'the key was used for another request' using errcode = 'LG010';
      end if;
      return r.answer;
    end if;
  end if;
  v_run := open_batch((p_doc->>'runId')::bigint, v_actor);
  if p_doc ? 'receipt' then v_receipt := next_receipt(p_doc->'receipt', v_actor); end if;
  insert into batch_entry (run_id, account_id, type, date, amount, description, method, reference, receipt, input, entered_by)
    values (v_run, (p_doc->>'accountId')::int, p_doc->>'type', (p_doc->>'date')::date, (p_doc->>'amount')::numeric,
      p_doc->>'description', p_doc->>'method', p_doc->>'reference', v_receipt, p_doc->'input', v_actor) returning * into e;
  perform audit_entry(v_actor, 'add', null, to_jsonb(e), null);
  v_answer := jsonb_build_object('entryId', e.id, 'runId', v_run, 'receiptNumber', v_receipt) || coalesce(p_doc->'answer', '{}');
  if p_doc ? 'key' then
    update request set answer = v_answer where user_id = v_actor and path = p_doc->>'path' and key = p_doc->>'key';
  end if;
  return v_answer;
end $$;
