import { boolean, date, integer, numeric, text } from 'drizzle-orm/pg-core'

/** An amount in dollars and cents; a string in TypeScript, never a JavaScript number. */
export const amount = () => numeric({ precision: 14, scale: 2 })

/** A business day, 'YYYY-MM-DD', without time or zone. */
export const day = () => date({ mode: 'string' })

export const flag = (initial: boolean) => boolean().notNull().default(initial)

/** A code or number of the town: text of up to 20 characters. */
export const code = () => text().notNull()

/** Every audited row says which state it is in and who put it there; the audit trigger reads both. */
export const tracked = {
  version: integer().notNull().default(1),
  changedBy: integer().notNull().default(0),
}
