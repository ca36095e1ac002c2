import { sql } from 'drizzle-orm'
import type { SessionData } from 'express-session'
import { type Db, statement } from '../db/db.ts'
import { type TownFacts, townOf } from '../web/town.ts'

/** A sign-in and whose it is, as the table has them: nothing is decided yet. */
export interface LoginRow {
  userId: number
  name: string
  role: string
  disabled: boolean
  expiresAt: Date
  lastActiveAt: Date
  mfa: boolean | null
  /** The Security tab's limit; undefined where it says none. */
  idleMinutes: number | undefined
}

export interface Visit {
  login: LoginRow | undefined
  web: SessionData | null
  town: TownFacts
}

interface Row {
  login:
    | (Omit<LoginRow, 'expiresAt' | 'lastActiveAt' | 'idleMinutes'> & { expiresAt: string; lastActiveAt: string })
    | null
  web: SessionData | null
  settings: Record<string, string> | null
  held: number
}

const read = statement<Row>(sql`select
  (select json_build_object('userId', u.id, 'name', u.name, 'role', u.role, 'disabled', u.disabled_at is not null,
      'expiresAt', s.expires_at, 'lastActiveAt', s.last_active_at, 'mfa', s.mfa)
    from login_session s join app_user u on u.id = s.user_id where s.id = ${sql.placeholder('login')}) as login,
  (select w.data from web_session w where w.sid = ${sql.placeholder('web')} and w.expires_at > now()) as web,
  (select json_object_agg(name, value) from setting
    where name in ('name', 'current_period', 'timezone', 'second_factor', 'idle_minutes')) as settings,
  (select count(*)::int from ledger.parked_account) as held`)

/**
 * Everything that every visit asks before its own question, in one round trip: the sign-in and the browser's memory by
 * their hashes ('' for none), and the town.
 */
export async function readVisit(db: Db, hashes: { login: string; web: string }): Promise<Visit> {
  const [row] = await read(db, hashes)
  const settings = row?.settings ?? {}
  return {
    login: row?.login ? loginOf(row.login, settings['idle_minutes']) : undefined,
    web: row?.web ?? null,
    town: townOf(settings, row?.held ?? 0),
  }
}

const loginOf = (row: NonNullable<Row['login']>, idleMinutes = ''): LoginRow => ({
  ...row,
  expiresAt: new Date(row.expiresAt),
  lastActiveAt: new Date(row.lastActiveAt),
  idleMinutes: idleMinutes === '' ? undefined : Number(idleMinutes),
})
