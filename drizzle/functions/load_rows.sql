-- Rows of a town folder into one table: JSON objects with the same keys. A row that is there already takes their values;
-- `replaces` empties the table first; without a key to conflict on the rows are all new. Runs with the rights of whoever calls it.
create or replace function ledger.load_rows(p_table regclass, p_how jsonb, p_rows jsonb) returns void language plpgsql
  set search_path = pg_catalog, pg_temp as $$
declare v_columns text; v_sets text; v_conflict text; v_version text := '';
begin
  if (p_how->>'replaces')::boolean then execute format('delete from %s', p_table); end if;
  select string_agg(quote_ident(k), ', '), string_agg(format('%1$I = excluded.%1$I', k), ', ') filter (where not p_how->'conflict' ? k)
    into v_columns, v_sets from jsonb_object_keys(p_rows->0) k;
  if v_columns is null then return; end if;
  if exists (select from pg_attribute where attrelid = p_table and attname = 'version' and not attisdropped) then
    v_version := ', version = t.version + 1';
  end if;
  select string_agg(quote_ident(c), ', ') into v_conflict from jsonb_array_elements_text(p_how->'conflict') c;
  execute format('insert into %1$s as t (%2$s) select %2$s from jsonb_populate_recordset(null::%1$s, $1)', p_table, v_columns)
    || coalesce(' on conflict (' || v_conflict || ') do update set ' || v_sets || v_version, '') using p_rows;
end $$;
