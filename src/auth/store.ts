import { and, asc, eq, isNull, ne, sql } from 'drizzle-orm'
import type { Db } from '../db/db.ts'
import { appUser } from '../db/tables/auth.ts'
import type { Role } from './permissions.ts'

export type UserRow = typeof appUser.$inferSelect

/** Everyone but the system, by name. */
export function listUsers(db: Db): Promise<UserRow[]> {
  return db.select().from(appUser).where(ne(appUser.id, 0)).orderBy(asc(appUser.name))
}

export async function findUser(db: Db, id: number): Promise<UserRow | undefined> {
  const [found] = await db
    .select()
    .from(appUser)
    .where(and(eq(appUser.id, id), ne(appUser.id, 0)))
  return found
}

export async function findUserByName(db: Db, name: string): Promise<UserRow | undefined> {
  const [found] = await db
    .select()
    .from(appUser)
    .where(and(eq(appUser.name, name), ne(appUser.id, 0)))
  return found
}

interface NewUser {
  name: string
  fullName: string
  role: Role
  passwordHash: string | null
}

/** The new user's id; undefined when the name is taken. */
export async function insertUser(db: Db, user: NewUser, by: number): Promise<number | undefined> {
  const passwordChangedAt = user.passwordHash ? sql`now()` : null
  const [made] = await db
    .insert(appUser)
    .values({ ...user, passwordChangedAt, changedBy: by })
    .onConflictDoNothing({ target: appUser.name })
    .returning({ id: appUser.id })
  return made?.id
}

const changed = (by: number) => ({ changedBy: by, version: sql`${appUser.version} + 1` })

/** Whether the row was still at that version. */
export async function updateUser(
  db: Db,
  id: number,
  version: number,
  values: { fullName: string; role: Role },
  by: number,
) {
  const same = and(eq(appUser.id, id), eq(appUser.version, version))
  return (
    (
      await db
        .update(appUser)
        .set({ ...values, ...changed(by) })
        .where(same)
        .returning({ id: appUser.id })
    ).length > 0
  )
}

export async function setDisabled(db: Db, id: number, disabled: boolean, by: number): Promise<void> {
  await db
    .update(appUser)
    .set({ disabledAt: disabled ? sql`now()` : null, ...changed(by) })
    .where(eq(appUser.id, id))
}

export async function setPasswordHash(db: Db, id: number, passwordHash: string, by: number): Promise<void> {
  const values = { passwordHash, passwordChangedAt: sql`now()`, ...changed(by) }
  await db.update(appUser).set(values).where(eq(appUser.id, id))
}

/** Enabled administrators besides this user, locked so that two of them cannot remove each other at once. */
export async function otherAdministrators(db: Db, id: number): Promise<number> {
  const others = await db
    .select({ id: appUser.id })
    .from(appUser)
    .where(and(eq(appUser.role, 'administrator'), isNull(appUser.disabledAt), ne(appUser.id, 0)))
    .for('update')
  return others.filter((user) => user.id !== id).length
}
