import { momentText } from '../web/format.ts'
import type { searchAudit } from './store.ts'

type AuditRow = Awaited<ReturnType<typeof searchAudit>>[number]

interface Change {
  name: string
  before: string
  after: string
}

/** One row for the screen: the values that differ, each before and after. */
export function presentRow(row: AuditRow, timezone: string) {
  return {
    at: momentText(row.at, timezone),
    who: row.who,
    action: row.action,
    subject: row.subject.replaceAll('_', ' '),
    key: row.subjectKey,
    reason: row.reason,
    address: row.address,
    changes: changesOf(row.old, row.new),
  }
}

const HIDDEN = new Set(['version', 'changed_by', 'id'])

/** The fields of a row that differ between old and new; of a row that was added or deleted, those that hold something. */
export function changesOf(old: unknown, now: unknown): Change[] {
  const before = fieldsOf(old)
  const after = fieldsOf(now)
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => !HIDDEN.has(name))
  return names
    .map((name) => ({ name: name.replaceAll('_', ' '), before: shown(before[name]), after: shown(after[name]) }))
    .filter((change) => change.before !== change.after)
}

const fieldsOf = (value: unknown): Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : value === null || value === undefined
      ? {}
      : { value }

function shown(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
