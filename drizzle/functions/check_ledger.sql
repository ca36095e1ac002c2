-- The proof: one row per invariant with its number of faults and the accounts at fault.
create or replace function ledger.check_ledger() returns table (name text, faults bigint, accounts text[])
  language plpgsql stable security definer set search_path = pg_catalog, ledger, public, pg_temp
  set work_mem = '256MB' set jit = off as $$
declare c record;
begin
  for c in select * from ledger.invariants() loop
    name := c.name;
    execute format('select count(*), (array_agg(distinct coalesce(a.number, ''-'')) filter (where x.account_id is not null))[1:50]
      from (%s) x left join account a on a.id = x.account_id', c.faulty) into faults, accounts;
    accounts := coalesce(accounts, '{}');
    return next;
  end loop;
end $$;
