-- What changed for the accounts that alone were prepared again, against the preview that they were taken out of.
create or replace function ledger.compare_again(p_run bigint) returns void language sql security definer
  set search_path = pg_catalog, ledger, public, pg_temp as $$
  update run r set last_preview = r.last_preview || (
    select jsonb_build_object('added', '[]'::jsonb,
      'removed', coalesce(jsonb_agg(a.number order by number_order(a.number)) filter (where s.account_id is null), '[]'),
      'changed', coalesce(jsonb_agg(a.number order by number_order(a.number)) filter (where s.account_id is not null and s.lines <> w.value), '[]'))
    from jsonb_each(r.last_preview->'again') w join account a on a.id = w.key::int join customer c on c.id = a.customer_id and c.public
    left join staged_account s on s.run_id = r.id and s.account_id = a.id)
  where r.id = p_run and r.state = 'prepared'
$$;
