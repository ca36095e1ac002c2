-- Waits for every post in flight (they hold the period's key share), then stamps the moment after the wait.
create or replace function ledger.close_period(p_end date, p_actor int) returns void language plpgsql security definer
  set search_path = pg_catalog, ledger, public, pg_temp as $$
begin
  perform from period where end_date = p_end for update;
  if not found then raise exception 'no period %', p_end using errcode = 'LG002'; end if;
  update period set closed_at = clock_timestamp() where end_date = p_end and closed_at is null;
  insert into audit (actor, action, subject, subject_key) values (p_actor, 'close', 'period', p_end::text);
end $$;
