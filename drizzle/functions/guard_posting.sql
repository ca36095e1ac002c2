-- Every transaction arrives whole, sums to zero, agrees with its header, and belongs to the run being posted.
-- The join goes through EXECUTE: a static statement would keep the plan of its first call in the session.
create or replace function ledger.guard_posting() returns trigger language plpgsql
  set search_path = pg_catalog, ledger, pg_temp as $$
declare v_bad bigint; v_run bigint; v_last bigint; v_rows bigint; v_entered bigint;
begin
  execute 'select min(t.run_id), max(t.run_id), sum(p.n), min(p.transaction_id) filter (where p.total <> 0 or p.n <> t.posting_count
      or t.run_id is null or p.low <> t.account_id or p.high <> t.account_id or (t.account_id is null and p.low is not null)
      or p.period <> t.period or p.period <> p.last_period)
    from (select transaction_id, sum(amount) total, count(*) n, min(account_id) low, max(account_id) high,
            min(period) period, max(period) last_period from new_posting group by transaction_id) p
    left join transaction t on t.id = p.transaction_id' into v_run, v_last, v_rows, v_bad;
  if v_bad is not null then
    raise exception 'transaction % is not whole: postings must sum to zero and match the header', v_bad using errcode = 'LG005';
  end if;
  if v_rows is null then return null; end if;
  if v_run <> v_last then
    execute 'update run r set entered_postings = r.entered_postings + n.rows
      from (select t.run_id, count(*) as rows from new_posting p join transaction t on t.id = p.transaction_id group by 1) n
      where r.id = n.run_id and r.state = ''posting''';
    get diagnostics v_entered = row_count;
    if v_entered <> (select count(distinct t.run_id) from new_posting p join transaction t on t.id = p.transaction_id) then
      raise exception 'a run of these postings is not being posted' using errcode = 'LG002';
    end if;
    return null;
  end if;
  update run set entered_postings = entered_postings + v_rows where id = v_run and state = 'posting';
  if not found then raise exception 'run % is not being posted', v_run using errcode = 'LG002'; end if;
  return null;
end $$;

create or replace trigger a_guard after insert on ledger.posting referencing new table as new_posting
  for each statement execute function ledger.guard_posting();
