import { sql } from 'drizzle-orm'
import { money, sum, text } from '../ledger/money.ts'
import { placeTab } from './place-tab.ts'

interface Row {
  account: string
  customer: string
  deposit: string
  service: string
  held: string
  whose: string[]
}

/** All deposits on hold for the location, its customer and the account [001-308]. */
export const depositsTab = placeTab<Row[]>({
  path: 'deposits',
  label: 'Deposits',
  need: 'customers.view',
  template: 'locations/deposits',
  sql: () => sql`(select coalesce(json_agg(json_build_object('account', x.number, 'customer', c.name, 'deposit', d.number,
      'service', coalesce((select s.name from service s where s.id = b.service_id and s.id <> 0), ''), 'held', (-b.balance)::numeric(14,2)::text,
      'whose', array_remove(array[case when x.id = a.id then 'Account' end, case when x.customer_id = a.customer_id then 'Customer' end,
        case when x.location_id = a.location_id then 'Location' end], null)) order by ledger.number_order(x.number), d.number), '[]')
    from account x join customer c on c.id = x.customer_id join ledger.deposit_balance b on b.account_id = x.id
    join ledger.deposit d on d.id = b.deposit_id
    where (x.customer_id = a.customer_id or x.location_id = a.location_id) and b.balance <> 0)`,
  present: (rows) => ({ deposits: rows, held: text(sum(rows.map(({ held }) => money(held)))) }),
  count: sql`select count(*) from account x join ledger.deposit_balance b on b.account_id = x.id
    where (x.customer_id = a.customer_id or x.location_id = a.location_id) and b.balance <> 0`,
})
