-- The gapless receipt counter: the row is locked until the posting commits, so a refused posting leaves no gap.
create or replace function ledger.next_receipt(p_receipt jsonb, p_actor int) returns text language plpgsql
  set search_path = pg_catalog, ledger, pg_temp as $$
declare v_number text;
begin
  update counter set value = value + 1 where name = 'receipt' returning value::text into v_number;
  insert into receipt (number, date, taken_by, drawer, tenders, total)
    values (v_number, (p_receipt->>'date')::date, p_actor, p_receipt->>'drawer', p_receipt->'tenders', (p_receipt->>'total')::numeric);
  return v_number;
end $$;
