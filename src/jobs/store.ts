import { sql } from 'drizzle-orm'
import type { Db } from '../db/db.ts'

const STOPPED = 'Stopped. Nothing was posted.'

/** A run whose preparing was given up says so. */
export async function stopRun(db: Db, runId: number): Promise<void> {
  await db.execute(sql`select ledger.fail_run(${runId}, ${STOPPED})`)
}

/**
 * A run that has been preparing for half an hour and stands in no queue has nobody who prepares it: it says so. A batch
 * of payments is open as long as its clerk likes.
 */
export async function endAbandonedRuns(db: Db): Promise<void> {
  await db.execute(sql`
    select ledger.fail_run(r.id, ${STOPPED}) from ledger.run r
    where r.state = 'preparing' and position('.' in r.kind) > 0 and r.kind <> 'payments.batch' and r.prepared_at < now() - interval '30 minutes'
      and not exists (select from jobs.job j where j.name = 'prepare-run' and j.state in ('created', 'retry', 'active')
        and (j.data->>'runId')::bigint = r.id)`)
}

/** Sessions that ended, drafts of arrangements, tries to sign in and request keys older than 30 days. */
export async function prune(db: Db): Promise<void> {
  await db.execute(sql`delete from web_session where expires_at < now()`)
  await db.execute(sql`delete from form_draft where expires_at < now()`)
  await db.execute(sql`delete from arrangement_draft where changed_at < now() - interval '30 days'`)
  await db.execute(sql`delete from login_session where expires_at < now() - interval '30 days'`)
  await db.execute(sql`delete from login_attempt where at < now() - interval '30 days'`)
  await db.execute(sql`select ledger.prune_requests()`)
}
