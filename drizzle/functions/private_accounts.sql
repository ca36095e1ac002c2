-- The accounts of private customers, as `private_customers`.
create or replace function private_accounts() returns int[] language plpgsql stable security definer
  set search_path = pg_catalog, public, pg_temp as $$
begin
  return array(select id from account where customer_id = any (array(select c.id from customer c where not c.public)));
end $$;
