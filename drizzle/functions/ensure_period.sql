-- Missing months are made open when first needed: contiguous month ends out from the listed periods (product.md 3.17).
-- None is made before a closed one: what is posted there would change the figures of the closed months.
create or replace function ledger.ensure_period(p_end date) returns void language plpgsql security definer
  set search_path = pg_catalog, ledger, pg_temp as $$
declare v_first date; v_last date;
begin
  if exists (select from period where end_date = p_end) then return; end if;
  if p_end <> (date_trunc('month', p_end) + interval '1 month - 1 day')::date then
    raise exception 'no period ends on %', p_end using errcode = 'LG002', detail = p_end::text;
  end if;
  if p_end < (select max(end_date) from period where closed_at is not null and end_date <> 'infinity') then
    raise exception 'period % ends before a closed one', p_end using errcode = 'LG003', detail = p_end::text;
  end if;
  select min(end_date), max(end_date) into v_first, v_last from period where end_date <> 'infinity';
  insert into period (end_date)
    select (m + interval '1 month - 1 day')::date
    from generate_series(date_trunc('month', least(p_end, coalesce(v_last, p_end) + 1)), date_trunc('month', greatest(p_end, coalesce(v_first, p_end) - 1)), interval '1 month') m
    where (m + interval '1 month - 1 day')::date not between coalesce(v_first, 'infinity'::date) and coalesce(v_last, '-infinity'::date)
       or (m + interval '1 month - 1 day')::date = p_end
    on conflict do nothing;
end $$;
