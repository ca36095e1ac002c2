-- GO. One statement: lock, compare with the preview, copy the staged rows; all of it or nothing.
create or replace function ledger.post_run(p_run bigint, p_preview_hash text, p_actor int) returns jsonb
  language plpgsql security definer set search_path = pg_catalog, ledger, public, pg_temp set work_mem = '64MB' as $$
declare r run; v_stale jsonb; v_parked text; v_customer int;
begin
  select * into r from run where id = p_run for no key update;                    -- a second GO waits here
  if not found then raise exception 'no run %', p_run using errcode = 'LG002'; end if;
  if r.state = 'posted' then
    if r.preview_hash = p_preview_hash then return r.result || '{"replayed": true}'; end if;
    raise exception 'run % was posted at %', p_run, r.posted_at using errcode = 'LG008';
  end if;
  if r.state <> 'prepared' then raise exception 'run % is %', p_run, r.state using errcode = 'LG002'; end if;
  v_stale := stale_accounts(p_run, r.facts_kind);
  if v_stale is not null then
    raise exception 'run %: % accounts changed since the preview', p_run, jsonb_array_length(v_stale)
      using errcode = 'LG009', detail = v_stale::text;
  end if;
  if r.preview_hash is distinct from p_preview_hash or staged_hash(p_run) is distinct from p_preview_hash then
    raise exception 'run %: this is not the preview that was shown', p_run using errcode = 'LG007';
  end if;
  select string_agg(p.account_id::text, ',') into v_parked from parked_account p
    join staged_account s on s.account_id = p.account_id and s.run_id = p_run;
  if v_parked is not null then
    raise exception 'accounts are parked by a failed ledger check' using errcode = 'LG012', detail = v_parked;
  end if;
  update run set state = 'posting', posted_by = p_actor where id = p_run;
  perform copy_staged(p_run, p_actor);
  perform post_certifications(p_run, p_actor);
  perform apply_effects(p_run, p_actor);
  update run set state = 'posted', posted_at = clock_timestamp(), result = jsonb_build_object('runId', id,
      'accounts', account_count, 'transactions', transaction_count, 'postings', posting_count, 'total', total::text)
    where id = p_run returning result into r.result;
  -- what was posted for one customer is about that customer: of a private one nobody else hears
  if r.account_count between 1 and 20 then
    select min(a.customer_id) into v_customer from staged_account s join account a on a.id = s.account_id
      where s.run_id = p_run having count(distinct a.customer_id) = 1;
  end if;
  insert into audit (actor, action, subject, subject_key, customer_id, new, reason)
    values (p_actor, 'post', 'run', p_run::text, v_customer, r.result || jsonb_build_object('kind', r.kind), coalesce(r.reason, ''));
  return r.result;
end $$;
