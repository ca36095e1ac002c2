-- Several transactions in one call, through the very same posting as a run: request key, locks in account order,
-- versions, receipt, staging, GO, answer. `p_doc` is built by src/ledger/post.ts and described there.
create or replace function ledger.post_many(p_doc jsonb) returns jsonb language plpgsql security definer
  set search_path = pg_catalog, ledger, public, pg_temp as $$
declare
  v_actor int := (p_doc->>'actor')::int; v_run bigint; v_stale jsonb; v_receipt text; v_answer jsonb; r request;
begin
  if p_doc ? 'key' then
    insert into request (user_id, path, key, body_hash) values (v_actor, p_doc->>'path', p_doc->>'key', p_doc->>'bodyHash')
      on conflict do nothing;                                                       -- waits for a twin
    if not found then
      select * into r from request where user_id = v_actor and path = p_doc->>'path' and key = p_doc->>'key';
      if r.body_hash is distinct from p_doc->>'bodyHash' then
        raise exception 'the key was used for another request' using errcode = 'LG010';
      end if;
      return jsonb_build_object('outcome', 'replayed', 'answer', r.answer);
    end if;
  end if;
  select jsonb_agg(x.account_id) filter (where x.version is distinct from x.seen) into v_stale
    from (select l.account_id, l.version, (a->>'version')::bigint seen
          from jsonb_array_elements(p_doc->'accounts') a join account_ledger l on l.account_id = (a->>'id')::int
          order by l.account_id for no key update of l) x;
  if v_stale is not null then raise exception 'accounts changed' using errcode = 'LG009', detail = v_stale::text; end if;
  insert into run (kind, prepared_by, reason, reverses_run_id)
    values (p_doc->>'kind', v_actor, p_doc->>'reason', (p_doc->>'reversesRunId')::bigint) returning id into v_run;
  if p_doc ? 'receipt' then v_receipt := next_receipt(p_doc->'receipt', v_actor); end if;
  perform stage_document(v_run, p_doc, v_receipt);
  perform post_run(v_run, prepare_run(v_run), v_actor);
  v_answer := jsonb_build_object('runId', v_run, 'receiptNumber', v_receipt, 'transactionIds',
    (select jsonb_agg(coalesce(number, id::text) order by id) from staged_transaction where run_id = v_run));
  perform sweep_staged(v_run);
  if p_doc ? 'key' then
    update request set answer = v_answer || coalesce(p_doc->'answer', '{}')
      where user_id = v_actor and path = p_doc->>'path' and key = p_doc->>'key';
  end if;
  return jsonb_build_object('outcome', 'posted', 'answer', v_answer || coalesce(p_doc->'answer', '{}'));
end $$;
