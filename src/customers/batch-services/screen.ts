import { sql } from 'drizzle-orm'
import { type Db, rows } from '../../db/db.ts'
import { FREQUENCIES, FREQUENCY } from '../../organization/frequencies.ts'
import { runScreens } from '../../runs/screens.ts'
import { defineForm, field, type Option } from '../../web/form.ts'
import { codeInput, dateInput, decimalInput, optional, optionalText, selectInput } from '../../web/inputs.ts'
import { unitsInput } from '../forms.ts'
import { type BatchServiceOptions, batchServices } from './run.ts'

const form = defineForm({
  action: field(selectInput(['add', 'disconnect', 'delete']), {
    label: 'What to do',
    input: 'radio',
    options: [
      { value: 'add', label: 'Add the service' },
      { value: 'disconnect', label: 'Give it a disconnect date' },
      { value: 'delete', label: 'Delete it where it was never billed' },
    ],
  }),
  service: field(codeInput(), { label: 'Service', input: 'select', size: 'md' }),
  disconnectDate: field(optional(dateInput()), {
    label: 'Disconnect date',
    input: 'date',
    hint: 'For a disconnect date: the last day of service',
  }),
  rate: field(optionalText(20), { label: 'Rate', size: 'sm', hint: "For a new service; empty: the service's default" }),
  quantity: field(optional(decimalInput({ places: 4 })), { label: 'Quantity', size: 'sm' }),
  units: field(optional(unitsInput()), { label: 'Unit/shares', size: 'sm' }),
  frequency: field(optional(selectInput(FREQUENCY)), {
    label: 'Frequency',
    input: 'select',
    size: 'md',
    options: FREQUENCIES,
  }),
  connectDate: field(optional(dateInput()), { label: 'Connect date', input: 'date' }),
})

/** Customers > Batch Add/Delete Services. */
export const batchServicesScreen = runScreens(batchServices, {
  form,
  lists: async (db) => ({
    options: { service: await serviceChoices(db) },
    suggestions: { rate: await rateCodes(db) },
  }),
  show: (given: Partial<BatchServiceOptions>) => given,
  read: ({ quantity, units, ...typed }) =>
    Object.fromEntries(
      Object.entries({ ...typed, quantity: quantity?.toFixed(), units: units?.toFixed() }).filter(
        ([, value]) => value !== undefined && value !== '',
      ),
    ),
  aside: { title: 'New service', fields: ['rate', 'quantity', 'units', 'frequency', 'connectDate'] },
  fresh: ['connectDate', 'disconnectDate'],
  help: 'customers/batch-services/help.njk',
})

const serviceChoices = (db: Db): Promise<Option[]> =>
  rows<Option>(
    db,
    sql`select code as value, code || ' ' || name as label from service where id <> 0 and active order by sort, code`,
  )

async function rateCodes(db: Db): Promise<string[]> {
  const found = await rows<{ code: string }>(db, sql`select distinct code from rate order by code limit 500`)
  return found.map(({ code }) => code)
}
