-- The private customers, few in any town: what a row policy leaves out, asked once for a statement and not once for a row.
create or replace function private_customers() returns int[] language plpgsql stable security definer
  set search_path = pg_catalog, public, pg_temp as $$
begin
  return array(select id from customer where not public);
end $$;
