-- A preview's count and totals without private customers, for those who may not see them (product.md 3.20).
create or replace function ledger.public_preview(p_run ledger.run) returns jsonb language sql stable
  set search_path = pg_catalog, ledger, public, pg_temp as $$
  select jsonb_build_object('publicCount', p_run.account_count - count(distinct s.account_id),
    'publicTotal', (p_run.total - coalesce(sum(counted_amount(l)), 0))::numeric(16, 2)::text,
    'publicFees', (coalesce(p_run.fees, 0) - coalesce(sum((l->>'amount')::numeric) filter (where l->>'type' = 'Fee'), 0))::numeric(16, 2)::text)
  from staged_account s join account a on a.id = s.account_id join customer c on c.id = a.customer_id and not c.public
  left join lateral jsonb_array_elements(s.lines) l on true where s.run_id = p_run.id
$$;
