import { sql } from 'drizzle-orm'
import { type Money, money, sum, text, ZERO } from '../ledger/money.ts'
import { pageNumber, paging } from '../web/paging.ts'
import type { AccountRow } from './store.ts'
import { type TabQuery, tab } from './tab.ts'
import {
  changedBy,
  type LineRow,
  type TransactionRow,
  transactionCount,
  transactionsJson,
} from './transaction-store.ts'

interface Raw {
  list: TransactionRow[]
  count: number
  /** What the rows of the pages before changed. */
  before: string
}

// A first page is what a screen and a bit shows; who looks further back asks for more.
const SIZES = [40, 200]

const sizeOf = ({ query }: TabQuery): number => SIZES.find((size) => String(size) === query.rows) ?? 40
const offsetOf = (asked: TabQuery): number => (pageNumber(asked.query.page) - 1) * sizeOf(asked)

/** Customer Inquiry > Transactions: what happened, newest first, by service, with the balance after it. */
export const transactionsTab = tab<Raw>({
  path: '',
  label: 'Transactions',
  need: 'customers.view',
  template: 'accounts/transactions',
  sql: (
    asked,
  ) => sql`json_build_object('count', ${transactionCount(asked.asOf)}, 'before', ${changedBy(offsetOf(asked), asked.asOf)},
    'list', ${transactionsJson({ asOf: asked.asOf, limit: sizeOf(asked), offset: offsetOf(asked) })})`,
  present: (account, raw, asked) => {
    const columns = columnsOf(account, raw.list)
    const opened = asked.query.shown !== undefined && asked.query.adjustments === undefined
    return {
      columns,
      opened,
      rows: rowsOf(raw, money(account.balance), columns, opened, asked),
      count: raw.count,
      size: sizeOf(asked),
      paging: paging(asked.base, asked.query, pageNumber(asked.query.page), raw.count, sizeOf(asked)),
    }
  },
})

interface Column {
  code: string
  name: string
}

/** A column for each service of the account or of these rows. */
function columnsOf(account: AccountRow, list: TransactionRow[]): Column[] {
  const columns = account.services.map(({ code, name }) => ({ code, name }))
  for (const line of list.flatMap((row) => row.lines)) {
    if (line.service !== null && !columns.some((column) => column.code === line.service)) {
      columns.push({ code: line.service, name: line.service })
    }
  }
  return columns
}

function rowsOf(raw: Raw, balance: Money, columns: Column[], opened: boolean, asked: TabQuery) {
  let after = balance.minus(raw.before)
  return raw.list.map((whole) => {
    // the lines stay behind: the template has them as cells
    const { lines, ...row } = whole
    const services = columns.map((column) => amountOf(lines.filter((line) => line.service === column.code)))
    const shown = {
      ...row,
      cells: [...services, row.amount, text(money(after))],
      other: otherBook(lines),
      href: `${asked.base}/transactions/${encodeURIComponent(row.id)}`,
      reversible: mayReverse(whole, asked),
      opened: opened && row.type === 'PAdj' ? linesOf(whole, columns) : [],
    }
    after = after.minus(row.amount)
    return shown
  })
}

function amountOf(lines: LineRow[]): string {
  const [only] = lines
  if (lines.length === 1 && only?.book === 'utility') return only.amount
  return lines.length === 0
    ? ''
    : text(sum(lines.filter((line) => line.book === 'utility').map((line) => money(line.amount))))
}

/** What a line says that stands in no service's column: certification, deposit, open credit of the account. */
function otherBook(lines: LineRow[]): string {
  const words = lines.flatMap((line) => {
    if (line.book === 'certification') return [`certification ${line.taxYear} ${line.amount}`]
    if (line.book === 'deposit') return [`deposit ${line.amount}`]
    return line.service === null ? [`open credit ${line.amount}`] : []
  })
  return words.join(', ')
}

/** A PAdj opens into a line for each service with what was applied to it ([000], coverage 000-036). */
const linesOf = (row: TransactionRow, columns: Column[]) =>
  row.lines
    .filter((line) => line.book === 'utility' && !money(line.amount).eq(ZERO))
    .map((line) => ({
      amount: line.amount,
      name: columns.find((column) => column.code === line.service)?.name ?? 'Open credit',
    }))

const RECEIVED = ['Pmt', 'CertPmt', 'Dep']

/** Whether the row gets a Reverse button for this person; the ledger has the last word. */
export function mayReverse(row: TransactionRow, { may }: Pick<TabQuery, 'may'>): boolean {
  if (row.reverses !== null || row.reversedBy !== null || row.moved || ['PAdj', 'Fee'].includes(row.type)) return false
  return may(RECEIVED.includes(row.type) ? 'payments.reverse' : 'transactions.adjust')
}
