-- Whether a master contact exists for people who do not see private customers: it does while something that they may see
-- names it, or nothing does and it was not held back when the last record left it. What went into another one counts by
-- what it brought there; one that was removed by what it was then (product.md 3.20).
create or replace function master_shown(p_id int) returns boolean language sql stable security definer
  set search_path = pg_catalog, public, pg_temp as $$
  with of_it as (
    select id as customer_id, null::int as contact_id from customer where master_contact_id = p_id
    union all select null, id from contact where master_contact_id = p_id
    union all select customer_id, contact_id from master_moved where master_contact_id = p_id)
  select case when exists (select from of_it) then exists (select from of_it x left join contact k on k.id = x.contact_id
      left join customer c on c.id = coalesce(x.customer_id, k.customer_id) where c.public is not false)
    else not coalesce((select held_back from master_contact where id = p_id),
      (select bool_or((old->>'held_back')::boolean) from audit where subject = 'master_contact' and subject_key = p_id::text and action = 'delete'), false) end
$$;
