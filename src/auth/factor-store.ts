import { and, eq, isNotNull, isNull, lt, sql } from 'drizzle-orm'
import type { Db } from '../db/db.ts'
import { loginSession, recoveryCode, secondFactor } from '../db/tables/auth.ts'

export type FactorRow = typeof secondFactor.$inferSelect

export async function findFactor(db: Db, userId: number): Promise<FactorRow | undefined> {
  const [found] = await db.select().from(secondFactor).where(eq(secondFactor.userId, userId))
  return found
}

/** Keeps a seed that was not used yet, in place of an earlier one of the kind. Whether there was no confirmed one. */
export async function keepSeed(db: Db, userId: number, seedSealed: string): Promise<boolean> {
  const kept = await db
    .insert(secondFactor)
    .values({ userId, seedSealed })
    .onConflictDoUpdate({
      target: secondFactor.userId,
      set: { seedSealed, lastStep: 0, createdAt: sql`now()` },
      setWhere: isNull(secondFactor.confirmedAt),
    })
    .returning({ userId: secondFactor.userId })
  return kept.length > 0
}

/** Takes a step's code: whether no code of this step or a later one was taken before, by whoever else at once. */
export async function takeStep(db: Db, userId: number, step: number): Promise<boolean> {
  const taken = await db
    .update(secondFactor)
    .set({ lastStep: step, confirmedAt: sql`coalesce(${secondFactor.confirmedAt}, now())` })
    .where(and(eq(secondFactor.userId, userId), lt(secondFactor.lastStep, step)))
    .returning({ userId: secondFactor.userId })
  return taken.length > 0
}

/** Takes a recovery code; of two at once only one gets it. */
export async function takeRecoveryCode(db: Db, userId: number, codeHash: string): Promise<boolean> {
  const open = and(eq(recoveryCode.userId, userId), eq(recoveryCode.codeHash, codeHash), isNull(recoveryCode.usedAt))
  const taken = await db.update(recoveryCode).set({ usedAt: sql`now()` }).where(open).returning({ id: recoveryCode.id })
  return taken.length > 0
}

/** Puts new recovery codes in place of all earlier ones. */
export async function replaceRecoveryCodes(db: Db, userId: number, hashes: readonly string[]): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.delete(recoveryCode).where(eq(recoveryCode.userId, userId))
    if (hashes.length > 0) await tx.insert(recoveryCode).values(hashes.map((codeHash) => ({ userId, codeHash })))
  })
}

export async function recoveryCodesLeft(db: Db, userId: number): Promise<number> {
  return db.$count(recoveryCode, and(eq(recoveryCode.userId, userId), isNull(recoveryCode.usedAt)))
}

/** Takes seed and recovery codes away; whether there was a confirmed seed. */
export async function dropFactor(db: Db, userId: number): Promise<boolean> {
  await replaceRecoveryCodes(db, userId, [])
  const gone = await db.delete(secondFactor).where(eq(secondFactor.userId, userId)).returning({
    confirmedAt: secondFactor.confirmedAt,
  })
  return gone.some((row) => row.confirmedAt !== null)
}

/** Ids of everybody who has a second factor. */
export async function usersWithFactor(db: Db): Promise<Set<number>> {
  const found = await db
    .select({ userId: secondFactor.userId })
    .from(secondFactor)
    .where(isNotNull(secondFactor.confirmedAt))
  return new Set(found.map((row) => row.userId))
}

/** Notes at a session whether its user has shown the second factor in it. */
export async function markSession(db: Db, sessionId: string, mfa: boolean): Promise<void> {
  await db.update(loginSession).set({ mfa }).where(eq(loginSession.id, sessionId))
}
