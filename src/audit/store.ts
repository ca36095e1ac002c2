import { and, desc, eq, gte, ilike, lt, type SQL, sql } from 'drizzle-orm'
import { type Db, rows } from '../db/db.ts'
import { literal } from '../db/like.ts'
import { audit } from '../db/tables/audit.ts'
import { appUser } from '../db/tables/auth.ts'

export interface AuditSearch {
  who?: string | undefined
  action?: string | undefined
  subject?: string | undefined
  key?: string | undefined
  /** Days on the town's clock, both inclusive. */
  from?: string | undefined
  to?: string | undefined
  timezone: string
  /** Private customers' rows too. */
  seesPrivate: boolean
  offset: number
  limit: number
}

const PUBLIC_ONLY = sql`(${audit.customerId} is null or exists (
  select 1 from customer c where c.id = ${audit.customerId} and c.public))`

// what a run came to counts private customers too; without them it stands on the run's own page (product.md 3.20)
const PUBLIC_NEW = sql<unknown>`case when ${audit.subject} = 'run' then ${audit.new} - '{accounts,transactions,postings,total}'::text[] else ${audit.new} end`

/** Audit rows, newest first, with who by name; at most `limit`. */
export function searchAudit(db: Db, search: AuditSearch) {
  return db
    .select({
      id: audit.id,
      at: audit.at,
      who: sql<string>`coalesce(${appUser.name}, ${audit.actor}::text)`,
      action: audit.action,
      subject: audit.subject,
      subjectKey: audit.subjectKey,
      old: audit.old,
      new: search.seesPrivate ? audit.new : PUBLIC_NEW,
      reason: audit.reason,
      address: audit.address,
    })
    .from(audit)
    .leftJoin(appUser, eq(appUser.id, audit.actor))
    .where(and(...conditions(search)))
    .orderBy(desc(audit.id))
    .limit(search.limit)
    .offset(search.offset)
}

function conditions(search: AuditSearch): SQL[] {
  const { who, action, subject, key, from, to, timezone } = search
  const midnight = (day: string) => sql`(${day}::date)::timestamp at time zone ${timezone}`
  return [
    ...(search.seesPrivate ? [] : [PUBLIC_ONLY]),
    ...(who ? [eq(appUser.name, who)] : []),
    ...(action ? [ilike(audit.action, `%${literal(action)}%`)] : []),
    ...(subject ? [eq(audit.subject, subject)] : []),
    ...(key ? [eq(audit.subjectKey, key)] : []),
    ...(from ? [gte(audit.at, midnight(from))] : []),
    ...(to ? [lt(audit.at, sql`((${to}::date) + 1)::timestamp at time zone ${timezone}`)] : []),
  ]
}

/** The subjects that occur, for the search form. */
export async function auditSubjects(db: Db): Promise<string[]> {
  const found = await rows<{ subject: string }>(
    db,
    sql`
    with recursive each as (
      (select subject from audit order by subject limit 1)
      union all
      select (select a.subject from audit a where a.subject > each.subject order by a.subject limit 1)
      from each where each.subject is not null)
    select subject from each where subject <> ''`,
  )
  return found.map((row) => row.subject)
}
