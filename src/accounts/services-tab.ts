import { sql } from 'drizzle-orm'
import type { Day } from '../ledger/calendar.ts'
import { tab } from './tab.ts'

interface Raw {
  code: string
  name: string
  rate: string | null
  quantity: string
  units: string
  frequency: string
  connectDate: Day | null
  disconnectDate: Day | null
}

/** The services of the account: what bills them, since when, and what each owes. */
export const servicesTab = tab<Raw[]>({
  path: 'services',
  label: 'Services',
  need: 'customers.view',
  template: 'accounts/services',
  sql: () => sql`(select coalesce(json_agg(json_build_object('code', s.code, 'name', s.name, 'rate', x.rate, 'quantity', trim_scale(x.quantity)::text,
      'units', trim_scale(x.units)::text, 'frequency', x.frequency, 'connectDate', x.connect_date, 'disconnectDate', x.disconnect_date) order by s.sort, s.code), '[]')
    from account_service x join service s on s.id = x.service_id where x.account_id = a.id)`,
  present: (account, raw) => ({
    list: raw.map((row) => ({
      ...row,
      balance: account.services.find((service) => service.code === row.code)?.balance ?? '0.00',
    })),
  }),
})
