-- Order of the town's numbers: digit runs as numbers, so 999.10 stands before 1000.01. Numbers have at most 20 characters.
create or replace function ledger.number_order(p_number text) returns text language sql immutable parallel safe as $$
  select regexp_replace(regexp_replace(p_number, '(\d+)', '00000000000000000000\1', 'g'), '0*(\d{20})(?!\d)', '\1', 'g') collate "C"
$$;
