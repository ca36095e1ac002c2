import { byCode, CUSTOMER, code, day, flag, LOCATION, ref, text } from '../columns.ts'
import type { TownFile } from '../town-file.ts'

export const serviceOrders: TownFile = {
  name: 'service_orders.csv',
  table: 'public.service_order',
  key: ['service_order'],
  columns: [
    code('service_order', { into: 'number', required: true }),
    ref('customer_number', CUSTOMER, { into: 'customer_id' }),
    { ...ref('location_number', LOCATION, { into: 'location_id' }), required: true },
    { ...ref('code', byCode('service_order_code'), { into: 'service_order_code_id' }), required: true },
    text('description', { required: true }),
    text('instructions'),
    day('requested', { required: true }),
    day('due'),
    flag('urgent', 'no'),
    text('assigned_to'),
    day('completed'),
    text('result'),
  ],
  complete(row) {
    const [requested, completed] = [row.cell('requested'), row.cell('completed')]
    if (completed !== '' && completed < requested) row.fault('completed', 'it is before the day it was requested')
  },
}
