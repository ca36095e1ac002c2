-- Takes an unposted row out of its batch. The row stays, for its receipt keeps its number.
create or replace function ledger.remove_entry(p_id int, p_actor int, p_reason text) returns void language plpgsql
  security definer set search_path = pg_catalog, ledger, public, pg_temp as $$
declare o batch_entry; e batch_entry;
begin
  select * into o from batch_entry where id = p_id for update;
  if not found or o.removed_at is not null then
    raise exception 'This row was taken out of its batch already.' using errcode = 'LG008';
  end if;
  perform open_batch(o.run_id, p_actor);
  update batch_entry set removed_at = now(), removed_by = p_actor, version = version + 1 where id = p_id returning * into e;
  perform audit_entry(p_actor, 'delete', to_jsonb(o), to_jsonb(e), p_reason);
end $$;
