import { z } from 'zod'
import { defineForm, field } from '../web/form.ts'
import { checkboxInput, dateInput, decimalInput, numberInput, optional, optionalText } from '../web/inputs.ts'

const tick = (label: string, hint?: string) =>
  field(checkboxInput(), { label, input: 'checkbox', ...(hint ? { hint } : {}) })
const version = field(numberInput(), { label: '', input: 'hidden' })

/** Landlord and rental of a location. */
export const propertyForm = defineForm({
  version,
  rental: tick('Rental', 'Off: the resident is the owner'),
  landlord: field(optionalText(20), {
    label: 'Landlord',
    size: 'sm',
    hint: 'Customer number of the owner',
    autofocus: true,
  }),
  autoConnect: tick(
    'Service goes back to the landlord when a tenant leaves',
    'After the final bill, Reconnect service to the landlord is then the main button, before New tenant. Nobody is connected before it is pressed.',
  ),
  noticeCopies: tick(
    "The landlord gets copies of the tenant's statements",
    'The landlord is then among the duplicates on the page of each statement made since it was agreed, the final one too. Certification notices go to the owner in any case.',
  ),
  since: field(optional(dateInput()), { label: 'Agreed on', input: 'date' }),
})

/** Final bill: a read for each meter at the location. */
export const leavingForm = (meters: readonly { meterId: number; number: string }[]) =>
  defineForm(
    Object.assign(
      {
        requestId: field(z.uuid(), { label: '', input: 'hidden' }),
        version,
        date: field(dateInput(), { label: 'Last day of service', input: 'date', autofocus: true }),
        applyDeposit: tick('Apply the deposit to what is owed'),
        statement: tick('Make the final statement'),
      },
      ...meters.map(({ meterId, number }) => ({
        [`read-${meterId}`]: field(optional(decimalInput({ places: 4 })), {
          label: `Last read of meter ${number}`,
          size: 'sm',
        }),
      })),
    ),
  )
