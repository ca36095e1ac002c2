import { type SQL, sql } from 'drizzle-orm'

/**
 * The name by which people see a user, a row of `app_user` under the alias given: the full name, else the name that is
 * signed in with. A user without a full name has '' there, not null. Null only where the row is missing.
 */
export const shownName = (alias = 'u'): SQL => sql.raw(`coalesce(nullif(${alias}.full_name, ''), ${alias}.name)`)
