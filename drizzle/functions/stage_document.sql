-- Stages the transactions and effects of one document. In a source key {id} is the transaction's own id and {first}
-- that of the document's first transaction: 'request/{id}', 'move/{first}'. A certification's padjId or feeTransactionId
-- below zero is the place of one of the document's transactions: -1 the first.
create or replace function ledger.stage_document(p_run bigint, p_doc jsonb, p_receipt text) returns void language plpgsql
  set search_path = pg_catalog, ledger, pg_temp as $$
declare t jsonb; v_ids bigint[] := '{}'; v_id bigint; v_key text;
begin
  insert into staged_account (run_id, account_id, fingerprint)
    select p_run, account_id, version::text from account_ledger
    where account_id in (select (a->>'id')::int from jsonb_array_elements(p_doc->'accounts') a);
  for t in select * from jsonb_array_elements(p_doc->'transactions') loop
    perform ensure_period((t->>'period')::date);
    v_id := nextval('transaction_id');
    v_ids := v_ids || v_id;
    v_key := replace(t->>'sourceKey', '{first}', v_ids[1]::text);
    insert into staged_transaction (id, run_id, account_id, transaction_date, period, due_date, posting_count, type, description,
        source_key, reverses_id, method, reference, receipt, link, facts)
      values (v_id, p_run, (t->>'accountId')::int, (t->>'date')::date, (t->>'period')::date, (t->>'dueDate')::date,
        jsonb_array_length(t->'postings'), t->>'type', t->>'description', replace(v_key, '{id}', v_id::text), (t->>'reversesId')::bigint,
        t->>'method', t->>'reference', case when t->>'type' in ('Pmt', 'Dep', 'CertPmt') then p_receipt end, t->>'link', t->'facts');
    insert into staged_posting (run_id, transaction_id, gl_account_id, subledger, account_id, period, aging_period, line, service_id, tax_year, deposit_id, amount)
      select p_run, v_id, (p->>'gl')::int, (p->>'book')::subledger,
        case when p->>'book' <> 'general' then (t->>'accountId')::int end, (t->>'period')::date, (p->>'agingPeriod')::date,
        n, (p->>'service')::smallint, (p->>'taxYear')::smallint, (p->>'deposit')::int, (p->>'amount')::numeric
      from jsonb_array_elements(t->'postings') with ordinality x(p, n);
  end loop;
  insert into staged_effect (run_id, line, account_id, kind, target, old, new, note)
    select p_run, n, (e->>'accountId')::int, e->>'kind', (e->>'target')::int, e->'old',
      case e->>'kind' when 'alert_add' then e->'new' || jsonb_build_object('id', nextval('public.customer_alert_id_seq'))
        when 'certification' then e->'new' || coalesce((select jsonb_object_agg(x.key, v_ids[-(x.value #>> '{}')::int])
          from jsonb_each(e->'new') x where x.key in ('padjId', 'feeTransactionId') and (x.value #>> '{}')::bigint < 0), '{}')
        else e->'new' end,
      e->>'note'
    from jsonb_array_elements(coalesce(p_doc->'effects', '[]')) with ordinality x(e, n);
end $$;
