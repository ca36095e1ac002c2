-- A whole town in one statement: set-up rows with the rights of the caller, then what only the ledger's owner may write.
-- Set-up rows wait in staged_effect as JSON, a chunk of rows of one table each, in the order of their references.
create or replace function ledger.import_town(p_run bigint, p_actor int, p_options jsonb, p_listed date[], p_needed date[], p_closed date[])
  returns jsonb language plpgsql set search_path = pg_catalog, ledger, public, pg_temp as $$
declare e record;
begin
  lock table customer, location, account in share row exclusive mode;
  if exists (select from customer) or exists (select from location) or exists (select from account) then
    raise exception 'the town is not empty' using errcode = 'LG015';
  end if;
  for e in select note, old, new from staged_effect where run_id = p_run and kind = 'set_up' and note like 'public.%' order by line loop
    perform load_rows(e.note::regclass, e.old, e.new);
  end loop;
  return post_town(p_run, p_actor, p_options, p_listed, p_needed, p_closed);
end $$;
