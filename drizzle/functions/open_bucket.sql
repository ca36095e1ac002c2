-- Unpaid buckets with their due date, as src/ledger/due.ts and `bucketDue` in src/accounts/sums.ts have it for one account:
-- the latest of the bucket's charges not reversed, a Bill's or Misc's its date plus the due days, else the date itself
-- (product.md 3.5). A charge that took up open credit belongs to its own period. A payment moved away, a payment returned
-- and a mend are no charges: they make nothing due later. A bucket without a charge is due at its period's end.
create or replace view ledger.open_bucket with (security_invoker = true) as
  select o.account_id, o.service_id, o.aging_period, o.unpaid, coalesce(
    (select max(coalesce(t.due_date, t.transaction_date + case when t.type in ('Bill', 'Misc')
        then coalesce(y.due_days, (select value::int from public.setting where name = 'due_days' and value <> ''), 20) else 0 end))
      from ledger.transaction t
      join ledger.posting p on p.period = t.period and p.transaction_id = t.id
      where t.account_id = o.account_id and t.period >= o.aging_period
        and t.type in ('Bill', 'Pen', 'Int', 'Misc', 'Adj', 'Open') and coalesce(t.source_key, '') not like 'move/%'
        and p.service_id = o.service_id and coalesce(nullif(p.aging_period, 'infinity'), t.period) = o.aging_period
        and p.amount > 0 and p.subledger = 'utility'
        and not exists (select from ledger.transaction v where v.reverses_id = t.id)), o.aging_period) as due_date
  from ledger.open_item o
  join public.account a on a.id = o.account_id
  join public.location n on n.id = a.location_id
  left join public.cycle y on y.id = n.cycle_id
  where o.aging_period <> 'infinity';
