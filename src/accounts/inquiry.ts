import { sql } from 'drizzle-orm'
import type { Request, Response } from 'express'
import { NotFound } from '../errors.ts'
import { type Context, context } from '../web/context.ts'
import { dateInput } from '../web/inputs.ts'
import { param } from '../web/routes.ts'
import { view } from '../web/view.ts'
import { blank } from './blank.ts'
import { accountData } from './present.ts'
import { accountRow } from './store.ts'
import type { Tab, TabQuery } from './tab.ts'
import { TABS } from './tabs.ts'

/** A handler that shows the account's page with one of its tabs, from one statement. */
export const showTab = (tab: Tab) => async (req: Request, res: Response) => {
  const number = param(req, 'number')
  const when = asOfTyped(req)
  const asked = { ...askedWith(context(res), number, req), asOf: when.asOf }
  const more = sql`json_build_object('tab', ${tab.sql(asked)}, 'noChecksAfter',
    coalesce((select value::int from setting where name = 'no_checks_after' and value <> ''), 2))`
  const found = await accountRow<{ tab: unknown; noChecksAfter: number }>(context(res).db, number, asked, more)
  if (!found) throw new NotFound('account')
  const { account } = found
  const data = {
    title: `${account.number} ${account.customer.name}`,
    crumbs: [
      { label: 'Customers', href: '/menu/customers' },
      { label: 'Customer Inquiry', href: '/customers/inquiry' },
    ],
    asOfTyped: when.typed,
    asOfError: when.error,
    opening: account.alerts.length > 0 && !comesFrom(req, asked.base),
    ...accountData(account, found.more.noChecksAfter, TABS, tab, asked),
    ...tab.present(account, found.more.tab, asked),
  }
  view(req, res, tab.template, blank(data), { block: 'account', status: when.error ? 422 : 200 })
}

export const baseOf = (number: string): string => `/accounts/${encodeURIComponent(number)}`

function askedWith({ today, may }: Context, number: string, req: Request): TabQuery {
  return { today, may, base: baseOf(number), query: req.query as Record<string, string> }
}

const typedDay = dateInput()

/** The as-of box: empty is now; what cannot be read is said, and the page stays at now. */
function asOfTyped(req: Request) {
  const typed = typeof req.query.asOf === 'string' ? req.query.asOf : ''
  if (typed.trim() === '') return { typed: '', error: '' }
  const read = typedDay.safeParse(typed)
  if (read.success) return { typed: read.data, error: '', asOf: read.data }
  return { typed, error: read.error.issues[0]?.message ?? '' }
}

/** Alert messages open once per visit: not when one goes from tab to tab of the same account. */
function comesFrom(req: Request, base: string): boolean {
  const from = URL.parse(req.get('referer') ?? '')?.pathname
  return from === base || (from?.startsWith(`${base}/`) ?? false)
}
