import { type SQL, sql } from 'drizzle-orm'
import { field } from '../web/form.ts'
import { selectInput } from '../web/inputs.ts'
import { WHO } from './person.ts'
import type { Place } from './records.ts'

/** Who holds something that the town defines, by the tab it stands on: a customer, the owner, the location. */
export type Holder = 'customer' | 'owner' | 'location'

export const HOLDERS: readonly Holder[] = ['customer', 'owner', 'location']

/** Whom something that the town defines belongs to. */
export const holderField = (label: string) =>
  field(selectInput(['customer', 'location']), {
    label,
    input: 'select',
    size: 'sm',
    options: [
      { value: 'customer', label: 'Customer' },
      { value: 'location', label: 'Location' },
    ],
  })

/** The kind that is set up: an owner is a customer. */
export const kindOf = (holder: Holder): 'customer' | 'location' => (holder === 'location' ? 'location' : 'customer')

/** Rows `o` of a holder, in SQL that sees the account as `a`. */
export const heldBy = (holder: Holder): SQL =>
  holder === 'location' ? sql`o.location_id = a.location_id` : sql`o.customer_id = ${WHO[holder]}`

/** Rows `o` of a holder, seen from the ids of a place. */
export const heldAt = (holder: Holder, { customerId, locationId }: Place): SQL =>
  holder === 'location' ? sql`o.location_id = ${locationId}` : sql`o.customer_id = ${customerId}`

/** The column that says who. */
export const holderColumn = (holder: Holder, { customerId, locationId }: Place) =>
  holder === 'location' ? { locationId } : { customerId }
