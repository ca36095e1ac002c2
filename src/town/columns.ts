import {
  amount,
  choice,
  code as codeKind,
  day as dayKind,
  filePath,
  flag as flagKind,
  json as jsonKind,
  type Kind,
  moment,
  price,
  quantity,
  sha256,
  words,
} from './kinds.ts'
import { utc } from './sql-out.ts'

/** A row of another table that a cell names by its code or number. */
export interface Reference {
  table: string
  by: string
}

/** One column of a town file: import reads it and export writes it from this one description. */
export interface Column {
  /** Its name in the file. */
  name: string
  kind: Kind
  /** Column of the table; null = the file's `complete` takes it. */
  into: string | null
  required: boolean
  /** What an empty cell means, as the file writes it; '' = none. */
  empty: string
  /** Not named in the contract: left out of the file when no row has a value that differs from `empty`. */
  extra: boolean
  refers?: Reference
  /** The stored value as SQL text over the table `t`, for export. */
  select: string
  /** The row has a file of its own: the cell is its path in the folder, the table keeps its id. */
  bytes?: true
}

interface Options {
  into?: string | null
  required?: boolean
  empty?: string
  extra?: boolean
  select?: string
}

export function column(name: string, kind: Kind, options: Options = {}): Column {
  const into = options.into === undefined ? name : options.into
  return {
    name,
    kind,
    into,
    required: options.required ?? false,
    empty: options.empty ?? '',
    extra: options.extra ?? false,
    select: options.select ?? `t.${into ?? name}::text`,
  }
}

export const code = (name: string, options?: Options): Column => column(name, codeKind, options)
export const text = (name: string, options?: Options): Column => column(name, words, options)
export const flag = (name: string, empty: 'yes' | 'no', options: Options = {}): Column =>
  column(name, flagKind, { ...options, empty })
export const day = (name: string, options?: Options): Column => column(name, dayKind, options)
export const dollars = (name: string, options?: Options): Column => column(name, amount, options)
export const unitPrice = (name: string, options?: Options): Column => column(name, price, options)
export const count = (name: string, options?: Options): Column => column(name, quantity, options)
export const json = (name: string, options?: Options): Column => column(name, jsonKind, options)
export const oneOf = (name: string, values: readonly string[], options?: Options): Column =>
  column(name, choice(values), options)

/** A cell that names a row of another table: `cycle` is kept as `cycle_id`. */
export function ref(name: string, refers: Reference, options: Options = {}): Column {
  const into = options.into ?? `${name}_id`
  const select = `(select x.${refers.by} from public.${refers.table} x where x.id = t.${into})`
  return { ...column(name, codeKind, { ...options, into, select: options.select ?? select }), refers }
}

export const SERVICE: Reference = { table: 'service', by: 'code' }
export const CUSTOMER: Reference = { table: 'customer', by: 'number' }
export const LOCATION: Reference = { table: 'location', by: 'number' }
export const ACCOUNT: Reference = { table: 'account', by: 'number' }
export const byCode = (table: string): Reference => ({ table, by: 'code' })
export const RUN: Reference = { table: 'run', by: 'number' }
/** A cell that names a run by its number. */
export const runRef = (name: string, options: Options = {}): Column => {
  const into = options.into ?? `${name}_id`
  const select = `(select coalesce(x.number, x.id::text) from ledger.run x where x.id = t.${into})`
  return {
    ...ref(name, RUN, { ...options, into, select: options.select ?? select }),
    required: options.required ?? false,
  }
}

/**
 * The columns of a row that has a file of its own: where its bytes lie below `files/`, its name, type, hash, and when it
 * was made. `parts`: SQL over `t` of each part of the path below `files/`; a slash in one stays in it.
 */
export function documentColumns(parts: string[], options: { into?: string; required?: boolean } = {}): Column[] {
  const { into = 'file_id', required = false } = options
  const place = parts.map((part) => `replace(${part}, '/', '∕')`).join(` || '/' || `)
  const of = (expression: string) => `(select ${expression} from public.file x where x.id = t.${into})`
  const path: Column = { ...column('file', filePath, { into, required, select: of(place) }), bytes: true }
  const part = (name: string, kind: Kind, expression: string) =>
    column(name, kind, { into: null, select: of(expression) })
  return [
    path,
    part('file_name', words, 'x.name'),
    part('media_type', words, 'x.media_type'),
    part('sha256', sha256, 'x.sha256'),
    part('made_at', moment, utc('x.created_at')),
  ]
}
