-- What changed since the last preview of the same routine: its totals, and the accounts added, removed and changed.
create or replace function ledger.compare_previews(p_run bigint) returns void language plpgsql security definer
  set search_path = pg_catalog, ledger, public, pg_temp as $$
declare r run; o run; v_changes jsonb;
begin
  select * into r from run where id = p_run;
  select * into o from run where kind = r.kind and prepared_by = r.prepared_by and state in ('prepared', 'posted') and id < p_run
    order by id desc limit 1;
  if not found then return; end if;
  select jsonb_build_object(
      'added', coalesce(jsonb_agg(number order by number_order(number)) filter (where was is null), '[]'),
      'removed', coalesce(jsonb_agg(number order by number_order(number)) filter (where now is null), '[]'),
      'changed', coalesce(jsonb_agg(number order by number_order(number)) filter (where was is not null and now is not null and was <> now), '[]'))
    into v_changes
    from (select a.number, jsonb_agg(x.lines) filter (where x.run_id = o.id) was, jsonb_agg(x.lines) filter (where x.run_id = r.id) now
          from staged_account x join account a on a.id = x.account_id join customer c on c.id = a.customer_id and c.public
          where x.run_id in (o.id, r.id) group by a.number) d;
  update run set last_preview = jsonb_build_object('runId', o.id, 'at', o.prepared_at, 'count', o.account_count, 'total', o.total::text,
      'fees', o.fees::text) || v_changes || ledger.public_preview(o) where id = p_run and state = 'prepared';
end $$;
