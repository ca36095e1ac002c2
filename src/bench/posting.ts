import type { Sql } from 'postgres'
import type { Engine } from '../db/embedded.ts'
import { benchTown, type Figure, figure, timed } from './bench.ts'
import { makePeriods, makeTown, stageBills, stagePayments } from './town.ts'

const ACCOUNTS = 10_000
const ROUNDS = 5

/** Tables like the ledger's, with its keys, indexes and checks but no trigger; `keyed` also with the usual eight references. */
async function makeFloor(owner: Sql, schema: string, keyed: boolean): Promise<void> {
  await owner.unsafe(`create schema ${schema};
    create table ${schema}.transaction (like ledger.transaction including all);
    create table ${schema}.posting (like ledger.posting including all)`)
  if (!keyed) return
  await owner.unsafe(`
    alter table ${schema}.transaction add foreign key (run_id) references ledger.run, add foreign key (account_id) references account,
      add foreign key (period) references ledger.period, add foreign key (posted_by) references app_user;
    alter table ${schema}.posting add foreign key (transaction_id) references ${schema}.transaction, add foreign key (gl_account_id) references gl_account,
      add foreign key (account_id) references account, add foreign key (service_id) references service`)
}

async function copyBare(owner: Sql, schema: string, run: string): Promise<void> {
  await owner.unsafe(`begin;
    insert into ${schema}.transaction (id, run_id, account_id, transaction_date, period, posting_count, posted_by, posted_at, type, description, source_key)
      select id, run_id, account_id, transaction_date, period, posting_count, 0, now(), type, description, source_key from ledger.staged_transaction where run_id = ${run};
    insert into ${schema}.posting (transaction_id, gl_account_id, subledger, account_id, period, aging_period, line, service_id, tax_year, amount)
      select transaction_id, gl_account_id, subledger, account_id, period, aging_period, line, service_id, tax_year, amount from ledger.staged_posting where run_id = ${run};
    commit`)
}

/** Posting a staged run of 10,000 accounts by five services against a bare INSERT … SELECT of the same rows. */
export async function posting(engine: Engine): Promise<Figure[]> {
  const town = await benchTown(engine)
  const { owner } = town
  await makeTown(owner, ACCOUNTS)
  const periods = await makePeriods(owner, 2 * ROUNDS + 1)
  await makeFloor(owner, 'bare', false)
  await makeFloor(owner, 'keyed', true)
  const bills = { free: [] as Pair[], keyed: [] as Pair[] }
  const payments = { free: [] as Pair[], keyed: [] as Pair[] }
  const round = async (staged: { run: string; hash: string }, into: typeof bills) => {
    await owner`analyze ledger.staged_transaction, ledger.staged_posting`
    const free = await timed(() => copyBare(owner, 'bare', staged.run))
    const keyed = await timed(() => copyBare(owner, 'keyed', staged.run))
    const ours = await timed(() => owner`select ledger.post_run(${staged.run}, ${staged.hash}, 0)`)
    await owner`select ledger.sweep_staged(${staged.run})`
    into.free.push({ ours, bare: free })
    into.keyed.push({ ours, bare: keyed })
  }
  for (let n = 0; n < ROUNDS; n += 1) {
    const [billed = '', paid = ''] = periods.slice(2 * n)
    await round(await stageBills(owner, billed), bills)
    await round(await stagePayments(owner, billed, paid), payments)
  }
  await town.close()
  return [
    figure('post 10,000 bills × 5, against INSERT … SELECT without keys', 3, bills.free),
    figure('post 10,000 bills × 5, against INSERT … SELECT with the usual eight keys', 0.6, bills.keyed),
    figure('post 10,000 payments × 5, against INSERT … SELECT without keys', 3, payments.free),
    figure('post 10,000 payments × 5, against INSERT … SELECT with the usual eight keys', 0.6, payments.keyed),
  ]
}

type Pair = { ours: number; bare: number }
