import { sql } from 'drizzle-orm'
import { personTabs } from '../panel/person.ts'
import { addressShown, inForceOn, mailtoOf, phonesShown } from './person-page.ts'

/** Customer and Owner > Address: the primary mailing address with e-mail and phones, and the other addresses [001]. */
export const addressTab = personTabs<null>({
  path: '',
  label: 'Address',
  need: 'customers.view',
  template: 'customers/address',
  sql: () => sql`null`,
  present: (_raw, { person, asked }) => ({
    mailto: mailtoOf(person.values.email),
    phones: phonesShown(person),
    addresses: person.addresses.map(addressShown),
    inForce: inForceOn(person, asked.asOf ?? asked.today),
  }),
})
