import { sql } from 'drizzle-orm'
import { bigint, boolean, check, index, integer, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core'

/** A moment as the session library and the screens want it: a Date in code, timestamptz in the table. */
const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/** A person who signs in. Id 0 is the system: no password, signs in nowhere. */
export const appUser = pgTable(
  'app_user',
  {
    id: integer('id').primaryKey().generatedByDefaultAsIdentity({ startWith: 1 }),
    name: text('name').notNull().unique(),
    fullName: text('full_name').notNull().default(''),
    role: text('role').notNull(),
    passwordHash: text('password_hash'),
    disabledAt: moment('disabled_at'),
    passwordChangedAt: moment('password_changed_at'),
    version: integer('version').notNull().default(1),
    changedBy: integer('changed_by').notNull().default(0),
  },
  (t) => [
    check('app_user_role', sql`${t.role} in ('administrator', 'supervisor', 'clerk', 'viewer', 'auditor')`),
    check('app_user_name', sql`${t.name} <> ''`),
  ],
)

/** Who is signed in where. The id is the SHA-256 of the cookie's token: the table opens no door. */
export const loginSession = pgTable(
  'login_session',
  {
    id: text('id').primaryKey(),
    userId: integer('user_id')
      .notNull()
      .references(() => appUser.id, { onDelete: 'cascade' }),
    expiresAt: moment('expires_at').notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
    lastActiveAt: moment('last_active_at').notNull().defaultNow(),
    ip: text('ip').notNull().default(''),
    userAgent: text('user_agent').notNull().default(''),
    mfa: boolean('mfa'),
  },
  (t) => [index('login_session_user').on(t.userId)],
)

/** What this browser remembers for a while: flash messages, the CSRF token, where to return to. */
export const webSession = pgTable(
  'web_session',
  { sid: text('sid').primaryKey(), data: jsonb('data').notNull(), expiresAt: moment('expires_at').notNull() },
  (t) => [index('web_session_expires').on(t.expiresAt)],
)

/** Every try to sign in; the throttle counts here, so a restart forgets nothing. */
export const loginAttempt = pgTable(
  'login_attempt',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    userName: text('user_name').notNull(),
    ip: text('ip').notNull(),
    at: moment('at').notNull().defaultNow(),
    ok: boolean('ok').notNull(),
  },
  (t) => [
    index('login_attempt_user').on(t.userName, t.at),
    index('login_attempt_ip').on(t.ip, t.at),
    index('login_attempt_at').on(t.at),
  ],
)

/** A link that works once: the first administrator (no user yet) or a user's new password. */
export const setupLink = pgTable('setup_link', {
  tokenHash: text('token_hash').primaryKey(),
  userId: integer('user_id').references(() => appUser.id, { onDelete: 'cascade' }),
  createdAt: moment('created_at').notNull().defaultNow(),
  createdBy: integer('created_by').notNull().default(0),
  expiresAt: moment('expires_at').notNull(),
  usedAt: moment('used_at'),
})

/** A key for the JSON API. Only its SHA-256 is kept; it is shown once, when it is made. */
export const apiToken = pgTable('api_token', {
  id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
  userId: integer('user_id')
    .notNull()
    .references(() => appUser.id),
  name: text('name').notNull(),
  tokenHash: text('token_hash').notNull().unique(),
  createdAt: moment('created_at').notNull().defaultNow(),
  lastUsedAt: moment('last_used_at'),
  revokedAt: moment('revoked_at'),
  version: integer('version').notNull().default(1),
  changedBy: integer('changed_by').notNull().default(0),
})

/**
 * A user's second factor: the seed of an authenticator app, sealed, and the last step whose code was taken. Not confirmed, it
 * was shown and never used yet.
 */
export const secondFactor = pgTable('second_factor', {
  userId: integer('user_id')
    .primaryKey()
    .references(() => appUser.id, { onDelete: 'cascade' }),
  seedSealed: text('seed_sealed').notNull(),
  lastStep: bigint('last_step', { mode: 'number' }).notNull().default(0),
  createdAt: moment('created_at').notNull().defaultNow(),
  confirmedAt: moment('confirmed_at'),
})

/** Codes for the day on which the telephone is lost: each works once, only its SHA-256 is kept. */
export const recoveryCode = pgTable(
  'recovery_code',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    userId: integer('user_id')
      .notNull()
      .references(() => appUser.id, { onDelete: 'cascade' }),
    codeHash: text('code_hash').notNull(),
    usedAt: moment('used_at'),
  },
  (t) => [index('recovery_code_user').on(t.userId)],
)

/** What somebody sent when the session had just ended, sealed, for a quarter of an hour. */
export const formDraft = pgTable('form_draft', {
  userId: integer('user_id')
    .primaryKey()
    .references(() => appUser.id, { onDelete: 'cascade' }),
  sealed: text('sealed').notNull(),
  expiresAt: moment('expires_at').notNull(),
})
