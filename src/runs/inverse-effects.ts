import { sql } from 'drizzle-orm'
import { type Db, rows } from '../db/db.ts'
import type { CertificationChange, Effect } from '../ledger/effect.ts'

interface Posted {
  accountId: number | null
  kind: Effect['kind']
  target: number
  old: unknown
  new: unknown
  still: boolean
}

/** The effects that put a run's effects back where things are still as the run set them; others are left as they are. */
export async function inverseEffects(db: Db, runId: number): Promise<Effect[]> {
  const posted = await rows<Posted>(
    db,
    sql`
    select e.account_id as "accountId", e.kind, e.target, e.old, e.new, case e.kind
      when 'collection_code' then exists (select from customer c where c.id = e.target and c.collection_code_id is not distinct from (e.new->>'id')::int)
      when 'alert_add' then exists (select from customer_alert a where a.id = (e.new->>'id')::int and a.ended_at is null)
      when 'alert_end' then exists (select from customer_alert a where a.id = e.target and a.ended_at is not null)
      when 'alert_reopen' then exists (select from customer_alert a where a.id = e.target and a.ended_at is null)
      else coalesce(ledger.certification_state(e.target) @> (e.new - 'padjId' - 'feeTransactionId' - 'countyMustBeTold'), false) end as still
    from ledger.run_effect e where e.run_id = ${runId} order by e.line desc`,
  )
  const effects = posted.filter((effect) => effect.still).map(inverse)
  return [...effects, ...(await withdrawals(db, runId))]
}

function inverse(effect: Posted): Effect {
  const common = { accountId: effect.accountId, target: effect.target, note: '' }
  switch (effect.kind) {
    case 'collection_code':
      return {
        ...common,
        kind: 'collection_code',
        old: effect.new as { id: number | null },
        new: effect.old as { id: number | null },
      }
    case 'alert_add': {
      const added = effect.new as { id: number; text: string }
      return { ...common, kind: 'alert_end', target: added.id, old: { text: added.text }, new: null }
    }
    case 'alert_end':
      return { ...common, kind: 'alert_reopen', old: effect.old as { text: string }, new: null }
    case 'alert_reopen':
      return { ...common, kind: 'alert_end', old: effect.old as { text: string }, new: null }
    case 'certification':
      return { ...common, kind: 'certification', ...certification(effect) }
  }
}

/**
 * Puts back what the run set and nothing else. Its PAdj and Fee are not compared, for those that stand there now may
 * have been posted anew for the run's own; nor is *county must be told*, which others set and clear.
 */
function certification(effect: Posted): { old: CertificationChange; new: CertificationChange } {
  const { padjId: _padj, feeTransactionId: _fee, countyMustBeTold: _told, ...set } = effect.new as CertificationChange
  const before = effect.old as CertificationChange
  const lines = set.lines?.map((line) => {
    const was = before.lines?.find((old) => old.serviceId === line.serviceId && old.agingPeriod === line.agingPeriod)
    return {
      ...line,
      ...('paidBefore' in line ? { paidBefore: was?.paidBefore ?? '0.00' } : {}),
      ...('withdrawn' in line ? { withdrawn: was?.withdrawn ?? '0.00' } : {}),
    }
  })
  const names = Object.keys(effect.new as object).filter((name) => name !== 'lines' && name in before)
  const columns = Object.fromEntries(names.map((name) => [name, before[name as keyof CertificationChange]]))
  return { old: set, new: { ...columns, ...(lines ? { lines } : {}) } }
}

/** Certifications that the run created are withdrawn whole: what was not paid before is withdrawn, line by line. */
async function withdrawals(db: Db, runId: number): Promise<Effect[]> {
  const created = await rows<{ id: number; accountId: number; lines: WithdrawnLine[] }>(
    db,
    sql`
    select c.id, c.account_id as "accountId", jsonb_agg(jsonb_build_object('serviceId', l.service_id, 'agingPeriod', l.aging_period,
      'was', l.withdrawn::text, 'becomes', (l.certified - l.paid_before)::text)) as lines
    from ledger.certification c join ledger.certification_line l on l.certification_id = c.id
    where c.run_id = ${runId} and c.run_number is null and c.withdrawn_at is null group by c.id`,
  )
  return created.map(({ id, accountId, lines }) => ({
    kind: 'certification',
    accountId,
    target: id,
    note: '',
    old: { withdrawn: false, lines: lines.map(({ was, becomes: _, ...line }) => ({ ...line, withdrawn: was })) },
    new: { withdrawn: true, lines: lines.map(({ was: _, becomes, ...line }) => ({ ...line, withdrawn: becomes })) },
  }))
}

type WithdrawnLine = { serviceId: number; agingPeriod: string; was: string; becomes: string }
