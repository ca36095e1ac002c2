import { sql } from 'drizzle-orm'
import { type MailAddress, mailingLines } from '../customers/mailing-rules.ts'
import { type Db, rows } from '../db/db.ts'
import { OF_ACCOUNT } from './facts.ts'
import { contactName } from './rules.ts'

/** A contact of an account who may be sent a duplicate (product.md 3.21). */
export interface DuplicateContact {
  id: number
  name: string
  /** The address lines under the name. */
  lines: string[]
  email: string | null
  /** The contact's Notices choice; none gets none. */
  notices: 'mail' | 'email' | 'none'
}

interface Row {
  id: number
  notices: DuplicateContact['notices']
  firstName: string
  middleName: string | null
  lastName: string
  suffix: string | null
  address: MailAddress | null
  email: string | null
}

/**
 * Who gets a duplicate for contacts of an account: its customer's contacts and its location's whose Notices choice is Mail
 * or Email, each at its primary address or e-mail address [001-262, 001-393].
 */
export async function contactsForDuplicates(db: Db, accountId: number): Promise<DuplicateContact[]> {
  const found = await rows<Row>(
    db,
    sql`select o.id, o.notices, o.first_name as "firstName", o.middle_name as "middleName", o.last_name as "lastName", o.suffix,
      (select json_build_object('careOf', x.care_of, 'addressLine1', x.address_line_1, 'addressLine2', x.address_line_2, 'city', x.city,
        'state', x.state, 'zip', x.zip, 'country', x.country) from contact_address x where x.contact_id = o.id and x.is_primary) as address,
      (select x.address from contact_email x where x.contact_id = o.id and x.is_primary) as email
    from account a join contact o on ${OF_ACCOUNT} where a.id = ${accountId} and o.notices <> 'none'
    order by lower(o.last_name), lower(o.first_name), o.id`,
  )
  return found.map(({ id, notices, address, email, ...name }) => ({
    id,
    name: contactName(name),
    lines: address ? mailingLines(address) : [],
    email,
    notices,
  }))
}
