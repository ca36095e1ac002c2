import { sql } from 'drizzle-orm'
import { type Db, rows } from '../db/db.ts'
import type { AccountServiceState, CertificationChange, Effect } from '../ledger/effect.ts'
import { money, text } from '../ledger/money.ts'
import { type OtherData, sameLine, serviceOf, stillHas } from './other-data.ts'

interface Posted {
  accountId: number | null
  kind: Effect['kind']
  target: number
  old: unknown
  new: unknown
}

/**
 * The effects that put a run's effects back where things are still as the run set them, newest first; others are left
 * as they are. `data` is how things stand, and how they will stand after these.
 */
export async function inverseEffects(db: Db, runId: number, data: OtherData): Promise<Effect[]> {
  const posted = await rows<Posted>(
    db,
    sql`select account_id as "accountId", kind, target, old, new from ledger.run_effect where run_id = ${runId} order by line desc`,
  )
  const created = await createdBy(db, runId)
  const targets = (kinds: Posted['kind'][]) => posted.filter(({ kind }) => kinds.includes(kind)).map((e) => e.target)
  await data.know(db, {
    customers: targets(['collection_code']),
    alerts: [...targets(['alert_end', 'alert_reopen']), ...posted.flatMap(addedAlert)],
    certifications: [...targets(['certification']), ...created.map(({ id }) => id)],
    services: posted.filter(({ kind }) => kind === 'account_service').map(serviceOf),
  })
  const undo = (effect: Effect) => {
    data.apply(effect)
    return effect
  }
  const effects = posted.flatMap((each) => {
    const effect = withoutMovedFee(each, data)
    return still(effect, data) ? [undo(inverse(effect))] : []
  })
  return [...effects, ...created.flatMap((one) => withdrawal(one, data) ?? []).map(undo)]
}

const addedAlert = (effect: Posted): number[] =>
  effect.kind === 'alert_add' ? [(effect.new as { id: number }).id] : []

/** A certification's fee that something else has moved since stays as it is; the rest goes back. */
function withoutMovedFee(effect: Posted, data: OtherData): Posted {
  if (effect.kind !== 'certification') return effect
  const { fee, ...rest } = effect.new as CertificationChange
  return fee === data.certification(effect.target)?.fee ? effect : { ...effect, new: rest }
}

function still(effect: Posted, data: OtherData): boolean {
  switch (effect.kind) {
    case 'collection_code':
      return data.code(effect.target) === (effect.new as { id: number | null }).id
    case 'alert_add':
      return data.hasEnded((effect.new as { id: number }).id) === false
    case 'alert_end':
      return data.hasEnded(effect.target) === true
    case 'alert_reopen':
      return data.hasEnded(effect.target) === false
    case 'certification':
      return (
        Object.keys(effect.new as object).length > 0 &&
        stillHas(data.certification(effect.target), ownColumns(effect.new as CertificationChange))
      )
    case 'account_service':
      return stillServed(effect, data)
  }
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
    case 'account_service': {
      const [old, now] = [effect.new, effect.old] as (AccountServiceState | null)[]
      return { ...common, kind: 'account_service', old: old ?? null, new: now ?? null }
    }
  }
}

/** The service is as the run left it. One that the run added and that was billed since stays on the account. */
function stillServed(effect: Posted, data: OtherData): boolean {
  const { state, billed } = data.service(serviceOf(effect))
  if (effect.old === null && billed) return false
  const set = effect.new as AccountServiceState | null
  if (state === null || set === null) return state === set
  const names = Object.keys(set) as (keyof AccountServiceState)[]
  return names.every((name) => state[name] === set[name])
}

/**
 * What says that a certification is still as the run set it. Its PAdj and Fee are not compared, for those that stand
 * there now may have been posted anew for the run's own; nor is *county must be told*, which others set and clear.
 */
function ownColumns(set: CertificationChange): CertificationChange {
  const { padjId: _padj, feeTransactionId: _fee, countyMustBeTold: _told, ...own } = set
  return own
}

/** Puts back what the run set and nothing else. */
function certification(effect: Posted): { old: CertificationChange; new: CertificationChange } {
  const set = ownColumns(effect.new as CertificationChange)
  const before = effect.old as CertificationChange
  const lines = set.lines?.map((line) => {
    const was = before.lines?.find((old) => sameLine(old, line))
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

interface Created {
  id: number
  accountId: number
  lines: { serviceId: number; agingPeriod: string; certified: string }[]
}

function createdBy(db: Db, runId: number): Promise<Created[]> {
  return rows<Created>(
    db,
    sql`
    select c.id, c.account_id as "accountId", jsonb_agg(jsonb_build_object('serviceId', l.service_id, 'agingPeriod', l.aging_period,
      'certified', l.certified::text)) as lines
    from ledger.certification c join ledger.certification_line l on l.certification_id = c.id
    where c.run_id = ${runId} and c.run_number is null group by c.id`,
  )
}

/** A certification that the run created is withdrawn whole: what was not paid before is withdrawn, line by line. */
function withdrawal({ id, accountId, lines }: Created, data: OtherData): Effect | undefined {
  const state = data.certification(id)
  if (!state || state.withdrawn) return undefined
  const each = lines.map(({ certified, ...line }) => {
    const now = state.lines?.find((one) => sameLine(one, line))
    const becomes = text(money(certified).minus(money(now?.paidBefore ?? '0.00')))
    return { line, was: now?.withdrawn ?? '0.00', becomes }
  })
  return {
    kind: 'certification',
    accountId,
    target: id,
    note: '',
    old: { withdrawn: false, lines: each.map(({ line, was }) => ({ ...line, withdrawn: was })) },
    new: { withdrawn: true, lines: each.map(({ line, becomes }) => ({ ...line, withdrawn: becomes })) },
  }
}
