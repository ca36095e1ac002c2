import type { SQL } from 'drizzle-orm'
import { type Tab, tab } from '../accounts/tab.ts'
import { dayText } from '../web/format.ts'

/** What a grid's search row asks: a column, what to find in it, and whether only active rows are shown. */
interface GridQuery {
  by: string
  find: string
  all: boolean
}

interface GridColumn {
  name: string
  label: string
}

/** The search of a grid out of the address: `?by=code&find=sen&all=on`. Only active rows unless `all` is ticked. */
function gridQuery(query: Record<string, string>, columns: readonly GridColumn[]): GridQuery {
  const by = columns.some(({ name }) => name === query.by) ? (query.by ?? '') : (columns[0]?.name ?? '')
  return { by, find: (query.find ?? '').normalize('NFC').trim().slice(0, 100), all: query.all === 'on' }
}

/** Rows whose column holds what is looked for, without regard to case; a day (a column `…Date`) as it is shown. */
function searched<Row extends { active: boolean }>(rows: readonly Row[], { by, find, all }: GridQuery): Row[] {
  const wanted = find.toLowerCase()
  return rows.filter((row) => (all || row.active) && shown(row, by).toLowerCase().includes(wanted))
}

function shown(row: object, column: string): string {
  const value = String((row as Record<string, unknown>)[column] ?? '')
  return column.endsWith('Date') && value !== '' ? dayText(value) : value
}

/** A tab that is one grid with a search row, of records that are active or not any more. */
export interface GridTab<Row> {
  path: string
  label: string
  template: string
  /** All rows of the account in `a`, json. */
  list: SQL
  count: SQL
  columns: readonly GridColumn[]
  /** A row as the template gets it; absent = as it is. */
  shown?(row: Row): object
}

export const gridTab = <Row extends { active: boolean }>(declared: GridTab<Row>): Tab => {
  const { path, label, template, list, count, columns, shown: shownRow = (row) => row } = declared
  return tab<Row[]>({
    ...{ path, label, template, count },
    need: 'customers.view',
    sql: () => list,
    present: (_account, rows, { query, may }) => {
      const asked = gridQuery(query, columns)
      const found = searched(rows, asked).map(shownRow)
      return { rows: found, nothing: rows.length === 0, asked, columns, mayEdit: may('customers.edit') }
    },
  })
}
