-- Changes an unposted row as long as it is what was shown.
create or replace function ledger.change_entry(p_id int, p_version int, p_actor int, p_new jsonb) returns void language plpgsql
  security definer set search_path = pg_catalog, ledger, public, pg_temp as $$
declare o batch_entry; e batch_entry;
begin
  select * into o from batch_entry where id = p_id and removed_at is null for update;
  if not found or o.version <> p_version then
    raise exception 'Somebody else changed this row since it was shown. Nothing was changed.' using errcode = 'LG008';
  end if;
  perform open_batch(o.run_id, p_actor);
  update batch_entry set date = (p_new->>'date')::date, amount = (p_new->>'amount')::numeric, description = p_new->>'description',
    input = p_new->'input', version = version + 1 where id = p_id returning * into e;
  perform audit_entry(p_actor, 'change', to_jsonb(o), to_jsonb(e), null);
end $$;
