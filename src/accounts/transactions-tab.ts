import { sql } from 'drizzle-orm'
import { money, ZERO } from '../ledger/money.ts'
import { reversalNeeds } from '../payments/reversal-rules.ts'
import { pageNumber, paging } from '../web/paging.ts'
import type { AccountRow } from './store.ts'
import { type Asking, type TabQuery, tab } from './tab.ts'
import { added, eachPosting, type LineRow, linesOf, type RawLines, type ServiceCodes } from './transaction-lines.ts'
import {
  type ListedTransaction,
  listedJson,
  listedOf,
  type RawList,
  type TransactionRow,
  transactionCount,
} from './transaction-store.ts'

interface Raw {
  list: RawList
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
    const rows = list.rows.map(listedOf)
    const codes = new Map(list.codes)
    const columns = columnsOf(account, rows, codes)
    const opened = asked.query.shown !== undefined && asked.query.adjustments === undefined
    return {
      columns,
      opened,
      rows: rows.map(rowOf(columns, codes, opened, asked)),
      count,
      size: sizeOf(asked),
      paging: paging(asked.base, asked.query, pageNumber(asked.query.page), count, sizeOf(asked)),
    }
  },
})

interface Column {
  id: string
  code: string
  name: string
}

/** A column for each service of the account or of these rows. */
function columnsOf(account: AccountRow, rows: ListedTransaction[], codes: ServiceCodes): Column[] {
  const columns = account.services.map(({ id, code, name }) => ({ id: String(id), code, name }))
  const known = new Set(columns.map(({ id }) => id))
  // most rows have the same services
  for (const moved of new Set(rows.map(({ services }) => services))) {
    for (const id of moved?.split(' ') ?? []) {
      const code = codes.get(id)
      if (code && !known.has(id)) columns.push({ id, code, name: code })
      known.add(id)
    }
  }
  return columns
}

function rowOf(columns: Column[], codes: ServiceCodes, opened: boolean, asked: TabQuery) {
  const places = new Map(columns.map(({ id }, place) => [id, place]))
  return (row: ListedTransaction) => {
    const { services, other } = cellsOf(row, places)
    return Object.assign(row, {
      cells: [...services, row.amount, row.after],
      other,
      href: `${asked.base}/transactions/${encodeURIComponent(row.id)}`,
      reversible: mayReverse(row, asked),
      opened: opened && row.type === 'PAdj' ? openedOf(linesOf(row, codes), columns) : [],
    })
  }
}

/** Of a row, an amount for each service, and in words what stands in no service's column. */
function cellsOf(row: RawLines, places: ReadonlyMap<string, number>) {
  const services: string[] = new Array(places.size).fill('')
  let others: Map<string, string> | undefined
  eachPosting(row, (id, book, amount, taxYear) => {
    const column = places.get(id)
    if (column !== undefined && book === 'utility') services[column] = plus(services[column], amount)
    else {
      // a service that was moved in another book only
      if (column !== undefined) services[column] ||= '0.00'
      const words = inWords(book, taxYear)
      others ??= new Map()
      others.set(words, plus(others.get(words), amount))
    }
  })
  return { services, other: others ? Array.from(others, ([words, amount]) => `${words} ${amount}`).join(', ') : '' }
}

const plus = (known: string | undefined, amount: string): string => (known ? added(known, amount) : amount)

/** A line that stands in no service's column: certification, deposit, open credit of the account. */
function inWords(book: LineRow['book'], taxYear: string): string {
  if (book === 'certification') return `certification ${taxYear}`
  return book === 'deposit' ? 'deposit' : 'open credit'
}

/** A PAdj opens into a line for each service with what was applied to it ([000], coverage 000-036). */
const openedOf = (lines: LineRow[], columns: Column[]) =>
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
