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
    picture.places.set(`method ${row.cell('code')}`, { file: 'payment_methods.csv', line: row.line, column: 'gl' })
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
    const [list, service] = [lists[row.cell('list') as keyof typeof lists], row.cell('service')]
    if (list?.includes(service)) row.fault('service', `service ${service} is listed twice`)
    else list?.push(service)
    lines.set(service, row.line)
  },
}
