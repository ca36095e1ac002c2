-- A master contact that a record leaves stays as it was shown then: of private records alone, it stays unseen until it has
-- a public one, though nothing names it any more (product.md 3.20).
create or replace function hold_master_back() returns trigger language plpgsql security definer
  set search_path = pg_catalog, public, pg_temp as $$
declare v_by int := (case when tg_op = 'DELETE' then old.changed_by else new.changed_by end);
  v_back boolean := not master_shown(old.master_contact_id);
begin
  update master_contact set held_back = v_back, changed_by = v_by where id = old.master_contact_id and held_back <> v_back;
  return case when tg_op = 'DELETE' then old else new end;
end $$;

do $$
declare v_table text;
begin
  foreach v_table in array array['customer', 'contact'] loop
    execute format('create or replace trigger b_held_back before update of master_contact_id on public.%I for each row
      when (old.master_contact_id is not null and new.master_contact_id is distinct from old.master_contact_id)
      execute function hold_master_back()', v_table);
    execute format('create or replace trigger b_held_back_gone before delete on public.%I for each row
      when (old.master_contact_id is not null) execute function hold_master_back()', v_table);
  end loop;
end $$;
