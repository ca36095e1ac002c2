import { and, asc, eq, sql } from 'drizzle-orm'
import type { Db } from '../db/db.ts'
import { savedCriteria } from '../db/tables/index.ts'

export interface SavedSet {
  id: number
  name: string
}

const one = (kind: string, id: number) => and(eq(savedCriteria.kind, kind), eq(savedCriteria.id, id))

/** The saved sets of a routine, by name; all its users share them. */
export function savedSets(db: Db, kind: string): Promise<SavedSet[]> {
  return db
    .select({ id: savedCriteria.id, name: savedCriteria.name })
    .from(savedCriteria)
    .where(eq(savedCriteria.kind, kind))
    .orderBy(asc(savedCriteria.name))
}

/** The criteria of a set; undefined when it is not there any more. */
export async function loadSet(db: Db, kind: string, id: number): Promise<unknown> {
  const [found] = await db.select({ criteria: savedCriteria.criteria }).from(savedCriteria).where(one(kind, id))
  return found?.criteria
}

/** Keeps criteria under a name; a set of that name is replaced. */
export async function saveSet(
  db: Db,
  set: { kind: string; name: string; criteria: unknown; by: number },
): Promise<void> {
  const { by, ...values } = set
  await db
    .insert(savedCriteria)
    .values({ ...values, changedBy: by })
    .onConflictDoUpdate({
      target: [savedCriteria.kind, savedCriteria.name],
      set: { criteria: set.criteria, changedBy: by, version: sql`${savedCriteria.version} + 1` },
    })
}

/** Deletes a set. Who does it is written first: the audit trigger reads it from the row. */
export async function deleteSet(db: Db, kind: string, id: number, by: number): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.update(savedCriteria).set({ changedBy: by }).where(one(kind, id))
    await tx.delete(savedCriteria).where(one(kind, id))
  })
}
