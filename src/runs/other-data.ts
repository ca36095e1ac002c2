import { sql } from 'drizzle-orm'
import { type Db, rows } from '../db/db.ts'
import type { AccountServiceState, CertificationChange, Effect } from '../ledger/effect.ts'

export interface ServiceOf {
  account: number
  service: number
}

interface ServiceNow {
  state: AccountServiceState | null
  billed: boolean
}

const keyOf = ({ account, service }: ServiceOf): string => `${account}/${service}`

/** Which service of which account an effect is about. */
export const serviceOf = (effect: { target: number; old: unknown; new: unknown }): ServiceOf => ({
  account: effect.target,
  service: ((effect.old ?? effect.new) as AccountServiceState).serviceId,
})

/**
 * Other data that runs changed: as it is now and, while the reversals of several runs are staged one after the other, as
 * each leaves it to the next.
 */
export class OtherData {
  private readonly codes = new Map<number, number | null>()
  private readonly ended = new Map<number, boolean>()
  private readonly certifications = new Map<number, CertificationChange>()
  private readonly services = new Map<string, ServiceNow>()

  /** Reads what is not known yet: customers' collection codes, alerts, certifications by their ids, accounts' services. */
  async know(
    db: Db,
    ids: { customers: number[]; alerts: number[]; certifications: number[]; services: ServiceOf[] },
  ): Promise<void> {
    await this.knowServices(db, ids.services)
    await this.read<number | null>(ids.customers, this.codes, (list) =>
      rows(db, sql`select id, collection_code_id as value from customer where id in ${list}`),
    )
    await this.read<boolean>(ids.alerts, this.ended, (list) =>
      rows(db, sql`select id, ended_at is not null as value from customer_alert where id in ${list}`),
    )
    await this.read<CertificationChange>(ids.certifications, this.certifications, (list) =>
      rows(db, sql`select id, ledger.certification_state(id) as value from ledger.certification where id in ${list}`),
    )
  }

  private async knowServices(db: Db, asked: ServiceOf[]): Promise<void> {
    const wanted = asked.filter((of) => !this.services.has(keyOf(of)))
    if (wanted.length === 0) return
    const found = await rows<ServiceOf & ServiceNow>(
      db,
      sql`select w.account, w.service, ledger.service_state(w.account, w.service) as state,
        exists (select from ledger.transaction t join ledger.posting p on p.period = t.period and p.transaction_id = t.id
          where t.account_id = w.account and p.service_id = w.service) as billed
      from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as w(account int, service int)`,
    )
    for (const row of found) this.services.set(keyOf(row), { state: row.state, billed: row.billed })
  }

  private async read<T>(
    ids: number[],
    known: Map<number, T>,
    ask: (list: ReturnType<typeof sql>) => Promise<{ id: number; value: T }[]>,
  ): Promise<void> {
    const wanted = [...new Set(ids.filter((id) => !known.has(id)))]
    if (wanted.length === 0) return
    const list = sql`(select value::int from jsonb_array_elements_text(${JSON.stringify(wanted)}::jsonb))`
    for (const { id, value } of await ask(list)) known.set(id, value)
  }

  /** The collection code of a customer; undefined where there is no such customer. */
  code = (customer: number): number | null | undefined => this.codes.get(customer)

  /** Whether an alert has ended; undefined where it is gone. */
  hasEnded = (alert: number): boolean | undefined => this.ended.get(alert)

  certification = (id: number): CertificationChange | undefined => this.certifications.get(id)

  /** A service of an account, and whether anything was ever posted to it. */
  service = (of: ServiceOf): ServiceNow => this.services.get(keyOf(of)) ?? { state: null, billed: false }

  /** What an effect leaves behind. */
  apply(effect: Effect): void {
    if (effect.kind === 'collection_code') this.codes.set(effect.target, effect.new.id)
    else if (effect.kind === 'alert_end') this.ended.set(effect.target, true)
    else if (effect.kind === 'alert_reopen') this.ended.set(effect.target, false)
    else if (effect.kind === 'account_service') {
      const of = serviceOf(effect)
      this.services.set(keyOf(of), { ...this.service(of), state: effect.new })
    } else if (effect.kind === 'certification') {
      const state = this.certifications.get(effect.target) ?? {}
      const { lines = [], ...columns } = effect.new
      const changed = state.lines?.map((line) => ({ ...line, ...lines.find((one) => sameLine(one, line)) }))
      this.certifications.set(effect.target, { ...state, ...columns, ...(changed ? { lines: changed } : {}) })
    }
  }
}

type Line = NonNullable<CertificationChange['lines']>[number]

export const sameLine = (a: Line, b: Line): boolean => a.serviceId === b.serviceId && a.agingPeriod === b.agingPeriod

/** Whether a certification still has each of these columns and lines as they are here. */
export function stillHas(state: CertificationChange | undefined, part: CertificationChange): boolean {
  if (state === undefined) return false
  const { lines = [], ...columns } = part
  const names = Object.keys(columns) as (keyof typeof columns)[]
  if (names.some((name) => state[name] !== columns[name])) return false
  return lines.every((line) =>
    state.lines?.some((one) => Object.entries(line).every(([name, value]) => one[name as keyof Line] === value)),
  )
}
