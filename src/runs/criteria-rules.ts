import { isDay } from '../ledger/calendar.ts'
import { moneyOf, text } from '../ledger/money.ts'
import { accept, type Refusal, type Result, refuse } from '../ledger/result.ts'
import {
  ACCOUNT_FIELDS,
  type CriteriaField,
  type FieldType,
  OPERATORS,
  OPERATORS_OF,
  type Operator,
} from './criteria-field-rules.ts'

/** A clause as it is asked: values are text, checked by the field's type and in its canonical form. */
export type Clause = { kind: 'clause'; field: CriteriaField; operator: Operator; values: string[] }
export type Group = { kind: 'all' | 'any'; of: Criteria[] }
export type Criteria = Clause | Group

const MOST_CLAUSES = 25
const MOST_LEVELS = 4
const MOST_VALUES = 1000
const LONGEST_TEXT = 200
const NUMBER = /^-?\d{1,15}(\.\d{1,6})?$/

/**
 * Reads selection criteria (contract.md 3): groups of `all` or `any`, at most four levels of them, at most 25 clauses.
 * Nothing, `{}` and an empty `all` select everyone: the answer is `undefined`. An unknown field, operator, type or
 * shape is refused; `clause` of the refusal says where, as `all[1].any[0]`, and `message` says it to a person.
 */
export function parseCriteria(input: unknown, fields: CriteriaField[] = ACCOUNT_FIELDS): Result<Criteria | undefined> {
  if (input === undefined || input === null) return accept(undefined)
  const state = { clauses: 0, fields: new Map(fields.map((field) => [field.name, field])) }
  if (isRecord(input) && Object.keys(input).length === 0) return accept(undefined)
  const parsed = parseNode(input, '', 1, state)
  if (!parsed.ok) return parsed
  return accept(parsed.value.kind === 'all' && parsed.value.of.length === 0 ? undefined : parsed.value)
}

type State = { clauses: number; fields: Map<string, CriteriaField> }

function parseNode(input: unknown, path: string, level: number, state: State): Result<Criteria> {
  if (!isRecord(input)) return no('not_a_clause', path)
  const keys = Object.keys(input)
  const [kind] = keys
  if (kind === 'all' || kind === 'any') {
    return keys.length > 1 ? no('not_a_clause', path) : parseGroup(kind, input[kind], path, level, state)
  }
  state.clauses += 1
  if (state.clauses > MOST_CLAUSES) return no('too_many_clauses', path)
  return parseClause(input, path, state)
}

function parseGroup(kind: 'all' | 'any', list: unknown, path: string, level: number, state: State): Result<Criteria> {
  if (level > MOST_LEVELS) return no('too_many_levels', path)
  if (!Array.isArray(list) || (kind === 'any' && list.length === 0)) return no('not_a_list', path)
  const of: Criteria[] = []
  for (const [at, each] of list.entries()) {
    const parsed = parseNode(each, `${path === '' ? '' : `${path}.`}${kind}[${at}]`, level + 1, state)
    if (!parsed.ok) return parsed
    of.push(parsed.value)
  }
  return accept({ kind, of })
}

function parseClause(input: Record<string, unknown>, path: string, state: State): Result<Clause> {
  const odd = Object.keys(input).find((key) => !['field', 'operator', 'value'].includes(key))
  if (odd !== undefined) return no('not_a_clause', path, { key: odd.slice(0, 40) })
  const field = typeof input.field === 'string' ? state.fields.get(input.field) : undefined
  if (field === undefined) return no('unknown_field', path, { field: shown(input.field) })
  const operator = OPERATORS.find((each) => each === input.operator)
  if (operator === undefined)
    return no('unknown_operator', path, { field: field.name, operator: shown(input.operator) })
  if (!OPERATORS_OF[field.type].includes(operator))
    return no('operator_not_for_type', path, { field: field.name, operator })
  const values = parseValues(field, operator, input.value)
  return values === undefined
    ? no('bad_value', path, { field: field.name, type: field.type, value: shown(input.value) })
    : accept({ kind: 'clause', field, operator, values })
}

function parseValues(field: CriteriaField, operator: Operator, value: unknown): string[] | undefined {
  if (operator === 'isBlank') return value === undefined || value === null || value === true ? [] : undefined
  if (operator === 'in' || operator === 'between') {
    if (!Array.isArray(value) || value.length === 0 || value.length > MOST_VALUES) return undefined
    if (operator === 'between' && value.length !== 2) return undefined
    const values = value.map((each) => parseValue(field.type, each))
    return values.every((each) => each !== undefined) ? values : undefined
  }
  const one = parseValue(field.type, value)
  return one === undefined ? undefined : [one]
}

/** One value in its canonical form, or nothing where it is not of the type. */
function parseValue(type: FieldType, value: unknown): string | undefined {
  if (type === 'boolean') return value === true || value === false ? String(value) : undefined
  if (type === 'number' && Number.isSafeInteger(value)) return String(value)
  if (typeof value !== 'string') return undefined
  if (type === 'money') {
    const amount = moneyOf(value)
    return amount.ok ? text(amount.value) : undefined
  }
  if (type === 'number') return NUMBER.test(value) ? value : undefined
  if (type === 'date') return isDay(value) ? value : undefined
  return value !== '' && value.length <= LONGEST_TEXT && !value.includes('\0') ? value : undefined
}

const isRecord = (input: unknown): input is Record<string, unknown> =>
  typeof input === 'object' && input !== null && !Array.isArray(input)

const shown = (value: unknown): string => (value === undefined ? '' : String(JSON.stringify(value)).slice(0, 60))

type CriteriaRefusal = keyof typeof MESSAGES

const MESSAGES = {
  not_a_clause: 'is neither a clause of field, operator and value nor one group of all or any',
  not_a_list: 'is not a list of clauses',
  too_many_clauses: `is one more than the ${MOST_CLAUSES} clauses allowed`,
  too_many_levels: `is deeper than the ${MOST_LEVELS} levels allowed`,
  unknown_field: 'names an unknown field',
  unknown_operator: 'names an unknown operator',
  operator_not_for_type: 'names an operator that its field does not take',
  bad_value: 'has a value that its field or operator does not take',
}

function no(refusal: CriteriaRefusal, path: string, detail: Record<string, string> = {}): Refusal {
  const clause = path || 'criteria'
  const about = detail.value ?? detail.operator ?? detail.field ?? detail.key
  const message = `Clause ${clause} ${MESSAGES[refusal]}${about ? `: ${about}` : ''}`
  return refuse(refusal, { clause, message, ...detail })
}
