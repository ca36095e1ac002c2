-- Kept sums of the three customer books; their CHECKs refuse whatever would overpay a bucket, a tax year or a deposit. A
-- deposit belongs to one account: money of another is refused.
create or replace function ledger.keep_subledgers() returns trigger language plpgsql
  set search_path = pg_catalog, ledger, pg_temp as $$
declare v_deposits bigint; v_foreign int;
begin
  execute 'merge into open_item o
    using (select account_id, service_id, aging_period, sum(amount) amount from new_posting where subledger = ''utility''
             group by 1, 2, 3 having sum(amount) <> 0 order by 1, 2, 3) d
    on o.account_id = d.account_id and o.service_id = d.service_id and o.aging_period = d.aging_period
    when matched and o.unpaid + d.amount = 0 then delete
    when matched then update set unpaid = o.unpaid + d.amount
    when not matched then insert values (d.account_id, d.service_id, d.aging_period, d.amount)';
  execute 'merge into certified_balance c
    using (select account_id, tax_year, sum(amount) amount from new_posting where subledger = ''certified''
             group by 1, 2 having sum(amount) <> 0 order by 1, 2) d
    on c.account_id = d.account_id and c.tax_year = d.tax_year
    when matched and c.balance + d.amount = 0 then delete
    when matched then update set balance = c.balance + d.amount
    when not matched then insert values (d.account_id, d.tax_year, d.amount)';
  execute 'merge into deposit_balance c
    using (select account_id, coalesce(service_id, 0) service_id, deposit_id, sum(amount) amount from new_posting
             where subledger = ''deposit'' group by 1, 2, 3 having sum(amount) <> 0 order by 1, 2, 3) d
    on c.account_id = d.account_id and c.service_id = d.service_id and c.deposit_id = d.deposit_id
    when matched and c.balance + d.amount = 0 then delete
    when matched then update set balance = c.balance + d.amount
    when not matched then insert values (d.account_id, d.service_id, d.deposit_id, d.amount)';
  get diagnostics v_deposits = row_count;
  if v_deposits > 0 then
    execute 'select min(p.deposit_id) from new_posting p left join deposit d on d.id = p.deposit_id
      where p.subledger = ''deposit'' and d.account_id is distinct from p.account_id' into v_foreign;
    if v_foreign is not null then
      raise exception 'deposit % is a deposit of another account', v_foreign using errcode = 'LG005';
    end if;
  end if;
  return null;
end $$;

create or replace trigger b_subledgers after insert on ledger.posting referencing new table as new_posting
  for each statement execute function ledger.keep_subledgers();
