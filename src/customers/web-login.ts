import { sql } from 'drizzle-orm'
import { hashPassword } from '../auth/passwords.ts'
import { passwordRefusal } from '../auth/rules.ts'
import { hashToken, newToken } from '../auth/tokens.ts'
import { type Db, one } from '../db/db.ts'
import { Refused } from '../errors.ts'

/** Days that a link to a new online password works. */
export const LINK_DAYS = 3

/** A link with which a customer sets a new online password, once. The old password and earlier links stop working. */
export async function makeWebLink(db: Db, customerId: number, by: number): Promise<string> {
  const token = newToken()
  await db.execute(sql`insert into customer_web_login as w (customer_id, link_hash, link_expires_at, changed_by)
    values (${customerId}, ${hashToken(token)}, now() + make_interval(days => ${LINK_DAYS}), ${by})
    on conflict (customer_id) do update set password_hash = null, link_hash = excluded.link_hash,
      link_expires_at = excluded.link_expires_at, version = w.version + 1, changed_by = excluded.changed_by`)
  return `/web-login?token=${token}`
}

const inForce = (token: string) => sql`link_hash = ${hashToken(token)} and link_expires_at > now()`

/** Whom an unused link is for; undefined when it is unknown, used or too old. */
export async function webLinkOwner(
  db: Db,
  token: string,
): Promise<{ number: string; name: string; email: string | null } | undefined> {
  return one(
    db,
    sql`select c.number, c.name, c.email from customer_web_login w join customer c on c.id = w.customer_id where ${inForce(token)}`,
  )
}

/** Sets the online password and uses the link up: of two at once only one does. Refuses a password that will not do. */
export async function setWebPassword(
  db: Db,
  token: string,
  password: string,
  words: readonly string[],
): Promise<boolean> {
  const refusal = passwordRefusal(password, words)
  if (refusal !== undefined) throw new Refused('password', refusal, { password: refusal })
  const hash = await hashPassword(password)
  const taken = await one<{ id: number }>(
    db,
    sql`update customer_web_login set password_hash = ${hash}, link_hash = null, link_expires_at = null, version = version + 1, changed_by = 0
      where ${inForce(token)} returning customer_id as id`,
  )
  if (!taken) return false
  await db.execute(
    sql`update customer set web_user = true, version = version + 1, changed_by = 0 where id = ${taken.id} and not web_user`,
  )
  return true
}
