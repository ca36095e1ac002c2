-- Opens a closed period again; what was posted since it closed is judged by the new closing.
create or replace function ledger.reopen_period(p_end date, p_actor int, p_reason text) returns void language plpgsql security definer
  set search_path = pg_catalog, ledger, public, pg_temp as $$
begin
  if p_end = 'infinity' then raise exception 'no period %', p_end using errcode = 'LG002'; end if;
  update period set closed_at = null where end_date = p_end and closed_at is not null;
  if not found then raise exception 'period % is not closed', p_end using errcode = 'LG002'; end if;
  insert into audit (actor, action, subject, subject_key, reason) values (p_actor, 'reopen', 'period', p_end::text, p_reason);
end $$;
