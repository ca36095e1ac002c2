-- A prepared run that nobody wants: its staged rows go, the run stays as a record.
create or replace function ledger.cancel_run(p_run bigint, p_actor int) returns void language plpgsql security definer
  set search_path = pg_catalog, ledger, public, pg_temp as $$
begin
  update run set state = 'cancelled' where id = p_run and state in ('preparing', 'prepared', 'failed');
  if not found then raise exception 'run % cannot be cancelled', p_run using errcode = 'LG008'; end if;
  perform sweep_staged(p_run);
  insert into audit (actor, action, subject, subject_key) values (p_actor, 'cancel', 'run', p_run::text);
end $$;
