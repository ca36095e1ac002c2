import { sql } from 'drizzle-orm'
import { type AccountRow, type TabQuery, tab } from '../accounts/tab.ts'
import type { Permission } from '../auth/permissions.ts'

import { money } from '../ledger/money.ts'
import { unpostedJson } from '../payments/unposted.ts'
import { paging } from '../web/paging.ts'
import { postedRow, selectedOf } from './present.ts'
import { unpostedRows } from './present-unposted.ts'
import { type HistoryQuery, historyQuery } from './query.ts'
import { actionsOf, NO_ROW, statementsByEmail, TYPES_OF, VIEWS } from './rules.ts'
import { type Frame, type Shown, tabHref, type Waiting } from './shown.ts'
import { type HistoryRow, historyJson } from './store.ts'

interface Raw {
  history: { count: number; rows: HistoryRow[] }
  unposted: Waiting[]
  emailStatements: 'off' | 'opted_in' | 'all'
}

const SIZE = 40
const READ: readonly Permission[] = ['customers.view', 'payments.view']

/** Account Control Panel > History: what happened to the account, and what can be done about the selected line [001]. */
export const panelHistory = tab<Raw>({
  path: 'history',
  label: 'History',
  need: 'customers.view',
  template: 'history/tab',
  sql: (asked) => sql`json_build_object('history', ${historyJson(historyQuery(asked.query), SIZE, asked.asOf)},
    'unposted', ${asked.asOf === undefined ? unpostedJson : sql`'[]'::json`},
    'emailStatements', coalesce((select value from setting where name = 'email_statements' and value <> ''), 'opted_in'))`,
  present,
})

function present(account: AccountRow, raw: Raw, asked: TabQuery) {
  const query = historyQuery(asked.query)
  const facts = {
    credit: money(account.balance).lt('0'),
    emailStatements: statementsByEmail(raw.emailStatements, account.customer.emailNotices),
  }
  const frame = {
    account: facts,
    number: account.number,
    at: asked.at,
    base: asked.base,
    query,
    asOf: asked.asOf,
    // nothing is done on a day that has passed
    may: asked.asOf === undefined ? asked.may : (p: Permission) => READ.includes(p) && asked.may(p),
  }
  const waiting = unpostedRows(frame, waitingIn(query, raw.unposted), account.balance)
  const rows: Shown[] = [...waiting, ...raw.history.rows.map((row) => postedRow(frame, row))]
  const selected = selectedOf(rows, query)
  return {
    query,
    views: VIEWS,
    services: account.services.map(({ code, name }) => ({ code, name })),
    rows,
    selected,
    chosen: query.row !== '' || query.unposted !== undefined,
    actions: selected ? selected.actions : hrefsOfNone(frame),
    count: raw.history.count + waiting.length,
    waiting: raw.unposted.length,
    afterPosting: waiting[0]?.balance ?? '',
    paging: paging(tabHref(frame), kept(asked.query), query.page, raw.history.count, SIZE),
  }
}

/** Unposted rows stand on the first page of the listings that they belong to; a service's own listing has none. */
function waitingIn({ view, service, from, to, page }: HistoryQuery, waiting: Waiting[]): Waiting[] {
  if (page > 1 || service !== '') return []
  const types = view === 'unposted' ? undefined : TYPES_OF[view]
  return waiting.filter(
    ({ type, date }) => (types === undefined || types.includes(type)) && (!from || date >= from) && (!to || date <= to),
  )
}

const kept = ({ row: _row, unposted: _unposted, ...query }: Record<string, string>) => query

const hrefsOfNone = (frame: Frame) =>
  actionsOf(NO_ROW, frame.account, frame.may).map((action) => ({
    ...action,
    href: tabHref(frame, action.name),
  }))
