import { and, eq, gt, isNull, sql } from 'drizzle-orm'
import { type Db, one } from '../db/db.ts'
import { setupLink } from '../db/tables/auth.ts'
import { hashToken, newToken } from './tokens.ts'

/** Whether somebody can administer this town already; then there is no set-up any more. */
export async function hasAdministrator(db: Db): Promise<boolean> {
  const found = await one<{ yes: boolean }>(
    db,
    sql`select exists (select from app_user where id <> 0 and role = 'administrator' and disabled_at is null) as yes`,
  )
  return found?.yes ?? false
}

/**
 * The one-time link of the first start: whoever holds it makes the first administrator, within 15 minutes. Answers the
 * path for the console, or undefined when there is an administrator. Earlier links stop working.
 */
export async function makeSetupLink(db: Db): Promise<string | undefined> {
  if (await hasAdministrator(db)) return undefined
  await db.delete(setupLink).where(isNull(setupLink.userId))
  return `/setup?token=${await makeLink(db, null, 15, 0)}`
}

/** A link with which a user sets a password, once, within an hour. Earlier links of this user stop working. */
export async function makePasswordLink(db: Db, userId: number, by: number): Promise<string> {
  await db.delete(setupLink).where(eq(setupLink.userId, userId))
  return `/password?token=${await makeLink(db, userId, 60, by)}`
}

async function makeLink(db: Db, userId: number | null, minutes: number, by: number): Promise<string> {
  const token = newToken()
  const expiresAt = sql`now() + make_interval(mins => ${minutes})`
  await db.insert(setupLink).values({ tokenHash: hashToken(token), userId, expiresAt, createdBy: by })
  return token
}

const open = (token: string) =>
  and(eq(setupLink.tokenHash, hashToken(token)), isNull(setupLink.usedAt), gt(setupLink.expiresAt, sql`now()`))

export interface Link {
  /** null = the link of the first start. */
  userId: number | null
}

/** Looks at a link without using it up; undefined when it is unknown, used or too old. */
export async function findLink(db: Db, token: string): Promise<Link | undefined> {
  const [found] = await db.select({ userId: setupLink.userId }).from(setupLink).where(open(token))
  return found
}

/** Uses a link up; of two at once only one gets it. */
export async function takeLink(db: Db, token: string): Promise<Link | undefined> {
  const [taken] = await db
    .update(setupLink)
    .set({ usedAt: sql`now()` })
    .where(open(token))
    .returning({ userId: setupLink.userId })
  return taken
}
