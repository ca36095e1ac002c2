import { sql } from 'drizzle-orm'
import { it } from 'vitest'
import { one } from '../db/db.ts'
import { money } from '../ledger/money.ts'
import { makeStaging } from '../runs/staging.ts'
import { goRun } from '../runs/service.ts'
import { prepared } from '../testing/certifying.ts'
import { freshTown } from '../testing/database.ts'
import { ids, smallTown } from '../testing/small-town.ts'
import { candidates } from './candidate-store.ts'
import { certificationSettings, ruleFacts } from './candidates.ts'
import { certifiable } from './rules.ts'
import { townFacts } from './town-facts.ts'

const N = 10000
it('scale', async () => {
  const town = await freshTown()
  const { db } = town
  await smallTown(db, N)
  await db.execute(sql`insert into setting (name, value) values ('certification_fee_amount', '25.00')`)
  await db.execute(sql`update location set parcel_number = number`)
  const { gl, service, account } = await ids(db)
  const staging = makeStaging()
  for (const [number, id] of Object.entries(account)) {
    staging.account({ accountId: id, fingerprint: '0', before: money('0'), after: money('0'), facts: null, lines: [] })
    for (const month of ['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30'])
      staging.transaction({ accountId: id, type: 'Bill', date: month, period: month, description: 'x', sourceKey: `t/${number}/${month}`,
        postings: [['WA', '1110', '4110'], ['SE', '1120', '4120'], ['GA', '1130', '4130']].flatMap(([s, r, v]) => [
          { gl: gl[r!]!, book: 'utility' as const, service: service[s!]!, aging: month, amount: money('10.00') },
          { gl: gl[v!]!, book: 'general' as const, service: service[s!]!, amount: money('-10.00') }]) })
  }
  const t = (label: string, from: number) => console.log(label, Math.round(performance.now() - from))
  let at = performance.now()
  const run = await one<{ id: number }>(db, sql`select ledger.start_run('town.import', '{}', '{}', 'version', 0)::int as id`)
  await staging.flush(db, run!.id, 0)
  await db.execute(sql`select ledger.post_run(${run!.id}, ledger.prepare_run(${run!.id}), 0)`)
  t('load', at)
  at = performance.now()
  const facts = await townFacts(db)
  t('town', at)
  at = performance.now()
  const found = await candidates(db, { selected: undefined, taxYear: 2026, priorTo: undefined })
  t(`candidates ${found.length}`, at)
  at = performance.now()
  const set = certificationSettings(facts.settings, undefined)
  for (const each of found) certifiable(ruleFacts(facts, each), set)
  t('rules', at)
  at = performance.now()
  const create = await prepared(db, 'create-records', { date: '2026-04-30', taxYear: 2026 })
  t(`create prepare ${create.count} ${create.total}`, at)
  at = performance.now()
  await goRun(db, create.id, create.previewHash!, 0)
  t('create go', at)
  at = performance.now()
  const update = await prepared(db, 'update-customer-balances', { date: '2026-04-30', include: { unupdated: true } })
  t(`update prepare ${update.count} ${update.total}`, at)
  at = performance.now()
  const plan = await town.db.execute(sql`select count(*) from (select ledger.certified_fingerprint(account_id) from ledger.account_ledger) x`)
  t('fingerprints ' + plan.length, at)
  at = performance.now()
  await goRun(db, update.id, update.previewHash!, 0)
  t('update go', at)
  at = performance.now()
  const county = await prepared(db, 'county-file', { taxYear: 2026, layout: 'csv' })
  t(`county prepare ${county.count}`, at)
  at = performance.now()
  const notices = await prepared(db, 'print-notices', { date: '2026-04-30', taxYear: 2026 })
  t(`notices prepare ${notices.count}`, at)
  await town.drop()
}, 600000)
