import { type SQL, sql } from 'drizzle-orm'
import type { Request, Response } from 'express'
import { ask, type Compiled, type Db } from '../db/db.ts'
import { NotFound } from '../errors.ts'
import type { Day } from '../ledger/calendar.ts'
import { type Context, context } from '../web/context.ts'
import { dateInput } from '../web/inputs.ts'
import { askedAlong, type Feature, param } from '../web/routes.ts'
import { view } from '../web/view.ts'
import { accountData } from './present.ts'
import { accountOf, accountStatement, accountValues } from './store.ts'
import { NO_CHECKS } from './sums.ts'
import type { Screen, Tab, TabQuery } from './tab.ts'

/** The routes of a screen's tabs. Where an inner tab has its outer tab's own address, it is what opens there. */
export function addTabs(made: Feature, screen: Screen): void {
  const inner = new Set(screen.tabs.filter(({ inside }) => inside !== undefined).map(({ path }) => path))
  for (const tab of screen.tabs.filter(({ inside, path }) => inside !== undefined || !inner.has(path))) {
    made.get(`${screen.path}/:number${tab.path === '' ? '' : `/${tab.path}`}`, tab.need, tabPage(screen, tab), {
      asks: (req, as) => questionOf(screen, tab, req, as),
    })
  }
}

/** Laid over what a tab presents: a form as typed with its errors, and the status to answer with. */
interface Typed {
  data?: object
  status?: number
}

/** A handler that shows an account's screen with one of its tabs, from one statement. */
export const tabPage =
  (screen: Screen, tab: Tab, typed: Typed = {}) =>
  async (req: Request, res: Response) => {
    const along = askedAlong<TabQuestion>(res)
    const { when, asked, offered, db, statement, values } =
      along?.question ?? questionOf(screen, tab, req, context(res))
    const row = along ? along.row : (await ask<object>(db, statement, values))[0]
    const found = await accountOf<More>(db, row, asked)
    if (!found) throw new NotFound('account')
    const { account } = found
    if (tab.shown?.(account) === false) throw new NotFound('page')
    const data = {
      screen,
      title: `${account.number} ${account.customer.name}`,
      crumbs: [
        { label: 'Customers', href: '/menu/customers' },
        { label: screen.title, href: screen.search },
      ],
      asOfTyped: when.typed,
      asOfError: when.error,
      opening: account.alerts.length > 0 && !comesFrom(req, asked),
      ...accountData(account, found.more, offered, tab, asked),
      ...tab.present(account, found.more.tab, asked),
      ...typed.data,
    }
    const status = typed.status ?? (when.error ? 422 : 200)
    view(req, res, tab.template, data, { block: 'account', status })
  }

type TabQuestion = ReturnType<typeof questionOf>

/** What the page shows, as this person may see it. */
function questionOf(screen: Screen, tab: Tab, req: Request, at: Context) {
  const number = param(req, 'number')
  const when = asOfTyped(req)
  const asked = { ...askedWith(at, number, screen, req), asOf: when.asOf }
  const offered = offeredTabs(screen, tab, asked)
  const statement = statementOf(at.db, screen, tab, asked, offered)
  return { db: at.db, statement, values: accountValues(number, asked), when, asked, offered }
}

export const baseOf = (number: string): string => `/accounts/${encodeURIComponent(number)}`

export interface More {
  tab: unknown
  counts: number[]
  noChecksAfter: number
}

function askedWith({ today, may }: Context, number: string, screen: Screen, req: Request): TabQuery {
  const at = `${screen.path}/${encodeURIComponent(number)}`
  return { today, may, base: baseOf(number), at, query: req.query as Record<string, string> }
}

/** The screen's tabs that this person may use, and the inner ones of the tab that is open. */
function offeredTabs(screen: Screen, tab: Tab, { may }: TabQuery): Tab[] {
  const open = tab.inside ?? tab.path
  return screen.tabs.filter((each) => may(each.need) && (each.inside === undefined || each.inside === open))
}

const kept = new Map<string, Compiled>()

/** What is asked for a tab. Where nothing stands in the address it is kept for the day: to build it costs more than to present the answer. */
function statementOf(db: Db, screen: Screen, tab: Tab, asked: TabQuery, offered: Tab[]): Compiled {
  const key = [asked.today, screen.path, tab.path, ...offered.map(({ path }) => path)].join(' ')
  const plain = asked.asOf === undefined && Object.keys(asked.query).length === 0
  const known = plain ? kept.get(key) : undefined
  if (known) return known
  const made = accountStatement(
    db,
    asked,
    sql`json_build_object('tab', ${tab.sql(asked)}, 'counts', ${countsOf(offered)}, 'noChecksAfter', ${NO_CHECKS})`,
  )
  if (plain) keepFor(asked.today, key, made)
  return made
}

function keepFor(today: Day, key: string, made: Compiled): void {
  const [first] = kept.keys()
  if (first !== undefined && !first.startsWith(today)) kept.clear()
  kept.set(key, made)
}

/** How much each tab holds, in their order, where it is counted in SQL. */
function countsOf(tabs: readonly Tab[]): SQL {
  const counts = tabs.map(({ count }) =>
    count === undefined || typeof count === 'function' ? sql`0` : sql`(${count})`,
  )
  return sql`json_build_array(${sql.join(counts, sql`, `)})`
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
function comesFrom(req: Request, { base, at }: TabQuery): boolean {
  const from = URL.parse(req.get('referer') ?? '')?.pathname
  return [base, at].some((page) => from === page || (from?.startsWith(`${page}/`) ?? false))
}
