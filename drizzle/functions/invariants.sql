-- Each invariant as a query that returns its faults with their account; nothing returned = it holds.
create or replace function ledger.invariants() returns table (name text, faulty text) language sql immutable as $invariants$ values
  ('transactions_whole', $$select t.account_id from transaction t left join (select period, transaction_id, sum(amount) total, count(*) n,
      min(account_id) low, max(account_id) high from posting group by 1, 2) p on p.period = t.period and p.transaction_id = t.id
    where p.n is distinct from t.posting_count or p.total <> 0 or p.low <> t.account_id or p.high <> t.account_id
    union all select p.account_id from posting p where not exists (select from transaction t where t.id = p.transaction_id and t.period = p.period)$$),
  ('open_items', $$select coalesce(a.account_id, b.account_id) account_id from open_item a full join (select account_id, service_id, aging_period,
      sum(amount) unpaid from posting where subledger = 'utility' group by 1, 2, 3 having sum(amount) <> 0) b
      on a.account_id = b.account_id and a.service_id = b.service_id and a.aging_period = b.aging_period where a.unpaid is distinct from b.unpaid$$),
  ('certification_balances', $$select coalesce(a.account_id, b.account_id) account_id from certified_balance a full join (select account_id, tax_year,
      sum(amount) balance from posting where subledger = 'certified' group by 1, 2 having sum(amount) <> 0) b
      on a.account_id = b.account_id and a.tax_year = b.tax_year where a.balance is distinct from b.balance$$),
  ('deposits', $$select coalesce(a.account_id, b.account_id) account_id from deposit_balance a full join (select account_id, coalesce(service_id, 0) service_id,
      deposit_id, sum(amount) balance from posting where subledger = 'deposit' group by 1, 2, 3 having sum(amount) <> 0) b
      on a.account_id = b.account_id and a.service_id = b.service_id and a.deposit_id = b.deposit_id where a.balance is distinct from b.balance$$),
  ('deposit_accounts', $$select p.account_id from posting p left join deposit d on d.id = p.deposit_id
    where p.subledger = 'deposit' and d.account_id is distinct from p.account_id$$),
  ('journal', $$select null::int account_id from (select period, gl_account_id, service_id, sum(debit - credit) total from journal group by 1, 2, 3) a
      full join (select period, gl_account_id, service_id, sum(amount) total from posting group by 1, 2, 3) b
      on a.period = b.period and a.gl_account_id = b.gl_account_id and a.service_id is not distinct from b.service_id
    where coalesce(a.total, 0) <> coalesce(b.total, 0)$$),
  ('source_keys', $$select coalesce(a.account_id, b.account_id) account_id
    from (select t.account_id, t.id, t.source_key from transaction t where t.source_key is not null
            and not exists (select from transaction v where v.reverses_id = t.id)) a
    full join (select l.source_key, l.transaction_id, t.account_id from live_source l left join transaction t on t.id = l.transaction_id) b
      on a.source_key = b.source_key and a.id = b.transaction_id where a.id is null or b.transaction_id is null$$),
  ('reversals', $$select r.account_id from (select t.account_id, t.id, p.gl_account_id, p.subledger, p.service_id, p.tax_year, p.deposit_id, p.aging_period, p.amount
        from transaction t join posting p on p.period = t.period and p.transaction_id = t.id where t.reverses_id is not null
      union all select t.account_id, t.id, p.gl_account_id, p.subledger, p.service_id, p.tax_year, p.deposit_id, p.aging_period, p.amount
        from transaction t join transaction o on o.id = t.reverses_id join posting p on p.period = o.period and p.transaction_id = o.id) r
    group by r.account_id, r.id, r.gl_account_id, r.subledger, r.service_id, r.tax_year, r.deposit_id, r.aging_period having sum(r.amount) <> 0$$),
  ('runs_whole', $$select null::int account_id from run r left join (select run_id, count(*) n, sum(posting_count) p from transaction group by 1) t on t.run_id = r.id
    where r.state = 'posted' and (coalesce(t.n, 0) <> r.transaction_count or coalesce(t.p, 0) <> r.posting_count) or r.state = 'posting'$$),
  ('closed_periods', $$select t.account_id from transaction t join period p on p.end_date = t.period join run r on r.id = t.run_id
    where r.posted_at > p.closed_at and r.kind <> 'town.import' and r.import_run_id is null$$),
  ('certifications_posted', $$select c.account_id from certification c
    left join (select certification_id, sum(certified - paid_before - withdrawn) posted from certification_line group by 1) l on l.certification_id = c.id
    left join (select t.id, -sum(p.amount) posted from transaction t join posting p on p.period = t.period and p.transaction_id = t.id
      where t.type = 'PAdj' and p.subledger = 'utility' group by 1) t on t.id = c.padj_id
    where c.updated_date is not null and coalesce(l.posted, 0) <> coalesce(t.posted, 0)
        and not (c.padj_id is null and exists (select from run r where r.id = c.run_id and (r.kind = 'town.import' or r.import_run_id is not null)))
       or c.updated_date is null and c.padj_id is not null
       or exists (select from transaction v where v.reverses_id = c.padj_id)$$),
  ('certification_claims', $$select coalesce(a.account_id, b.account_id) account_id from certification_claim a full join (select c.account_id, l.service_id, l.aging_period, c.id
      from certification c join certification_line l on l.certification_id = c.id where c.updated_date is null and c.withdrawn_at is null
        and l.certified - l.paid_before - l.withdrawn > 0) b on a.account_id = b.account_id and a.service_id = b.service_id
        and a.aging_period = b.aging_period and a.certification_id = b.id where a.account_id is null or b.account_id is null$$),
  ('receipts_gapless', $$select null::int account_id from (select count(*) n, max(number::bigint) high, min(number::bigint) low from receipt) r
    where r.n > 0 and r.high - r.low + 1 <> r.n$$),
  ('files_whole', $$select null::int account_id from file f left join (select file_id, sum(length(bytes)) bytes from file_chunk group by 1) c on c.file_id = f.id
    where coalesce(c.bytes, 0) <> f.bytes$$)
$invariants$;
