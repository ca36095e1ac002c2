import { CUSTOMER, code, column, day, ref, text } from '../columns.ts'
import type { Faults } from '../faults.ts'
import { idsOf } from '../ids.ts'
import { moment } from '../kinds.ts'
import type { Picture } from '../picture.ts'
import { utc } from '../sql-out.ts'
import type { TownFile } from '../town-file.ts'

const ALERTS = 'customer_alerts.csv'

/** A row of customer_alerts.csv. */
export interface NumberedAlert {
  line: number
  number: string
  customer: number
  text: string
  since: string
  endedAt: string | null
}

/** An alert message of customers.csv. */
export interface ActiveAlert {
  text: string
  /** '' = not said. */
  since: string
}

/**
 * Alerts that ended, and those that runs name, which must keep their numbers: then all of them stand here. Those that have
 * not ended are the alert messages of customers.csv, which has them without a number.
 */
export const customerAlerts: TownFile = {
  name: ALERTS,
  table: 'public.customer_alert',
  conflict: ['id'],
  loads: false,
  key: ['alert'],
  where: `(exists (select from public.customer_alert x where x.ended_at is not null)
    or exists (select from ledger.run_effect x where x.kind in ('alert_add', 'alert_end', 'alert_reopen')))`,
  columns: [
    code('alert', { into: null, required: true, select: 't.id::text' }),
    { ...ref('customer_number', CUSTOMER, { into: 'customer_id' }), required: true },
    text('text', { required: true }),
    day('since', { required: true }),
    column('ended_at', moment, { select: utc('t.ended_at') }),
  ],
  complete({ line, cell, values }, picture) {
    picture.numberedAlerts.push({
      line,
      number: cell('alert'),
      customer: Number(values.customer_id),
      text: cell('text'),
      since: cell('since'),
      endedAt: cell('ended_at') || null,
    })
  },
}

/** The alerts of both files, when both are read. */
export function finishAlerts(picture: Picture, faults: Faults): void {
  const { actor, numberedAlerts, activeAlerts, rows, today } = picture
  const ids = idsOf(numberedAlerts.map(({ number }) => number))
  picture.ids.set('customer_alert', ids)
  rows.table('public.customer_alert')
  const add = (id: number | undefined, customer: number, alert: Omit<ActiveAlert, 'line'>, endedAt: string | null) =>
    rows.add('public.customer_alert', {
      id,
      customer_id: customer,
      text: alert.text,
      since: alert.since || today,
      ended_at: endedAt,
      added_by: actor,
      changed_by: actor,
    })
  for (const alert of numberedAlerts) {
    const active = activeAlerts.get(alert.customer) ?? []
    const at = active.findIndex(({ text, since }) => text === alert.text && (since === '' || since === alert.since))
    if (alert.endedAt === null && at < 0)
      faults.add(ALERTS, alert.line, 'text', 'this alert has not ended and customers.csv has no such message')
    if (alert.endedAt === null && at >= 0) active.splice(at, 1)
    add(ids.get(alert.number), alert.customer, alert, alert.endedAt)
  }
  let last = Math.max(0, ...ids.values())
  for (const [customer, alerts] of activeAlerts) for (const alert of alerts) add(++last, customer, alert, null)
}
