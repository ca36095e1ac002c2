import { type SQL, sql } from 'drizzle-orm'
import { type Db, one, rows } from '../db/db.ts'
import { literal } from '../db/like.ts'
import type { Day } from '../ledger/calendar.ts'
import type { CriteriaField, Operator } from './criteria-field-rules.ts'
import type { Clause, Criteria } from './criteria-rules.ts'

export interface Selection {
  /** Accounts that met the criteria, in account order; undefined = everyone. */
  accountIds: number[] | undefined
  /** How many did not meet them. */
  outside: number
}

/** Evaluates criteria per account on posted balances, now. Values are bound parameters; fields come from a closed map. */
export async function selectAccounts(db: Db, criteria: Criteria | undefined, today: Day): Promise<Selection> {
  if (!criteria) return { accountIds: undefined, outside: 0 }
  const found = await rows<{ id: number }>(
    db,
    sql`
    select a.id from account a join customer c on c.id = a.customer_id join location n on n.id = a.location_id
    where coalesce(${condition(criteria, today)}, false) order by ledger.number_order(a.number), a.number`,
  )
  const all = await one<{ count: number }>(db, sql`select count(*)::int as count from account`)
  return { accountIds: found.map((row) => row.id), outside: (all?.count ?? 0) - found.length }
}

function condition(criteria: Criteria, today: Day): SQL {
  if (criteria.kind === 'clause') return sql`(${clause(criteria, today)})`
  const parts = criteria.of.map((inner) => condition(inner, today))
  if (parts.length === 0) return sql`true`
  return sql`(${sql.join(parts, criteria.kind === 'all' ? sql` and ` : sql` or `)})`
}

const code = (table: string, id: SQL) => sql`(select x.code from ${sql.identifier(table)} x where x.id = ${id})`

const EXPRESSIONS: Record<string, (today: Day) => SQL> = {
  accountNumber: () => sql`a.number`,
  customerNumber: () => sql`c.number`,
  customerName: () => sql`c.name`,
  customerType: () => code('customer_type', sql`c.customer_type_id`),
  collectionCode: () => code('collection_code', sql`c.collection_code_id`),
  activityStatus: () => sql`a.activity_status`,
  accountStatus: () => code('account_status', sql`a.account_status_id`),
  cycle: () => code('cycle', sql`n.cycle_id`),
  route: () => code('route', sql`n.route_id`),
  revenueClass: () => code('revenue_class', sql`n.revenue_class_id`),
  parcelNumber: () => sql`n.parcel_number`,
  rental: () => sql`n.rental`,
  locationDescription: () => sql`n.description`,
  region: () => sql`n.region`,
  altLocationId: () => sql`n.alt_location_id`,
  crossStreet: () => sql`n.cross_street`,
  balance: () => sql`coalesce((select sum(o.unpaid) from ledger.open_item o where o.account_id = a.id), 0)`,
  pastDue: (today) =>
    sql`coalesce((select sum(b.unpaid) from ledger.open_bucket b where b.account_id = a.id and b.due_date < ${today}::date), 0)`,
  bankrupt: () => sql`c.bankrupt`,
  city: () => sql`n.city`,
  zip: () => sql`n.zip`,
}

function clause({ field, operator, values }: Clause, today: Day): SQL {
  const expression = EXPRESSIONS[field.name]?.(today)
  if (!expression) throw new Error(`no expression for ${field.name}`)
  if (operator === 'isBlank') return sql`coalesce(${expression}::text, '') = ''`
  const [first = '', second = ''] = values
  const pattern = literal(field.type === 'text' ? first.toLowerCase() : first)
  if (operator === 'startsWith') return sql`${folded(field, expression)} like ${`${pattern}%`}`
  if (operator === 'contains') return sql`${folded(field, expression)} like ${`%${pattern}%`}`
  const exact = operator === '=' || operator === '!=' || operator === 'in'
  const side = (of: SQL) => (exact ? folded(field, of) : ordered(field, of))
  const left = side(expression)
  // as text first: the driver would write a boolean's text by its own rule
  const value = (text: string) => side(sql`${text}::text::${sql.raw(SQL_TYPES[field.type])}`)
  if (operator === 'between') return sql`${left} between ${value(first)} and ${value(second)}`
  if (operator === 'in') return sql`${left} in (${sql.join(values.map(value), sql`, `)})`
  // not equal takes in what is blank
  if (operator === '!=') return sql`${left} is distinct from ${value(first)}`
  return sql`${left} ${COMPARE[operator]} ${value(first)}`
}

const SQL_TYPES = {
  text: 'text',
  code: 'text',
  money: 'numeric',
  number: 'numeric',
  date: 'date',
  boolean: 'boolean',
} as const
const COMPARE: Record<Exclude<Operator, 'isBlank' | 'startsWith' | 'contains' | 'between' | 'in' | '!='>, SQL> = {
  '=': sql`=`,
  '<': sql`<`,
  '<=': sql`<=`,
  '>': sql`>`,
  '>=': sql`>=`,
}

/** Text is equal without case, codes exactly. */
const folded = (field: CriteriaField, expression: SQL) =>
  field.type === 'text' ? sql`lower(${expression})` : expression

/** Ranges of texts and codes go in the order of numbers; what differs only in leading zeros, by its characters. */
function ordered(field: CriteriaField, expression: SQL): SQL {
  if (field.type !== 'text' && field.type !== 'code') return expression
  const text = folded(field, expression)
  return sql`(ledger.number_order(${text}), ${text} collate "C")`
}
