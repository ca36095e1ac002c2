import { sql } from 'drizzle-orm'
import { type Db, rows } from '../db/db.ts'
import { Refused } from '../errors.ts'

/** Of these codes those that are no rate of the town, each with what to say at its field. */
export async function unknownRates(db: Db, codes: string[]): Promise<Map<string, string>> {
  if (codes.length === 0) return new Map()
  const known = await rows<{ code: string }>(db, sql`select distinct code from rate where code in ${codes}`)
  const unknown = codes.filter((code) => !known.some((rate) => rate.code === code))
  return new Map(unknown.map((code) => [code, `There is no rate ${code}.`]))
}

/** A rate is one of the town's; a service without one is billed by its default. */
export async function refuseUnknownRate(db: Db, rate: string | null | undefined, field: string): Promise<void> {
  if (!rate) return
  const sentence = (await unknownRates(db, [rate])).get(rate)
  if (sentence !== undefined) throw new Refused('unknown_rate', sentence, { [field]: sentence })
}
