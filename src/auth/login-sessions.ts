import { and, desc, eq, gt, ne, sql } from 'drizzle-orm'
import type { Db } from '../db/db.ts'
import { loginSession } from '../db/tables/auth.ts'

/** Until the organization's Security tab says otherwise. */
const SESSIONS_MOST = 3
const most = sql`coalesce((select nullif(value, '')::int from setting where name = 'sessions_per_user'), ${SESSIONS_MOST}::int)`

/** A user is signed in at three places at most, or as many as the Security tab allows: the oldest end. */
export async function endOldest(db: Db, userId: number): Promise<void> {
  await db.execute(sql`
    delete from login_session where id in (select id from login_session where user_id = ${userId}
      order by created_at desc, last_active_at desc offset ${most})`)
}

/** Where a user is signed in, newest first. */
export function listSessions(db: Db, userId: number) {
  return db
    .select()
    .from(loginSession)
    .where(and(eq(loginSession.userId, userId), gt(loginSession.expiresAt, sql`now()`)))
    .orderBy(desc(loginSession.createdAt))
}

/** Ends one session of a user; whether there was one. */
export async function endSession(db: Db, userId: number, id: string): Promise<boolean> {
  const own = and(eq(loginSession.id, id), eq(loginSession.userId, userId))
  return (await db.delete(loginSession).where(own).returning({ id: loginSession.id })).length > 0
}

/** Ends a user's sessions, all or all but one. */
export async function endSessions(db: Db, userId: number, except = ''): Promise<void> {
  await db.delete(loginSession).where(and(eq(loginSession.userId, userId), ne(loginSession.id, except)))
}
