import { sql } from 'drizzle-orm'
import { money, ZERO } from '../ledger/money.ts'
import { reversalNeeds } from '../payments/reversal-rules.ts'
import { pageNumber, paging } from '../web/paging.ts'
import type { AccountRow } from './store.ts'
import { type Asking, type TabQuery, tab } from './tab.ts'
import {
  bookAt,
  type LineRow,
  type ListedTransaction,
  listedJson,
  type RawTransactions,
  type TransactionRow,
  transactionCount,
  transactionRows,
} from './transaction-store.ts'

type Listed = RawTransactions<ListedTransaction>

interface Raw {
  list: Listed
  count: number
}

// A first page is what a screen and a bit shows; who looks further back asks for more.
const SIZES = [40, 200]

const sizeOf = ({ query }: Asking): number => SIZES.find((size) => String(size) === query.rows) ?? 40
const offsetOf = (asked: Asking): number => (pageNumber(asked.query.page) - 1) * sizeOf(asked)

const BALANCE = sql`(select coalesce(sum(unpaid), 0) from own)`

/** Customer Inquiry > Transactions: what happened, newest first, by service, with the balance after it. */
export const transactionsTab = tab<Raw>({
  path: '',
  label: 'Transactions',
  need: 'customers.view',
  template: 'accounts/transactions',
  sql: (asked) => {
    const slice = { asOf: asked.asOf, limit: sizeOf(asked), offset: offsetOf(asked) }
    return sql`json_build_object('count', ${transactionCount(asked.asOf)}, 'list', ${listedJson(slice, BALANCE)})`
  },
  present: (account, { list, count }, asked) => {
    const columns = columnsOf(account, list)
    const opened = asked.query.shown !== undefined && asked.query.adjustments === undefined
    return {
      columns,
      opened,
      rows: rowsOf(list, columns, opened, asked),
      count,
      size: sizeOf(asked),
      paging: paging(asked.base, asked.query, pageNumber(asked.query.page), count, sizeOf(asked)),
    }
  },
})

interface Column {
  code: string
  name: string
}

/** A column for each service of the account or of these rows. */
function columnsOf(account: AccountRow, { lines }: Listed): Column[] {
  const columns = account.services.map(({ code, name }) => ({ code, name }))
  const known = new Set(columns.map(({ code }) => code))
  for (const code of new Set(lines.service)) if (code !== null && !known.has(code)) columns.push({ code, name: code })
  return columns
}

function rowsOf(list: Listed, columns: Column[], opened: boolean, asked: TabQuery) {
  const cells = cellsOf(list, columns)
  const whole = opened ? transactionRows(list) : []
  return list.headers.map((row, at) =>
    Object.assign(row, {
      cells: [...(cells[at]?.services ?? []), row.amount, row.after],
      other: cells[at]?.other ?? '',
      href: `${asked.base}/transactions/${encodeURIComponent(row.id)}`,
      reversible: mayReverse(row, asked),
      opened: row.type === 'PAdj' ? linesOf(whole[at]?.lines ?? [], columns) : [],
    }),
  )
}

/** Of each row, an amount for each service, and in words what stands in no service's column. */
function cellsOf({ headers, lines }: Listed, columns: Column[]) {
  const places = new Map<string | null, number>(columns.map(({ code }, place) => [code, place]))
  const rows = headers.map(() => ({ services: columns.map(() => ''), other: '' }))
  let at = 0
  for (const place of lines.place ?? []) {
    const row = rows[place - 1]
    if (row) addLine(row, lines, at, places.get(lines.service[at] ?? null))
    at += 1
  }
  return rows
}

function addLine(
  row: { services: string[]; other: string },
  lines: Listed['lines'],
  at: number,
  column?: number,
): void {
  const amount = lines.amount[at] ?? ''
  if (column !== undefined && bookAt(lines, at) === 'utility') row.services[column] = amount
  else {
    // a service that was moved in another book only
    if (column !== undefined) row.services[column] ||= '0.00'
    row.other += `${row.other && ', '}${inWords(bookAt(lines, at), lines.taxYear?.[at])} ${amount}`
  }
}

/** A line that stands in no service's column: certification, deposit, open credit of the account. */
function inWords(book: ReturnType<typeof bookAt>, taxYear: number | null | undefined): string {
  if (book === 'certified') return `certification ${taxYear}`
  return book === 'deposit' ? 'deposit' : 'open credit'
}

/** A PAdj opens into a line for each service with what was applied to it ([000], coverage 000-036). */
const linesOf = (lines: LineRow[], columns: Column[]) =>
  lines
    .filter((line) => line.book === 'utility' && !money(line.amount).eq(ZERO))
    .map((line) => ({
      amount: line.amount,
      name: columns.find((column) => column.code === line.service)?.name ?? 'Open credit',
    }))

type Reversible = Pick<TransactionRow, 'type' | 'reverses' | 'reversedBy' | 'moved'>

/** Whether the row gets a Reverse button for this person; the ledger has the last word. */
export function mayReverse(row: Reversible, { may }: Pick<TabQuery, 'may'>): boolean {
  if (row.reverses !== null || row.reversedBy !== null || row.moved || ['PAdj', 'Fee'].includes(row.type)) return false
  return may(reversalNeeds(row.type))
}
