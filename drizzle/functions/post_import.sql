-- A town's history in one statement: the periods it comes with open, its run posts, those marked closed close.
create or replace function ledger.post_import(p_run bigint, p_preview_hash text, p_actor int, p_periods date[], p_closed date[])
  returns jsonb language plpgsql security definer set search_path = pg_catalog, ledger, public, pg_temp as $$
declare v_answer jsonb;
begin
  insert into period (end_date) select unnest(p_periods) on conflict do nothing;
  v_answer := post_run(p_run, p_preview_hash, p_actor);
  update period set closed_at = clock_timestamp() where end_date = any (p_closed) and closed_at is null;
  perform setval('transaction_id', greatest(nextval('transaction_id'),
    coalesce((select max(number::bigint) + 1 from transaction where number ~ '^\d{1,17}$'), 0)));
  perform setval('certification_id', greatest(nextval('certification_id'),
    coalesce((select max(number::bigint) + 1 from certification where number ~ '^\d{1,9}$'), 0)));
  update counter set value = greatest(value, coalesce((select max(receipt::bigint) from transaction where receipt ~ '^\d{1,17}$'), 0))
    where name = 'receipt';
  return v_answer;
end $$;
