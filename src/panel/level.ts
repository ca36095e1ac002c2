import { type SQL, sql } from 'drizzle-orm'
import { field } from '../web/form.ts'
import { checkboxInput, selectInput } from '../web/inputs.ts'
import type { Place } from './records.ts'

export type Level = 'account' | 'customer' | 'location'

/** Where a record hangs: this customer at this location, the customer wherever he lives, or the location whoever lives there. */
export const levelField = (label: string) =>
  field(selectInput(['account', 'customer', 'location']), {
    label,
    input: 'select',
    size: 'sm',
    options: [
      { value: 'account', label: 'Account' },
      { value: 'customer', label: 'Customer' },
      { value: 'location', label: 'Location' },
    ],
  })

/** Whether a record still applies: a new one does, and one that was deactivated never does again. */
export const activeField = field(checkboxInput(), {
  label: 'Active',
  input: 'checkbox',
  hint: 'Ticked once it is saved. Deactivated it stays deactivated: add it anew.',
})

/** The columns that say where. */
export const leveled = (level: Level, place: Place) => ({
  level,
  customerId: level === 'location' ? null : place.customerId,
  locationId: level === 'customer' ? null : place.locationId,
})

/** Rows `o` that hang on a place: the account's own, its customer's, its location's. */
export const ofPlace = ({
  customerId,
  locationId,
}: Place): SQL => sql`(o.level = 'location' and o.location_id = ${locationId}
  or o.level = 'customer' and o.customer_id = ${customerId}
  or o.level = 'account' and o.customer_id = ${customerId} and o.location_id = ${locationId})`
