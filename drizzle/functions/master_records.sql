-- How many records name a master contact, hidden ones too: one that has only hidden ones is hidden itself, and what is
-- not shown is said (product.md 3.20). It names no row.
create or replace function master_records(p_id int) returns int language sql stable security definer
  set search_path = pg_catalog, public, pg_temp as $$
  select ((select count(*) from customer where master_contact_id = p_id) + (select count(*) from contact where master_contact_id = p_id))::int
$$;
