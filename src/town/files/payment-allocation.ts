import { column, oneOf, ref, SERVICE } from '../columns.ts'
import { whole } from '../kinds.ts'
import type { TownFile } from '../town-file.ts'

const LISTS = ['first', 'second', 'third', 'overpayment', 'exclude']

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
