import Big from 'big.js'
import { compareNumbers } from '../ledger/money.ts'
import type { FieldType, Operator } from './criteria-field-rules.ts'
import type { Clause, Criteria } from './criteria-rules.ts'

/** An account's fields by name: amounts, numbers and days as text, booleans as they are, null or '' for none. */
export type AccountFacts = Record<string, string | boolean | null>

/**
 * Whether an account meets the criteria; no criteria are met by everyone. The SQL of a run must answer the same. Text
 * is compared without case, codes exactly; a missing value is blank, unlike every value (`!=` holds), and neither in
 * a list nor in a range.
 */
export function matches(criteria: Criteria | undefined, facts: AccountFacts): boolean {
  if (criteria === undefined) return true
  if (criteria.kind === 'clause') return holds(criteria, facts[criteria.field.name] ?? null)
  if (criteria.kind === 'all') return criteria.of.every((each) => matches(each, facts))
  return criteria.of.some((each) => matches(each, facts))
}

/** The criteria in words: `Balance is at least 25.00 and (Cycle is 1 or Route starts with A)`. */
export function describeCriteria(criteria: Criteria | undefined): string {
  if (criteria === undefined || (criteria.kind === 'all' && criteria.of.length === 0)) return 'Everyone'
  if (criteria.kind === 'clause') return describeClause(criteria)
  return criteria.of
    .map((each) =>
      each.kind === 'clause' || criteria.of.length === 1 ? describeCriteria(each) : `(${describeCriteria(each)})`,
    )
    .join(criteria.kind === 'all' ? ' and ' : ' or ')
}

function holds({ field, operator, values }: Clause, fact: string | boolean | null): boolean {
  const blank = fact === null || fact === ''
  if (operator === 'isBlank') return blank
  if (blank) return operator === '!='
  const value = folded(field.type, String(fact))
  const asked = values.map((each) => folded(field.type, each))
  const [first = '', second = ''] = asked
  if (operator === 'startsWith') return value.startsWith(first)
  if (operator === 'contains') return value.includes(first)
  if (operator === 'in') return asked.some((each) => compare(field.type, value, each) === 0)
  if (operator === 'between') return compare(field.type, value, first) >= 0 && compare(field.type, value, second) <= 0
  return ORDER[operator](compare(field.type, value, first))
}

const ORDER: Record<'=' | '!=' | '<' | '<=' | '>' | '>=', (order: number) => boolean> = {
  '=': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
}

const folded = (type: FieldType, value: string): string => (type === 'text' ? value.toLowerCase() : value)

function compare(type: FieldType, a: string, b: string): number {
  return type === 'money' || type === 'number' ? new Big(a).cmp(new Big(b)) : compareNumbers(a, b)
}

const WORDS: Record<Operator, string> = {
  '=': 'is',
  '!=': 'is not',
  '<': 'is less than',
  '<=': 'is at most',
  '>': 'is more than',
  '>=': 'is at least',
  between: 'is between',
  in: 'is one of',
  startsWith: 'starts with',
  contains: 'contains',
  isBlank: 'is blank',
}

function describeClause({ field, operator, values }: Clause): string {
  if (operator === 'isBlank') return `${field.label} is blank`
  const shown = values.map((value) => (field.type === 'boolean' ? (value === 'true' ? 'yes' : 'no') : value))
  return `${field.label} ${WORDS[operator]} ${shown.join(operator === 'between' ? ' and ' : ', ')}`
}
