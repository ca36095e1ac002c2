import { and, desc, eq, gt, inArray, ne, sql } from 'drizzle-orm'
import type { Db } from '../db/db.ts'
import { loginSession } from '../db/tables/auth.ts'

const SESSIONS_MOST = 3

/** A user is signed in at three places at most: the oldest end. */
export async function endOldest(db: Db, userId: number): Promise<void> {
  const kept = db
    .select({ id: loginSession.id })
    .from(loginSession)
    .where(eq(loginSession.userId, userId))
    .orderBy(desc(loginSession.createdAt), desc(loginSession.lastActiveAt))
    .offset(SESSIONS_MOST)
  await db.delete(loginSession).where(inArray(loginSession.id, kept))
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
