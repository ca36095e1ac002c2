import type { Sql } from 'postgres'

/** A synthetic town by SQL alone: accounts 1.01 … n.01 with five services, their GL accounts and settings. */
export async function makeTown(owner: Sql, accounts: number): Promise<void> {
  await owner.unsafe(`
    insert into gl_account (number, name, type) select '11' || n, 'Receivable ' || n, 'asset' from generate_series(1, 5) n;
    insert into gl_account (number, name, type) select '41' || n, 'Revenue ' || n, 'revenue' from generate_series(1, 5) n;
    insert into gl_account (number, name, type) values ('1010', 'Cash', 'asset'), ('1150', 'Certified', 'asset'), ('4900', 'Fees', 'revenue'),
      ('2100', 'Open credit', 'liability');
    insert into service (code, name, sort, subject_to_certification, certification_periods, receivable_gl, revenue_gl)
      select 'S' || n, 'Service ' || n, n, true, 2, (select id from gl_account where number = '11' || n), (select id from gl_account where number = '41' || n)
      from generate_series(1, 5) n;
    insert into setting (name, value) values ('cash_gl', '1010'), ('certification_receivable_gl', '1150'), ('certification_fee_gl', '4900'),
      ('open_credit_gl', '2100'), ('timezone', 'UTC');
    insert into customer (number, name) select n::text, 'Customer ' || n from generate_series(1, ${accounts}) n;
    insert into location (number, service_address, parcel_number) select n::text, n || ' Main St', '22.' || n from generate_series(1, ${accounts}) n;
    insert into account (number, customer_id, location_id, account_status_id, connect_date)
      select c.number || '.01', c.id, l.id, (select id from account_status where code = 'CURRENT'), '2020-01-01'
      from customer c join location l on l.number = c.number;
    insert into account_service (account_id, service_id, connect_date) select a.id, s.id, '2020-01-01' from account a, service s where s.id <> 0;
    analyze`)
}

/** Makes the months from January 2021 on; returns their ends. */
export async function makePeriods(owner: Sql, months: number): Promise<string[]> {
  const ends = await owner<{ end: string }[]>`select to_char(m + interval '1 month - 1 day', 'YYYY-MM-DD') as end
    from generate_series('2021-01-01'::timestamp, '2021-01-01'::timestamp + make_interval(months => ${months - 1}), interval '1 month') m`
  for (const { end } of ends) await owner`select ledger.ensure_period(${end}::date)`
  return ends.map((row) => row.end)
}

/** Stages a bill of every account for the period: five receivable and five revenue lines; returns the run and its hash. */
export async function stageBills(owner: Sql, period: string): Promise<{ run: string; hash: string }> {
  const [row] = await owner<{ run: string }[]>`select ledger.start_run('bench.bills', '{}', '{}', 'version', 0) as run`
  const run = row?.run ?? ''
  await owner.unsafe(`
    insert into ledger.staged_account (run_id, account_id, fingerprint) select ${run}, account_id, version::text from ledger.account_ledger;
    insert into ledger.staged_transaction (run_id, account_id, transaction_date, period, posting_count, type, description, source_key)
      select ${run}, id, '${period}', '${period}', 10, 'Bill', 'Bill', 'bill/' || id || '/${period}' from account order by id;
    insert into ledger.staged_posting (run_id, transaction_id, gl_account_id, subledger, account_id, period, aging_period, line, service_id, amount)
      select ${run}, t.id, case side when 1 then s.receivable_gl else s.revenue_gl end, case side when 1 then 'utility' else 'general' end::ledger.subledger,
        case side when 1 then t.account_id end, t.period, case side when 1 then t.period end, (side - 1) * 5 + s.sort, s.id,
        case side when 1 then 1 else -1 end * (10 + (t.account_id * 7 + s.sort * 13) % 90 + 0.25)
      from ledger.staged_transaction t, service s, generate_series(1, 2) side where t.run_id = ${run} and s.id <> 0`)
  return prepared(owner, run)
}

/** Stages a payment of what the bucket of the period holds, of every account that `payers` (SQL on its id) names: five receivable lines and one of cash. */
export async function stagePayments(
  owner: Sql,
  period: string,
  date: string,
  payers = 'true',
): Promise<{ run: string; hash: string }> {
  const [row] = await owner<
    { run: string }[]
  >`select ledger.start_run('bench.payments', '{}', '{}', 'version', 0) as run`
  const run = row?.run ?? ''
  await owner.unsafe(`
    insert into ledger.staged_account (run_id, account_id, fingerprint) select ${run}, account_id, version::text from ledger.account_ledger;
    insert into ledger.staged_transaction (run_id, account_id, transaction_date, period, posting_count, type, description, source_key)
      select ${run}, id, '${date}', '${date}', 6, 'Pmt', 'Payment', 'pmt/' || id || '/${period}' from account where ${payers} order by id;
    insert into ledger.staged_posting (run_id, transaction_id, gl_account_id, subledger, account_id, period, aging_period, line, service_id, amount)
      select ${run}, t.id, s.receivable_gl, 'utility', t.account_id, t.period, o.aging_period, s.sort, s.id, -o.unpaid
      from ledger.staged_transaction t join ledger.open_item o on o.account_id = t.account_id and o.aging_period = '${period}'
      join service s on s.id = o.service_id where t.run_id = ${run};
    insert into ledger.staged_posting (run_id, transaction_id, gl_account_id, subledger, period, line, amount)
      select ${run}, transaction_id, (select id from gl_account where number = '1010'), 'general', min(period), 6, -sum(amount)
      from ledger.staged_posting where run_id = ${run} group by transaction_id`)
  return prepared(owner, run)
}

async function prepared(owner: Sql, run: string): Promise<{ run: string; hash: string }> {
  const [row] = await owner<{ hash: string }[]>`select ledger.prepare_run(${run}) as hash`
  return { run, hash: row?.hash ?? '' }
}
