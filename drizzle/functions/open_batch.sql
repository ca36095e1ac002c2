-- The batch that takes a row (product.md 1.3): the one named, else the clerk's newest open one, else a new one. A batch that
-- was prepared is open again by that: its preview goes.
create or replace function ledger.open_batch(p_run bigint, p_actor int) returns bigint language plpgsql
  set search_path = pg_catalog, ledger, pg_temp as $$
declare r run;
begin
  if p_run is null then
    -- a clerk's first two rows of the day may come at the same moment
    perform pg_advisory_xact_lock(hashtext('payments.batch'), p_actor);
    select * into r from run where kind = 'payments.batch' and prepared_by = p_actor and state in ('preparing', 'prepared', 'failed')
      order by id desc limit 1 for no key update;
    if not found then
      insert into run (kind, prepared_by) values ('payments.batch', p_actor) returning * into r;
    end if;
  else
    select * into r from run where id = p_run and kind = 'payments.batch' for no key update;
    if not found then raise exception 'there is no batch %', p_run using errcode = 'LG002'; end if;
    if r.state not in ('preparing', 'prepared', 'failed') then
      raise exception 'Batch % is closed: what was in it is posted or taken back.', p_run using errcode = 'LG008';
    end if;
  end if;
  if r.state <> 'preparing' then perform prepare_again(r.id); end if;
  return r.id;
end $$;
