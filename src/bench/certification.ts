import type { Sql } from 'postgres'
import type { Engine } from '../db/embedded.ts'
import { money, sum, text } from '../ledger/money.ts'
import { makeStaging } from '../runs/staging.ts'
import { createRecords } from '../tax-certification/create-records.ts'
import { benchTown, type Figure, figure, timed } from './bench.ts'
import { makePeriods, makeTown, stageBills, stagePayments } from './town.ts'

const ACCOUNTS = 2000
const MONTHS = 60
const ROUNDS = 5

/** Five years of bills and payments; every tenth account stopped paying five months ago. */
async function makeHistory(owner: Sql): Promise<string> {
  const periods = await makePeriods(owner, MONTHS)
  for (const [place, period] of periods.entries()) {
    await post(owner, await stageBills(owner, period))
    const next = periods[place + 1]
    if (!next) continue
    const payers = place < MONTHS - 6 ? 'true' : 'id % 10 <> 0'
    await post(owner, await stagePayments(owner, period, next, payers))
  }
  return periods.at(-1) ?? ''
}

async function post(owner: Sql, { run, hash }: { run: string; hash: string }): Promise<void> {
  await owner`select ledger.post_run(${run}, ${hash}, 0)`
  await owner`select ledger.sweep_staged(${run})`
}

// First in, first out from history: what the open items spare us. Buckets two or more periods old.
const WINDOW = (current: string) => `
  with charges as (select account_id, service_id, period, sum(amount) amount from ledger.posting
      where subledger = 'utility' and amount > 0 group by 1, 2, 3),
    credits as (select account_id, service_id, -sum(amount) amount from ledger.posting where subledger = 'utility' and amount < 0 group by 1, 2),
    running as (select c.account_id, c.service_id, c.period, c.amount,
        sum(c.amount) over (partition by c.account_id, c.service_id order by c.period) - coalesce(k.amount, 0) as over
      from charges c left join credits k on k.account_id = c.account_id and k.service_id = c.service_id)
  select coalesce(sum(greatest(least(amount, over), 0)), 0)::text as total from running
  where period <= (select end_date from ledger.period where end_date < '${current}' order by end_date desc offset 1 limit 1)`

/** What Create Tax Certification Records decides for every account, against the window query over all postings. */
export async function certification(engine: Engine): Promise<Figure[]> {
  const town = await benchTown(engine)
  const { owner, databases } = town
  await makeTown(owner, ACCOUNTS)
  const current = await makeHistory(owner)
  await owner`insert into setting (name, value) values ('current_period', ${current}), ('certification_minimum_check', 'ignore')`
  await owner`vacuum analyze`
  const pairs = []
  for (let n = 0; n <= ROUNDS; n += 1) {
    const totals = { ours: '', bare: '' }
    const bare = await timed(async () => {
      const [row] = await owner.unsafe<{ total: string }[]>(WINDOW(current))
      totals.bare = text(money(row?.total ?? '0'))
    })
    const ours = await timed(async () => {
      const prepared = await prepare()
      totals.ours = text(sum([money(prepared.total ?? '0')]))
    })
    if (totals.ours !== totals.bare) throw new Error(`ours ${totals.ours}, the window query ${totals.bare}`)
    // the first round warms both up
    if (n > 0) pairs.push({ ours, bare })
  }
  await town.close()
  return [figure(`certify ${ACCOUNTS} accounts over five years, against the window query`, 0.05, pairs)]

  function prepare() {
    const preparing = {
      runId: 0,
      actor: 0,
      today: current,
      selected: undefined,
      stage: makeStaging(),
      progress: async () => {},
    }
    return createRecords.prepare(
      { ...preparing, db: databases.private },
      { date: current, taxYear: Number(current.slice(0, 4)) },
    )
  }
}
