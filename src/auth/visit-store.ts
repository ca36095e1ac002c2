import { sql } from 'drizzle-orm'
import type { SessionData } from 'express-session'
import { ask, type Compiled, compiled, type Db, type Question, statement } from '../db/db.ts'
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
  /** The first row of what a page asked along, its columns null where it found none; undefined = nothing was asked. */
  page: object | undefined
}

interface Row {
  login:
    | (Omit<LoginRow, 'expiresAt' | 'lastActiveAt' | 'idleMinutes'> & { expiresAt: string; lastActiveAt: string })
    | null
  web: SessionData | null
  settings: Record<string, string> | null
  held: number
}

const VISIT = sql`select
  (select json_build_object('userId', u.id, 'name', u.name, 'role', u.role, 'disabled', u.disabled_at is not null,
      'expiresAt', s.expires_at, 'lastActiveAt', s.last_active_at, 'mfa', s.mfa)
    from login_session s join app_user u on u.id = s.user_id where s.id = ${sql.placeholder('login')}) as login,
  (select w.data from web_session w where w.sid = ${sql.placeholder('web')} and w.expires_at > now()) as web,
  (select json_object_agg(name, value) from setting
    where name in ('name', 'current_period', 'timezone', 'second_factor', 'idle_minutes')) as settings,
  (select count(*)::int from ledger.parked_account p join account a on a.id = p.account_id join customer c on c.id = a.customer_id
    where c.public) as held`

const read = statement<Row>(VISIT)

/**
 * Everything that every visit asks before its own question, in one round trip: the sign-in and the browser's memory by
 * their hashes ('' for none), and the town; with what the page asks along, where it does.
 */
export async function readVisit(db: Db, hashes: { login: string; web: string }, question?: Question): Promise<Visit> {
  const along = question && (await readAlong(question, hashes))
  const [row] = along ? [along] : await read(db, hashes)
  const settings = row?.settings ?? {}
  return {
    login: row?.login ? loginOf(row.login, settings.idle_minutes) : undefined,
    web: row?.web ?? null,
    town: townOf(settings, row?.held ?? 0),
    page: along,
  }
}

/** Undefined where the page's part of it failed: it fails again by itself, and is told of in the town's own page. */
async function readAlong({ db, statement, values }: Question, hashes: object): Promise<Row | undefined> {
  const both = bothOf(db, statement)
  const [row] = await ask<Row>(db, both, { ...values, ...hashes }).catch(() => [])
  return row
}

const kept = new WeakMap<Compiled, Compiled>()

function bothOf(db: Db, page: Compiled): Compiled {
  const known = kept.get(page)
  if (known) return known
  const visit = compiled(db, VISIT, page.params.length)
  const both = {
    text: `select v.*, p.* from (${page.text}) p right join (${visit.text}) v on true`,
    params: [...page.params, ...visit.params],
  }
  kept.set(page, both)
  return both
}

const loginOf = (row: NonNullable<Row['login']>, idleMinutes = ''): LoginRow => ({
  ...row,
  expiresAt: new Date(row.expiresAt),
  lastActiveAt: new Date(row.lastActiveAt),
  idleMinutes: idleMinutes === '' ? undefined : Number(idleMinutes),
})
