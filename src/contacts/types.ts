import { contactType } from '../db/tables/contacts.ts'
import { codeAndName } from '../organization/code-fields.ts'
import { setupTable, usedBy } from '../tables/table.ts'
import { field } from '../web/form.ts'
import { checkboxInput, selectInput } from '../web/inputs.ts'

const SYSTEM: readonly unknown[] = ['emergency', 'employer', 'landlord', 'secondary', 'other']

const FIELDS = {
  ...codeAndName,
  place: field(selectInput(['customer', 'location']), {
    label: 'Type',
    input: 'select',
    size: 'md',
    options: [
      { value: 'customer', label: 'Customer Contact' },
      { value: 'location', label: 'Location Contact' },
    ],
    hint: 'A Customer Contact goes with the customer to any location; a Location Contact stays with the location.',
  }),
  system: field(checkboxInput(), {
    label: 'IS System',
    input: 'checkbox',
    hint: 'Ticked on the types that always exist; they stay as they are.',
  }),
}

/** Organization > Contact Types: Setup Contact Type [001-252 to 001-258]. */
export const contactTypes = setupTable({
  table: contactType,
  name: 'contact_type',
  path: '/organization/contact-types',
  menu: 'Organization > Contact Types',
  title: 'Contact Types',
  singular: 'contact type',
  plural: 'contact types',
  file: 'contact_types.csv',
  fields: FIELDS,
  code: 'code',
  columns: ['code', 'name', 'place', 'system'],
  lookup: ['code', 'name'],
  usage: [usedBy('contact', 'contact_type_id', 'contact')],
  kept: (row) =>
    row.system ? { says: 'This contact type always exists, as it is.', fields: Object.keys(FIELDS) } : undefined,
  faults: ({ code, system }): Record<string, string> =>
    Boolean(system) === SYSTEM.includes(code) ? {} : { system: 'Only the types that always exist are system types.' },
})
