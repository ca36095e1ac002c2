import type { Option } from '../web/form.ts'
import { ACCOUNT_FIELDS, OPERATORS, OPERATORS_OF, type Operator } from './criteria-field-rules.ts'
import { type CriteriaLine, linesOf } from './criteria-form.ts'
import { parseCriteria } from './criteria-rules.ts'
import { criteriaWords } from './present.ts'
import type { SavedSet } from './saved-criteria.ts'

/** What the builder holds: lines, or criteria too deep for lines, kept as they are. */
export interface CriteriaTyped {
  lines: CriteriaLine[]
  kept?: unknown
}

export interface CriteriaError {
  line: number
  message: string
}

const LABELS: Record<Operator, string> = {
  '=': 'is',
  '!=': 'is not',
  '<': 'less than',
  '<=': 'at most',
  '>': 'more than',
  '>=': 'at least',
  between: 'between',
  in: 'is one of',
  startsWith: 'starts with',
  contains: 'contains',
  isBlank: 'is blank',
}

export const EMPTY_LINE: CriteriaLine = { join: 'and', field: '', operator: '=', value: '' }

/** Criteria as the builder shows them; what nests too deep is kept and shown in words. */
export function typedOf(criteria: unknown): CriteriaTyped {
  const parsed = parseCriteria(criteria)
  const lines = parsed.ok ? linesOf(parsed.value) : undefined
  return lines ? { lines } : { lines: [], kept: criteria }
}

/** The builder for the template; never without a line to type in. */
export function criteriaView(typed: CriteriaTyped, sets: SavedSet[], error?: CriteriaError) {
  const lines = typed.lines.length > 0 ? typed.lines : [EMPTY_LINE]
  return {
    kept: typed.kept === undefined ? '' : JSON.stringify(typed.kept),
    keptWords: typed.kept === undefined ? '' : criteriaWords(typed.kept),
    lines: lines.map((line, at) => lineView(line, at + 1, error)),
    sets,
  }
}

function lineView(line: CriteriaLine, n: number, error: CriteriaError | undefined) {
  const type = ACCOUNT_FIELDS.find((field) => field.name === line.field)?.type
  const operators = type ? OPERATORS_OF[type] : OPERATORS
  const choices = (options: Option[], value: string) => options.map((o) => ({ ...o, selected: o.value === value }))
  const fields = ACCOUNT_FIELDS.map(({ name, label }) => ({ value: name, label }))
  return {
    n,
    join: line.join,
    value: line.value,
    noValue: line.operator === 'isBlank',
    fields: choices([{ value: '', label: '' }, ...fields], line.field),
    operators: choices(
      operators.map((value) => ({ value, label: LABELS[value] })),
      line.operator,
    ),
    error: error?.line === n ? error.message : '',
  }
}
