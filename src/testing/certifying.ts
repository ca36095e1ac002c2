import { sql } from 'drizzle-orm'
import { type Db, one, rows } from '../db/db.ts'
import { checkLedger } from '../ledger/check.ts'
import { makeRegistry } from '../runs/registry.ts'
import { reverseRun } from '../runs/reverse.ts'
import { goRun, prepareRun, startRun } from '../runs/service.ts'
import type { RunRow } from '../runs/store.ts'
import { CERTIFICATION_KINDS } from '../tax-certification/kinds.ts'

export const registry = makeRegistry([...CERTIFICATION_KINDS])
export const TODAY = '2011-04-30'

/** Prepares a run of the tax certification menu; `kind` is its name without the menu. */
export async function prepared(db: Db, kind: string, options: unknown, criteria?: unknown): Promise<RunRow> {
  const id = await startRun(db, registry, { kind: `tax-certification.${kind}`, options, criteria, actor: 0 })
  return prepareRun(db, registry, id, TODAY)
}

/** Prepares and posts; a run with nothing to post stays prepared. */
export async function ran(db: Db, kind: string, options: unknown, criteria?: unknown): Promise<RunRow> {
  const run = await prepared(db, kind, options, criteria)
  return run.count === 0 ? run : goRun(db, run.id, run.previewHash ?? '', 0)
}

export const create = (db: Db, more: object = {}) =>
  ran(db, 'create-records', { date: '2011-04-30', taxYear: 2011, ...more })
export const update = (db: Db, more: object = {}) =>
  ran(db, 'update-customer-balances', { date: '2011-04-30', include: { unupdated: true }, ...more })

export const reversed = (db: Db, run: RunRow, withDependents = false) =>
  reverseRun(db, registry, { runId: run.id, reason: 'a test', withDependents, actor: 0, today: TODAY })

export interface Standing {
  balance: string
  buckets: string[]
  /** `2011 229.55` by tax year. */
  certified: string[]
  claims: number
}

/** What an account owes, where, and what is certified of it. */
export async function standing(db: Db, account: string): Promise<Standing> {
  const found = await one<Standing>(
    db,
    sql`select coalesce((select sum(unpaid) from ledger.open_item where account_id = a.id), 0)::numeric(14,2)::text as balance,
    (select coalesce(jsonb_agg(s.code || ' ' || o.aging_period || ' ' || o.unpaid order by s.sort, o.aging_period), '[]')
      from ledger.open_item o join service s on s.id = o.service_id where o.account_id = a.id) as buckets,
    (select coalesce(jsonb_agg(tax_year || ' ' || balance order by tax_year), '[]') from ledger.certified_balance where account_id = a.id) as certified,
    (select count(*)::int from ledger.certification_claim where account_id = a.id) as claims
    from account a where a.number = ${account}`,
  )
  if (!found) throw new Error(`no account ${account}`)
  return found
}

/** `PAdj -204.55 Tax Certification 2011` of every transaction in force of an account: type, change of its balance, description. */
export async function transactions(db: Db, account: string, types: string[]): Promise<string[]> {
  const found = await rows<{ line: string }>(
    db,
    sql`select t.type || ' ' || coalesce(sum(p.amount) filter (where p.subledger = 'utility'), 0)::numeric(14,2) || ' ' || t.description as line
    from ledger.transaction t join ledger.posting p on p.period = t.period and p.transaction_id = t.id join account a on a.id = t.account_id
    where a.number = ${account} and t.type in ${types} and t.reverses_id is null
      and not exists (select from ledger.transaction v where v.reverses_id = t.id) group by t.id order by t.id`,
  )
  return found.map(({ line }) => line)
}

/** Names of the invariants of the ledger that do not hold; none when all is well. */
export async function faults(db: Db): Promise<string[]> {
  const checks = await checkLedger(db)
  return checks.filter((check) => check.faults > 0).map((check) => `${check.name}: ${check.faults}`)
}
