-- States only go forward; "posted" means that every prepared row arrived and every reversal is the exact opposite.
create or replace function ledger.guard_run() returns trigger language plpgsql
  set search_path = pg_catalog, ledger, pg_temp as $$
declare v_rows bigint; v_postings bigint;
begin
  if tg_op = 'DELETE' then
    if old.state in ('posting', 'posted') then raise exception 'run % is posted', old.id using errcode = 'LG001'; end if;
    return old;
  end if;
  if old.state = 'posted' or (old.state, new.state) not in (('preparing','prepared'), ('preparing','preparing'),
      ('preparing','cancelled'), ('preparing','failed'), ('failed','preparing'), ('failed','cancelled'), ('prepared','preparing'),
      ('prepared','cancelled'), ('prepared','prepared'), ('prepared','posting'), ('posting','posting'), ('posting','posted')) then
    raise exception 'run % cannot go from % to %', old.id, old.state, new.state using errcode = 'LG001';
  end if;
  if new.state = 'posted' then
    select count(*), coalesce(sum(posting_count), 0) into v_rows, v_postings from transaction where run_id = new.id;
    if (v_rows, v_postings) is distinct from (new.transaction_count::bigint, new.posting_count::bigint)
        or (v_rows, v_postings) <> (new.entered_transactions::bigint, new.entered_postings::bigint) then
      raise exception 'run %: prepared %/%, headers %/%, entered %/%', new.id, new.transaction_count, new.posting_count,
        v_rows, v_postings, new.entered_transactions, new.entered_postings using errcode = 'LG005';
    end if;
    if exists (select from transaction where run_id = new.id and reverses_id is not null) and ledger.unlike_reversal(new.id) is not null then
      raise exception 'transaction %: a reversal is not the exact opposite of its original', ledger.unlike_reversal(new.id)
        using errcode = 'LG006';
    end if;
  end if;
  return new;
end $$;

create or replace trigger guard before update or delete on ledger.run for each row execute function ledger.guard_run();
