import type { Db } from '../../db/db.ts'
import { findMaster } from '../../master-contacts/service.ts'

type Found = NonNullable<Awaited<ReturnType<typeof findMaster>>>

/** The master contact that a new customer is to be of, or why not: nobody has the number, or it went into another one. */
export async function masterFor(db: Db, number: string): Promise<Found | string> {
  const found = await findMaster(db, number)
  if (!found) return `There is no master contact ${number}.`
  return found.mergedInto ? `This master contact went into ${found.mergedInto.name}.` : found
}
