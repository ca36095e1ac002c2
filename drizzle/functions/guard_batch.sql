-- A batch is posted whole: a row that was added, changed or taken out while it was being prepared is not in its preview.
-- Deferred charges come with a payment and are no rows of their own.
create or replace function ledger.guard_batch() returns trigger language plpgsql
  set search_path = pg_catalog, ledger, pg_temp as $$
begin
  if exists (select from (select id, version from batch_entry where run_id = new.id and removed_at is null) e
      full join (select (facts->'entry'->>'id')::int as id, (facts->'entry'->>'version')::int as version
        from staged_transaction where run_id = new.id and facts->'deferred' is null) s on s.id = e.id and s.version = e.version
      where e.id is null or s.id is null) then
    raise exception 'batch % changed while it was being prepared', new.id using errcode = 'LG007';
  end if;
  return new;
end $$;

create or replace trigger guard_batch before update on ledger.run for each row
  when (new.kind = 'payments.batch' and new.state = 'posting' and old.state = 'prepared') execute function ledger.guard_batch();
