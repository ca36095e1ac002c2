-- The import and the runs that came with it, as prepared and then as being posted, with what each is to bring: the
-- import brings what belongs to none of the others.
create or replace function ledger.open_town_runs(p_run bigint, p_actor int) returns void language plpgsql
  set search_path = pg_catalog, ledger, pg_temp as $$
declare v_others text := '';
begin
  if exists (select from run where import_run_id = p_run) then
    execute 'update run r set state = ''prepared'', account_count = (select count(*) from staged_account a where a.run_id = r.id),
        transaction_count = coalesce(n.transactions, 0), posting_count = coalesce(n.postings, 0)
      from run x left join (select run_number, count(*) as transactions, sum(posting_count) as postings from staged_transaction
        where run_id = $1 group by 1) n on n.run_number = x.number
      where x.import_run_id = $1 and r.id = x.id' using p_run;
    v_others := ' and not exists (select from run x where x.import_run_id = $1 and x.number = t.run_number)';
  end if;
  execute 'update run set state = ''prepared'', account_count = (select count(*) from account_ledger),
      (transaction_count, posting_count) = (select count(*), coalesce(sum(t.posting_count), 0) from staged_transaction t where t.run_id = $1' || v_others || '),
      total = (select coalesce(sum(p.amount), 0) from staged_posting p ' ||
        case v_others when '' then '' else 'join staged_transaction t on t.run_id = $1 and t.id = p.transaction_id ' end || '
        where p.run_id = $1 and p.subledger = ''utility''' || v_others || ')
    where id = $1' using p_run;
  update run set state = 'posting', posted_by = case when id = p_run then p_actor else posted_by end where id = p_run or import_run_id = p_run;
end $$;
