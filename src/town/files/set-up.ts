import Big from 'big.js'
import { getTableName } from 'drizzle-orm'
import { toSnakeCase } from 'drizzle-orm/casing'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { z } from 'zod'
import { columnOf, metaOf, outerName, type SetupTable } from '../../tables/table.ts'
import { type Column, column, ref } from '../columns.ts'
import * as kinds from '../kinds.ts'
import type { SetUpRow, TownFile } from '../town-file.ts'

/**
 * The town file of a set-up table, out of its declaration: a column a field, of the kind that the table's column and
 * the field's own rule ask for. `complete` is what a row means to the import beyond its own columns.
 */
export function setUpFile(declared: SetupTable, complete?: TownFile['complete']): TownFile {
  const columns = fieldsInOrder(declared).map((name) => fileColumn(declared, name))
  if (declared.order === 'sort' && !declared.fields.sort) columns.push(SORT)
  return {
    name: declared.file,
    table: `public.${declared.name}`,
    key: [fileName(declared, declared.code)],
    columns,
    // Row 0, where a table has one, is the product's own.
    where: 't.id <> 0',
    complete(row, picture) {
      refuseFaults(declared, row)
      complete?.(row, picture)
    },
  }
}

const SORT = column('sort', kinds.whole(0, 999_999), { empty: '0', extra: true })

/** What every row fills, then what the declaration says always stands there, then the rest in the form's order. */
function fieldsInOrder(declared: SetupTable): string[] {
  const names = Object.keys(declared.fields)
  const first = names.filter((name) => isRequired(declared, name))
  return [...new Set([...first, ...(declared.inFile?.always ?? []), ...names])]
}

const fileName = (declared: SetupTable, name: string): string => toSnakeCase(outerName(declared, name))

function isRequired(declared: SetupTable, name: string): boolean {
  const { notNull, hasDefault } = columnOf(declared, name)
  return name === declared.code || (notNull && !hasDefault)
}

function fileColumn(declared: SetupTable, name: string): Column {
  const own = columnOf(declared, name)
  const link = declared.links?.[name]
  const required = isRequired(declared, name)
  const kind = kindOf(declared, name, own)
  const options = {
    into: own.keyAsName ? toSnakeCase(name) : own.name,
    required,
    extra: !required && !declared.inFile?.always?.includes(name),
    empty: declared.inFile?.empty?.[name] ?? defaultOf(own, kind),
  }
  if (link) {
    const refers = { table: getTableName(link.table), by: toSnakeCase(link.code) }
    return { ...ref(fileName(declared, name), refers, options), required }
  }
  return column(fileName(declared, name), kind, options)
}

/** What the table puts where nothing is given, as the file writes it. */
function defaultOf(own: PgColumn, kind: kinds.Kind): string {
  const given: unknown = own.default ?? (own.columnType === 'PgBoolean' ? false : '')
  if (given === '' || typeof given === 'object') return ''
  return kind.write(own.columnType === 'PgNumeric' ? new Big(String(given)).toFixed(scaleOf(own)) : String(given))
}

/** Lists hold their own values; text is taken as it came, for old systems were not held to our forms. */
function kindOf(declared: SetupTable, name: string, own: PgColumn): kinds.Kind {
  const { input, options = [] } = metaOf(declared, name)
  const rule = declared.fields[name] as z.ZodType
  if (name === declared.code) return kinds.code
  if (options.length > 0) return kinds.choice(options.map((each) => (typeof each === 'string' ? each : each.value)))
  switch (own.columnType) {
    case 'PgBoolean':
      return kinds.flag
    case 'PgDateString':
      return kinds.day
    case 'PgSmallInt':
    case 'PgInteger':
      return within(rule, kinds.whole(-999_999_999, 999_999_999))
    case 'PgNumeric':
      return within(rule, decimals(own))
    case 'PgText':
      return input === 'textarea' ? kinds.words : kinds.name
    default:
      throw new Error(`${declared.name}.${name}: no kind of cell for ${own.columnType}`)
  }
}

function decimals(own: PgColumn): kinds.Kind {
  const scale = scaleOf(own)
  if (scale === 2) return kinds.amount
  return scale > 4 ? kinds.price : kinds.quantity
}

const scaleOf = (own: PgColumn): number => (own as PgColumn & { scale?: number }).scale ?? 0

/** A cell of that kind that the field's own rule accepts too. */
const within = (rule: z.ZodType, kind: kinds.Kind): kinds.Kind => ({
  read(cell) {
    const read = kind.read(cell)
    const ruled = rule.safeParse(cell)
    if ('reason' in read || ruled.success) return read
    const [said = ''] = ruled.error.issues.map(({ message }) => message)
    return { reason: said.slice(0, 1).toLowerCase() + said.slice(1).replace(/\.$/, '') }
  },
  write: kind.write,
})

/** What the declaration finds wrong across fields. */
function refuseFaults(declared: SetupTable, row: SetUpRow): void {
  if (!declared.faults) return
  const data: Record<string, unknown> = {}
  for (const [name, rule] of Object.entries(declared.fields)) {
    const cell = row.cell(fileName(declared, name))
    const box = metaOf(declared, name).input === 'checkbox'
    data[name] = rule.safeParse(box ? (cell === 'yes' ? 'on' : undefined) : cell).data
  }
  for (const [name, says] of Object.entries(declared.faults(data))) row.fault(fileName(declared, name), says)
}
