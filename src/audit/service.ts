import type { Db } from '../db/db.ts'
import { audit } from '../db/tables/audit.ts'

export interface AuditEvent {
  /** The user's id; 0 = the system, or nobody signed in. */
  actor: number
  /** One word or two, as 'sign-in', 'sign-in failed', 'denied', 'export'. */
  action: string
  subject?: string
  subjectKey?: string
  customerId?: number
  old?: unknown
  new?: unknown
  reason?: string
  address?: string
}

/**
 * Writes down what no row shows: sign-ins, refusals, exports, a value that was looked at. Changes of rows come from the
 * triggers, money from the posting function.
 */
export async function recordEvent(db: Db, event: AuditEvent): Promise<void> {
  await db.insert(audit).values(event)
}
