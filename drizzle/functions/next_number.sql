-- The next free number of a kind: the greatest all-digit number + 1, from 1001. It looks at hidden rows too, so that a
-- number is not proposed twice; it names no row.
create or replace function next_number(p_kind text) returns text language plpgsql stable security definer
  set search_path = pg_catalog, public, pg_temp as $$
declare v_next numeric;
begin
  if p_kind not in ('customer', 'location', 'demographic', 'note', 'service_order', 'contact', 'master_contact', 'deposit_agreement', 'arrangement') then raise exception 'no numbers of %', p_kind; end if;
  if p_kind = 'deposit_agreement' then
    select greatest(1001, max(x.number::numeric) + 1) into v_next
      from (select number from deposit_agreement union all select number from ledger.deposit) x where x.number ~ '^[0-9]{1,19}$';
    return coalesce(v_next, 1001)::text;
  end if;
  execute format('select greatest(1001, max(number::numeric) + 1) from %I where number ~ ''^[0-9]{1,19}$''', p_kind) into v_next;
  return coalesce(v_next, 1001)::text;
end $$;

-- The next account number of a customer: the customer's number, a point, two digits.
create or replace function next_account_number(p_customer text) returns text language sql stable security definer
  set search_path = pg_catalog, public, pg_temp as $$
  select p_customer || '.' || lpad((coalesce(max(substr(a.number, length(p_customer) + 2)::int), 0) + 1)::text, 2, '0')
  from account a where a.number like replace(replace(p_customer, '%', '\%'), '_', '\_') || '.%'
    and substr(a.number, length(p_customer) + 2) ~ '^[0-9]{1,4}$'
$$;
