import {
  amount,
  choice,
  code as codeKind,
  day as dayKind,
  flag as flagKind,
  type Kind,
  price,
  quantity,
  words,
} from './kinds.ts'

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
export const oneOf = (name: string, values: readonly string[], options?: Options): Column =>
  column(name, choice(values), options)

/** A cell that names a row of another table: `cycle` is kept as `cycle_id`. */
export function ref(name: string, refers: Reference, options: Options = {}): Column {
  const into = options.into ?? `${name}_id`
  const select = `(select x.${refers.by} from public.${refers.table} x where x.id = t.${into})`
  return { ...column(name, codeKind, { ...options, into, select: options.select ?? select }), refers }
}

export const GL: Reference = { table: 'gl_account', by: 'number' }
export const SERVICE: Reference = { table: 'service', by: 'code' }
export const CUSTOMER: Reference = { table: 'customer', by: 'number' }
export const LOCATION: Reference = { table: 'location', by: 'number' }
export const ACCOUNT: Reference = { table: 'account', by: 'number' }
export const byCode = (table: string): Reference => ({ table, by: 'code' })
