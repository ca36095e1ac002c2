create index if not exists customer_number_order on customer (ledger.number_order(number), number);
create index if not exists location_number_order on location (ledger.number_order(number), number);
create index if not exists account_number_order on account (ledger.number_order(number), number);

-- The accounts next to a number on both sides: nearness 1 is the next one, -1 the one before. It names ids only and
-- looks past what the caller may see: the caller's own row policy decides which of them is shown (under a policy an
-- index is not searched by a computed key).
drop function if exists accounts_near(text, boolean);
create or replace function accounts_near(p_number text) returns table (id int, nearness bigint)
  language plpgsql stable security definer rows 50 set search_path = pg_catalog, public, ledger, pg_temp as $$
declare v_order constant text := number_order(p_number); -- once, and not for every account that it is compared with
begin
  return query select a.id, row_number() over () from (select x.id from account x
      where (number_order(x.number), x.number) > (v_order, p_number) order by number_order(x.number), x.number limit 25) a
    union all select b.id, -row_number() over () from (select x.id from account x
      where (number_order(x.number), x.number) < (v_order, p_number) order by number_order(x.number) desc, x.number desc limit 25) b;
end $$;
