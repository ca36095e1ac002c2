import { sql } from 'drizzle-orm'
import { mailingAddresses } from '../customers/mailing.ts'
import { type CustomerAddress, mailingAddressOn, mailingLines } from '../customers/mailing-rules.ts'
import { type Db, one } from '../db/db.ts'
import { NotFound } from '../errors.ts'
import type { Day } from '../ledger/calendar.ts'
import { settings } from '../organization/settings.ts'
import { maskOf } from '../secrets/rules.ts'
import type { SignupPaper } from './signup-paper.ts'

interface Known {
  number: string
  name: string
  phone: string | null
  email: string | null
  serviceAddress: string
  addresses: CustomerAddress[]
  accountType: string | null
  routing: string | null
  bank: string | null
  last4: string | null
}

/** What is already known of the customer, for the forms to sign [001-148]. Of a bank account no more than its last four. */
export async function signupPaper(db: Db, customerId: number, account: string, day: Day): Promise<SignupPaper> {
  const row = await one<{ known: Known }>(
    db,
    sql`select json_build_object('number', c.number, 'name', c.name, 'phone', c.phone, 'email', c.email,
        'serviceAddress', (select n.service_address from account a join location n on n.id = a.location_id where a.number = ${account}),
        'addresses', ${mailingAddresses(sql`c`)}, 'accountType', p.account_type, 'routing', b.code, 'bank', b.name,
        'last4', p.bank_account_last4) as known
      from customer c left join auto_payment p on p.customer_id = c.id left join bank_code b on b.id = p.bank_code_id
      where c.id = ${customerId}`,
  )
  if (!row) throw new NotFound('customer')
  const { known } = row
  const { name, addressLine1, addressLine2, city, state, zip, phone } = await settings(db)
  const to = mailingAddressOn(known.addresses, day)
  return {
    town: { name, lines: [...mailingLines({ addressLine1, addressLine2, city, state, zip }), phone].filter(Boolean) },
    day,
    facts: [
      ['Customer', `${known.number} ${known.name}`],
      ['Account', account],
      ['Service address', known.serviceAddress],
      ['Mailing address', to ? mailingLines(to).join(', ') : ''],
      ['Telephone', known.phone ?? ''],
      ['E-mail', known.email ?? ''],
    ],
    bank: [
      ['Bank', known.bank ?? ''],
      ['Bank Routing No.', known.routing ?? ''],
      ['Account No.', maskOf('bank', known.last4).replaceAll('•', 'x')],
      ['Account Type', { checking: 'Checking Account', savings: 'Savings Account' }[known.accountType ?? ''] ?? ''],
    ],
  }
}
