import { code, column, flag, GL, oneOf, ref, SERVICE } from '../columns.ts'
import { name, whole } from '../kinds.ts'
import type { TownFile } from '../town-file.ts'

const KINDS = ['cash', 'check', 'card', 'money_order', 'ach', 'county', 'other']
const LISTS = ['first', 'second', 'third', 'overpayment', 'exclude']

export const paymentMethods: TownFile = {
  name: 'payment_methods.csv',
  table: 'public.payment_method',
  key: ['code'],
  columns: [
    code('code', { required: true }),
    column('name', name, { required: true }),
    oneOf('kind', KINDS, { empty: 'other' }),
    ref('gl', GL),
    flag('active', 'yes'),
    flag('reference_required', 'no'),
  ],
  complete(row, picture) {
    picture.methods.set(row.cell('code'), row.cell('gl') || null)
  },
}

/** The three priority lists and the two of overpayments; the file's lists take the place of all that are there. */
export const paymentAllocation: TownFile = {
  name: 'payment_allocation.csv',
  table: 'public.payment_allocation',
  conflict: ['list', 'position'],
  replaces: true,
  key: ['list', 'position'],
  columns: [
    oneOf('list', LISTS, { required: true }),
    column('position', whole(0, 9999), { required: true }),
    { ...ref('service', SERVICE), required: true },
  ],
  complete(row, picture) {
    const { lists, lines } = picture.allocation
    lists[row.cell('list') as keyof typeof lists]?.push(row.cell('service'))
    lines.set(row.cell('service'), row.line)
  },
}
