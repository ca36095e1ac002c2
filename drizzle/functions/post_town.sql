-- The ledger's part of importing a town: runs, certifications and receipts enter, the periods open, the history posts,
-- the periods marked closed close, and every counter goes on behind the greatest number that came. The history is posted as
-- any run is, by the same INSERTs under the same guards; only the preview's hash is not taken and compared, for
-- nothing can come between preparing and posting in one statement.
create or replace function ledger.post_town(p_run bigint, p_actor int, p_options jsonb, p_listed date[], p_needed date[], p_closed date[])
  returns jsonb language plpgsql security definer set search_path = pg_catalog, ledger, public, pg_temp set work_mem = '64MB' as $$
declare e record; v_answer jsonb; v_end date; v_was_closed date[];
begin
  if exists (select from transaction) then raise exception 'the town is not empty' using errcode = 'LG015'; end if;
  insert into run (id, kind, options, prepared_by) values (p_run, 'town.import', p_options, p_actor);
  for e in select note, old, new from staged_effect where run_id = p_run and kind = 'set_up' and note in ('ledger.deposit', 'ledger.receipt', 'ledger.statement',
      'ledger.certification', 'ledger.certification_line', 'ledger.certification_claim', 'ledger.run', 'ledger.run_file', 'ledger.run_effect',
      'ledger.staged_account', 'ledger.staged_exclusion', 'ledger.staged_effect') order by line loop
    perform load_rows(e.note::regclass, e.old, case e.note
      when 'ledger.certification' then (select jsonb_agg(c || jsonb_build_object('run_id', coalesce((c->>'run_id')::bigint, p_run))) from jsonb_array_elements(e.new) c)
      when 'ledger.run' then (select jsonb_agg(r || jsonb_build_object('import_run_id', p_run)) from jsonb_array_elements(e.new) r)
      else e.new end);
  end loop;
  delete from staged_effect where run_id = p_run;
  with opened as (update period set closed_at = null where closed_at is not null and end_date <> 'infinity' returning end_date)
    select array_agg(end_date) into v_was_closed from opened where end_date <> all (p_listed);
  insert into period (end_date) select unnest(p_listed) on conflict do nothing;
  foreach v_end in array p_needed loop perform ensure_period(v_end); end loop;
  perform open_town_runs(p_run, p_actor);
  perform copy_staged(p_run, p_actor);
  update run set state = 'posted', posted_at = case when id = p_run then clock_timestamp() else posted_at end,
    result = jsonb_build_object('runId', id, 'accounts', account_count, 'transactions', transaction_count, 'postings', posting_count, 'total', total::text)
    where id = p_run or import_run_id = p_run;
  select result into v_answer from run where id = p_run;
  insert into audit (actor, action, subject, subject_key, new)
    values (p_actor, 'post', 'run', p_run::text, v_answer || '{"kind": "town.import"}');
  update period set closed_at = clock_timestamp() where end_date = any (p_closed || v_was_closed);
  -- an empty town stages nothing else; emptying both tables at once is a tenth of deleting the rows
  if not exists (select from staged_transaction where run_id <> p_run) then truncate staged_posting, staged_transaction; end if;
  perform continue_numbers();
  return v_answer;
end $$;
