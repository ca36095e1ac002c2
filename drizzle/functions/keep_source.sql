-- One live transaction per source key; a reversal frees the key, and nothing else does.
create or replace function ledger.keep_source() returns trigger language plpgsql
  set search_path = pg_catalog, ledger, pg_temp as $$
declare v_bad text;
begin
  if exists (select from new_transaction where reverses_id is not null) then
    execute 'select min(n.id)::text from new_transaction n left join transaction o on o.id = n.reverses_id
      where n.reverses_id is not null and (o.id is null or o.reverses_id is not null or o.account_id is distinct from n.account_id)'
      into v_bad;
    if v_bad is not null then
      raise exception 'transaction % reverses a reversal or another account', v_bad using errcode = 'LG006';
    end if;
    execute 'delete from live_source l using new_transaction n join transaction o on o.id = n.reverses_id
      where l.source_key = o.source_key';
  end if;
  if exists (select from new_transaction where reverses_id is not null) then
    -- an import brings an original and its reversal in one statement: that key is never live
    execute 'insert into live_source (source_key, transaction_id) select n.source_key, n.id from new_transaction n
      where n.source_key is not null and not exists (select from new_transaction r where r.reverses_id = n.id)';
  else
    insert into live_source (source_key, transaction_id) select source_key, id from new_transaction where source_key is not null;
  end if;
  return null;
exception when unique_violation then
  select n.source_key into v_bad from new_transaction n
    where exists (select from live_source l where l.source_key = n.source_key) order by 1 limit 1;
  raise exception 'source key % is already posted', v_bad using errcode = 'LG004', detail = coalesce(v_bad, sqlerrm);
end $$;

create or replace trigger b_source after insert on ledger.transaction referencing new table as new_transaction
  for each statement execute function ledger.keep_source();
