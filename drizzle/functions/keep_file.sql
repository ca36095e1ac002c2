-- A file of a run: named in run_file, its bytes in chunks.
create or replace function ledger.keep_run_file(p_run bigint, p_name text, p_file int, p_private boolean) returns void
  language sql security definer set search_path = pg_catalog, ledger, pg_temp as $$
  insert into run_file (run_id, name, file_id, holds_private) values (p_run, p_name, p_file, p_private)
    on conflict (run_id, name) do update set file_id = excluded.file_id, holds_private = excluded.holds_private
$$;
