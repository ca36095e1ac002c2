import { sql } from 'drizzle-orm'
import type { Request, Response } from 'express'
import { type Db, rows } from '../db/db.ts'
import { containing } from '../db/like.ts'
import { context } from '../web/context.ts'
import { queryText } from '../web/routes.ts'
import { view } from '../web/view.ts'

/** A screen that finds a payment by what is known of it and leads to the form of an action. */
const finder = (title: string, action: string) => async (req: Request, res: Response) => {
  const q = queryText(req)
  const list = q === '' ? [] : await paymentsLike(context(res).db, q)
  view(req, res, 'payments/find', { title, action, q, list })
}

/** Payments > NSF and Payments > Transfer: the payment by account, receipt or check number. */
export const findReturned = finder('NSF', 'nsf')
export const findMoved = finder('Transfer', 'transfer')

/** Payments that stand, of an account, a receipt or a check number, newest first, at most 50. */
function paymentsLike(db: Db, q: string) {
  return rows(
    db,
    sql`select coalesce(t.number, t.id::text) as id, a.number as account, c.name, t.transaction_date as date, t.description, t.receipt,
      (select (-sum(p.amount))::text from ledger.posting p where p.period = t.period and p.transaction_id = t.id and p.subledger = 'utility') as amount
    from ledger.transaction t join account a on a.id = t.account_id join customer c on c.id = a.customer_id
    where t.type = 'Pmt' and t.reverses_id is null and not exists (select from ledger.transaction v where v.reverses_id = t.id)
      and (t.account_id = any (array(select x.id from account x join customer y on y.id = x.customer_id
          where x.number = ${q} or y.number = ${q} or lower(y.name) like ${containing(q)}))
        or t.receipt = ${q} or t.reference = ${q})
    order by t.transaction_date desc, t.id desc limit 50`,
  )
}
