-- The latest installation stands on the meter and begins after all of the table `installation` have ended.
create or replace function guard_installation() returns trigger language plpgsql security definer
  set search_path = pg_catalog, public, pg_temp as $$
declare v_meter int := case tg_table_name when 'meter' then (to_jsonb(new)->>'id')::int else (to_jsonb(new)->>'meter_id')::int end;
begin
  if exists (select from installation i join meter m on m.id = i.meter_id
      where i.meter_id = v_meter and (m.location_id is null or m.install_date is null or m.install_date < i.remove_date)) then
    raise exception 'a meter is at one place at a time' using errcode = '23P01', constraint = 'installation_once';
  end if;
  return null;
end $$;

drop trigger if exists guard_installation on installation;
create constraint trigger guard_installation after insert or update on installation
  deferrable initially deferred for each row execute function guard_installation();
drop trigger if exists guard_installation on meter;
create constraint trigger guard_installation after update of location_id, install_date on meter
  deferrable initially deferred for each row execute function guard_installation();
