import { formatDay } from '../ledger/calendar.ts'
import type { Refusal } from '../ledger/result.ts'
import { ACCOUNT_FIELDS, type CriteriaField } from './criteria-field-rules.ts'
import { type Clause, type Criteria, parseCriteria } from './criteria-rules.ts'

/** A line of the criteria builder as it is typed. `or` joins it to the line above, `and` begins what must hold too. */
export interface CriteriaLine {
  join: 'and' | 'or'
  field: string
  operator: string
  value: string
}

type Read = { ok: true; criteria: unknown } | { ok: false; line: number; message: string }

const LINES_MOST = 25

/** The lines of a posted form: `c1-join`, `c1-field`, `c1-operator`, `c1-value`, `c2-…`. */
export function typedLines(body: Record<string, unknown>): CriteriaLine[] {
  const text = (name: string) => (typeof body[name] === 'string' ? (body[name] as string) : '')
  const lines: CriteriaLine[] = []
  for (let n = 1; n <= LINES_MOST + 1 && body[`c${n}-field`] !== undefined; n += 1) {
    lines.push({
      join: text(`c${n}-join`) === 'or' && n > 1 ? 'or' : 'and',
      field: text(`c${n}-field`),
      operator: text(`c${n}-operator`),
      value: text(`c${n}-value`).trim(),
    })
  }
  return lines
}

/** Whether a field of a posted form belongs to the criteria builder and not to the options. */
export const isCriteriaName = (name: string): boolean => /^(c\d+-(join|field|operator|value)|criteria)$/.test(name)

/**
 * Lines to the grammar of contract.md 3: all of the lines, lines joined by `or` as one `any`. Lines without a field are
 * left out; no lines = everyone. A line that cannot be is named by its place, counted from 1.
 */
export function criteriaOf(lines: CriteriaLine[], fields: CriteriaField[] = ACCOUNT_FIELDS): Read {
  const groups: { json: unknown; line: number }[][] = []
  for (const [at, line] of lines.entries()) {
    if (line.field === '') continue
    const clause = { json: clauseOf(line, fields), line: at + 1 }
    const before = groups.at(-1)
    if (line.join === 'or' && before) before.push(clause)
    else groups.push([clause])
  }
  if (groups.length === 0) return { ok: true, criteria: {} }
  const criteria = {
    all: groups.map((group) => (group.length === 1 ? group[0]?.json : { any: group.map((g) => g.json) })),
  }
  const parsed = parseCriteria(criteria, fields)
  return parsed.ok ? { ok: true, criteria } : { ok: false, line: lineOf(parsed, groups), message: messageOf(parsed) }
}

function clauseOf(line: CriteriaLine, fields: CriteriaField[]) {
  const { field, operator } = line
  if (operator === 'isBlank') return { field, operator }
  const type = fields.find((known) => known.name === field)?.type ?? 'text'
  const one = (typed: string) => readValue(type, typed)
  if (operator === 'in' || operator === 'between') return { field, operator, value: splitValues(line.value).map(one) }
  return { field, operator, value: one(line.value) }
}

function readValue(type: CriteriaField['type'], typed: string): string | boolean {
  if (type === 'boolean') {
    if (/^(yes|y|true|checked)$/i.test(typed)) return true
    return /^(no|n|false|unchecked)$/i.test(typed) ? false : typed
  }
  const american = type === 'date' ? /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(typed) : null
  if (!american) return typed
  const [, month = '', day = '', year = ''] = american
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
}

/** `A, "B, C"` → A and `B, C`: commas part the values, quotes keep them. */
export function splitValues(typed: string): string[] {
  const values = [...typed.matchAll(/\s*("(?:[^"]|"")*"|[^,]*)\s*(,|$)/g)].map((found) => unquoted(found[1] ?? ''))
  return values.filter((value) => value !== '')
}

const unquoted = (piece: string): string => {
  const trimmed = piece.trim()
  return /^".*"$/s.test(trimmed) && trimmed.length > 1 ? trimmed.slice(1, -1).replaceAll('""', '"') : trimmed
}

const quoted = (value: string): string => (/[",]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)

/** The clause that was refused, as the place of its line; the first line when all of them are meant. */
function lineOf(refusal: Refusal, groups: { line: number }[][]): number {
  const path = /^all\[(\d+)\](?:\.any\[(\d+)\])?/.exec(refusal.detail.clause ?? '')
  const group = path ? groups[Number(path[1])] : undefined
  return group?.[Number(path?.[2] ?? 0)]?.line ?? 1
}

function messageOf({ refusal, detail }: Refusal): string {
  if (refusal === 'bad_value') return VALUES[detail.type ?? 'text'] ?? VALUES.text ?? ''
  return MESSAGES[refusal] ?? 'This line cannot be understood.'
}

const VALUES: Record<string, string> = {
  text: 'Write a value; for "is one of" and "between", values with a comma between them.',
  code: 'Write a code; for "is one of" and "between", codes with a comma between them.',
  money: 'Write an amount like 25.00; for "between", two with a comma between them.',
  number: 'Write a number; for "between", two with a comma between them.',
  date: 'Write a date like 03/31/2026; for "between", two with a comma between them.',
  boolean: 'Write yes or no.',
}

const MESSAGES: Record<string, string> = {
  unknown_field: 'Choose a field of the list.',
  unknown_operator: 'Choose an operator of the list.',
  operator_not_for_type: 'This operator is not for this field.',
  too_many_clauses: `At most ${LINES_MOST} lines.`,
}

/** Criteria as lines of the builder; undefined where they nest deeper than the builder can show. */
export function linesOf(criteria: Criteria | undefined): CriteriaLine[] | undefined {
  if (criteria === undefined) return []
  const groups = criteria.kind === 'all' ? criteria.of : [criteria]
  const lines: CriteriaLine[] = []
  for (const group of groups) {
    const clauses = clausesOf(group)
    if (!clauses?.every(isTypable)) return undefined
    lines.push(...clauses.map((clause, at) => lineOfClause(clause, at === 0 ? 'and' : 'or')))
  }
  return lines
}

function clausesOf(group: Criteria): Clause[] | undefined {
  if (group.kind === 'clause') return [group]
  const of = group.kind === 'any' || group.of.length === 1 ? group.of : []
  return of.length > 0 && of.every((each) => each.kind === 'clause') ? of : undefined
}

/** A single value is typed as it is: spaces at its ends and line breaks would not come back from the form. */
const isTypable = ({ values }: Clause): boolean =>
  values.every((value) => value === value.trim() && !/[\r\n]/.test(value))

function lineOfClause({ field, operator, values }: Clause, join: 'and' | 'or'): CriteriaLine {
  const shown = values.map((value) => {
    if (field.type === 'boolean') return value === 'true' ? 'yes' : 'no'
    return field.type === 'date' ? formatDay(value) : value
  })
  const many = operator === 'in' || operator === 'between'
  return { join, field: field.name, operator, value: many ? shown.map(quoted).join(', ') : (shown[0] ?? '') }
}
