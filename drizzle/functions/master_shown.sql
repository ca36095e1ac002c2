-- Whether a master contact exists for people who do not see private customers: it does while nothing names it, or something
-- that they may see does. What went into another one counts by what it brought there (product.md 3.20).
create or replace function master_shown(p_id int) returns boolean language sql stable security definer
  set search_path = pg_catalog, public, pg_temp as $$
  with of_it as (
    select id as customer_id, null::int as contact_id from customer where master_contact_id = p_id
    union all select null, id from contact where master_contact_id = p_id
    union all select customer_id, contact_id from master_moved where master_contact_id = p_id)
  select not exists (select from of_it) or exists (select from of_it x left join contact k on k.id = x.contact_id
    left join customer c on c.id = coalesce(x.customer_id, k.customer_id) where c.public is not false)
$$;
