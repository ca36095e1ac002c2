import type { Column } from './columns.ts'
import type { Picture } from './picture.ts'

/** A row of a set-up file as it is read: every cell fits its kind and every code it names exists. */
export interface SetUpRow {
  line: number
  /** The row's id: the one it has already, else the next free one. */
  id: number
  /** The cell as the file has it, or what an empty one means. */
  cell(name: string): string
  /** What goes into the table, by column. */
  values: Record<string, unknown>
  fault(column: string, reason: string): void
}

/** A file of the town folder, declared once for import and export. A new feature adds one. */
export interface TownFile {
  name: string
  columns: Column[]
  /** Names of the columns that identify a row; export sorts by them, digit runs as numbers. */
  key: string[]
  /** Where rows without a key may have a name of their own: the column that other files name them by, empty or once. */
  named?: string
  /** The table with its schema; rows come out of it, and go in where `loads` is not false. */
  table: string
  /** The table's own key where it is not `id`. */
  conflict?: string[]
  /** The file's rows take the place of all rows that are there. */
  replaces?: boolean
  /** False: import does not load the rows as they are; `complete` takes them. */
  loads?: boolean
  /** True where the table has no `changed_by`. */
  untracked?: boolean
  /** SQL over `t`: the rows that travel. */
  where?: string
  /** SQL over `t`: a file of many rows streams out in this order; else it is sorted by its key. */
  order?: string
  /** Import reads it behind the history, straight into staging: it may be long, and may name what the history brought. */
  late?: true
  /** What a row means beyond its own columns: fills `values`, remembers what the ledger needs, refuses. */
  complete?(row: SetUpRow, picture: Picture): void
}

const SEPARATOR = '\u0001'

/** The key of a row, for look-ups. */
export const keyOf = (cells: readonly string[]): string => cells.join(SEPARATOR)

/** Table name without its schema. */
export const plainName = (table: string): string => table.slice(table.indexOf('.') + 1)
