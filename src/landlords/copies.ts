import { sql } from 'drizzle-orm'
import { mailingAddresses } from '../customers/mailing.ts'
import { type CustomerAddress, mailingAddressOn, mailingLines } from '../customers/mailing-rules.ts'
import { type Db, one } from '../db/db.ts'
import { type Day, dayIn } from '../ledger/calendar.ts'
import { settings } from '../organization/settings.ts'

/** A landlord who gets copies of a tenant's statements, as a contact who gets duplicates. */
export interface LandlordCopy {
  id: 'landlord'
  name: string
  lines: string[]
  email: string | null
  notices: 'mail' | 'email'
}

interface Row {
  name: string
  email: string | null
  notices: LandlordCopy['notices']
  addresses: CustomerAddress[]
}

/**
 * The landlord of the account's location who was promised copies by the day of the tenant's statement or the day it was
 * made; by e-mail where only that is ticked for them and the address is known, else by mail. Undefined where the account is
 * the landlord's own, the location is no rental, or the landlord may not be seen by the person who asks.
 */
export async function landlordCopy(
  db: Db,
  { accountId, date, madeAt }: { accountId: number; date: Day; madeAt: string },
): Promise<LandlordCopy | undefined> {
  const made = dayIn((await settings(db)).timezone, new Date(madeAt))
  const found = await one<Row>(
    db,
    sql`select o.name, o.email, ${mailingAddresses(sql`o`)} as addresses,
        case when o.email_notices and not o.mail_notices and coalesce(o.email, '') <> '' then 'email' else 'mail' end as notices
      from account a join location n on n.id = a.location_id and n.rental
      join landlord_agreement g on g.location_id = n.id and g.notice_copies
        and coalesce(g.since <= greatest(${date}::date, ${made}::date), true)
      join customer o on o.id = n.owner_customer_id and o.id <> a.customer_id where a.id = ${accountId}`,
  )
  if (!found) return undefined
  const address = mailingAddressOn(found.addresses, date)
  const { name, email, notices } = found
  return { id: 'landlord', name, lines: address ? mailingLines(address) : [], email, notices }
}
