import { eq, sql } from 'drizzle-orm'
import { type Db, one } from '../db/db.ts'
import { loginAttempt } from '../db/tables/auth.ts'
import { type Tries, waitBefore } from './rules.ts'

export type Entered = { wait: number } | { wait: 0; attempt: number }

/**
 * Asks for a try at signing in. Counts and notes it in one go, under a lock on the name, so that a thousand tries at once
 * get no more than one after another. A try that has to wait is not noted.
 */
export async function enter(db: Db, userName: string, address: string): Promise<Entered> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`sign-in ${userName}`}, 0))`)
    const wait = waitBefore(await triesOf(tx as unknown as Db, userName, address))
    if (wait > 0) return { wait }
    const [made] = await tx
      .insert(loginAttempt)
      .values({ userName, ip: address, ok: false })
      .returning({ id: loginAttempt.id })
    return { wait: 0, attempt: made?.id ?? 0 }
  })
}

async function triesOf(db: Db, userName: string, address: string): Promise<Tries> {
  const found = await one<Tries>(
    db,
    sql`
    with failed as (
      select at from login_attempt
      where user_name = ${userName} and not ok
        and id > coalesce((select max(id) from login_attempt where user_name = ${userName} and ok), 0)
      order by id desc limit 100)
    select
      (select count(*)::int from failed) as "inARow",
      coalesce((select extract(epoch from clock_timestamp() - max(at)) from failed), 1e9)::float8 as "sinceLast",
      (select count(*)::int from (select from login_attempt
        where ip = ${address} and not ok and at > now() - interval '5 minutes' limit 20) x) as "fromAddress",
      (select count(*)::int from (select from login_attempt
        where not ok and at > now() - interval '5 minutes' limit 300) x) as "fromAnywhere"`,
  )
  return found ?? { inARow: 0, sinceLast: 1e9, fromAddress: 0, fromAnywhere: 0 }
}

/** The try was right: the count of failures in a row begins anew. */
export async function succeeded(db: Db, attempt: number): Promise<void> {
  await db.update(loginAttempt).set({ ok: true }).where(eq(loginAttempt.id, attempt))
}

/** A new password was set: nothing that was tried before counts against it. */
export async function forgive(db: Db, userName: string): Promise<void> {
  await db.insert(loginAttempt).values({ userName, ip: '', ok: true })
}
