import { sql } from 'drizzle-orm'
import { type Db, one } from '../db/db.ts'

/** What the security settings touch today. */
export interface SecurityFacts {
  /** Who may sign in, and how many of them have a second factor. */
  users: number
  withFactor: number
  /** Open sessions, and how many minutes the longest idle one of them has been so. */
  sessions: number
  idleMost: number
  /** At how many places the same person is signed in, at most. */
  placesMost: number
  waitingForPassword: number
}

const NOBODY: SecurityFacts = {
  users: 0,
  withFactor: 0,
  sessions: 0,
  idleMost: 0,
  placesMost: 0,
  waitingForPassword: 0,
}

export async function securityFacts(db: Db): Promise<SecurityFacts> {
  const found = await one<SecurityFacts>(
    db,
    sql`
    with who as (select id, password_hash from app_user where id <> 0 and disabled_at is null),
      open as (select user_id, last_active_at from login_session where expires_at > now()
        and last_active_at > now() - make_interval(mins => coalesce((select nullif(value, '')::int from setting where name = 'idle_minutes'), 15)))
    select (select count(*)::int from who) as users,
      (select count(*)::int from who w join second_factor f on f.user_id = w.id where f.confirmed_at is not null) as "withFactor",
      (select count(*)::int from open) as sessions,
      (select coalesce(floor(extract(epoch from max(now() - last_active_at)) / 60), 0)::int from open) as "idleMost",
      (select coalesce(max(n), 0)::int from (select count(*) as n from open group by user_id) x) as "placesMost",
      (select count(*)::int from who where password_hash is null) as "waitingForPassword"`,
  )
  return found ?? NOBODY
}

/** Users who may sign in, by role, and how many of each have no second factor. */
export async function usersByRole(db: Db): Promise<{ role: string; users: number; without: number }[]> {
  const found = await one<{ list: { role: string; users: number; without: number }[] }>(
    db,
    sql`
    select coalesce(json_agg(x), '[]') as list from (
      select u.role, count(*)::int as users, count(*) filter (where f.confirmed_at is null)::int as without
      from app_user u left join second_factor f on f.user_id = u.id
      where u.id <> 0 and u.disabled_at is null group by u.role order by u.role) x`,
  )
  return found?.list ?? []
}
