-- After an import brought ids and numbers of its own: every sequence and counter goes on behind the greatest.
-- All-digit numbers of more than 15 digits are text, for their successors could not be told apart in TypeScript.
create or replace function ledger.continue_numbers() returns void language plpgsql
  set search_path = pg_catalog, ledger, public, pg_temp as $$
declare t record;
begin
  for t in select c.oid::regclass::text as name, pg_get_serial_sequence(c.oid::regclass::text, 'id') as seq
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'id' and a.attidentity <> ''
      where c.relkind = 'r' and c.relnamespace in ('public'::regnamespace, 'ledger'::regnamespace) and c.relname <> 'audit' loop
    execute format('select setval(%L, max(id)) from %s having max(id) >= (select last_value from %s)', t.seq, t.name, t.seq);
  end loop;
  perform setval(pg_get_serial_sequence('ledger.run', 'id'), greatest(max(id), (select max(n) from (
      select max(number::bigint) n from run where number ~ '^\d{1,15}$'
      union all select max(run_number::bigint) from transaction where run_number ~ '^\d{1,15}$'
      union all select max(run_number::bigint) from certification where run_number ~ '^\d{1,15}$') x))) from run having count(*) > 0;
  perform setval('transaction_id', greatest(max(id), max(number::bigint) filter (where number ~ '^\d{1,15}$')))
    from transaction having count(*) > 0;
  perform setval('certification_id', max(id)) from certification having count(*) > 0;
  perform setval(pg_get_serial_sequence('ledger.statement', 'id'), greatest(max(id), max(number::bigint) filter (where number ~ '^\d{1,9}$')))
    from statement having count(*) > 0;
  update counter set value = greatest(value, (select max(receipt::bigint) from transaction where receipt ~ '^\d{1,15}$'),
    (select max(number::bigint) from receipt where number ~ '^\d{1,15}$')) where name = 'receipt';
end $$;
