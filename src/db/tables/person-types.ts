import { integer, pgTable, text } from 'drizzle-orm/pg-core'
import { code, tracked } from './columns.ts'

const types = (name: string) =>
  pgTable(name, {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    code: code().unique(),
    name: text().notNull(),
    ...tracked,
  })

/** Home, work, temporary and the town's own. */
export const addressType = types('address_type')
export const phoneType = types('phone_type')
export const emailType = types('email_type')

/** What is offered before a person's name; customers keep the words themselves. */
export const title = pgTable('title', {
  id: integer().primaryKey().generatedByDefaultAsIdentity(),
  name: text().notNull().unique(),
  ...tracked,
})
