import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ACCOUNT_FIELDS, type CriteriaField } from './criteria-field-rules.ts'
import { type CriteriaLine, criteriaOf, isCriteriaName, linesOf, splitValues, typedLines } from './criteria-form.ts'
import { parseCriteria } from './criteria-rules.ts'

const FIELDS: CriteriaField[] = [...ACCOUNT_FIELDS, { name: 'connectDate', label: 'Connect Date', type: 'date' }]
const line = (field: string, operator: string, value = '', join: 'and' | 'or' = 'and'): CriteriaLine => ({
  join,
  field,
  operator,
  value,
})

describe('typedLines', () => {
  it('reads the lines of a form in order, joins of the first line aside', () => {
    const body = {
      date: '03/31/2026',
      'c1-join': 'or',
      'c1-field': 'cycle',
      'c1-operator': '=',
      'c1-value': ' A ',
      'c2-join': 'or',
      'c2-field': 'route',
      'c2-operator': 'isBlank',
    }
    expect(typedLines(body)).toEqual([line('cycle', '=', 'A'), line('route', 'isBlank', '', 'or')])
    expect(Object.keys(body).filter((name) => !isCriteriaName(name))).toEqual(['date'])
  })
})

describe('criteriaOf', () => {
  it.each<[CriteriaLine[], unknown]>([
    [[], {}],
    [[line('', '=', 'A')], {}],
    [[line('cycle', '=', 'A')], { all: [{ field: 'cycle', operator: '=', value: 'A' }] }],
    [
      [line('balance', '>=', '25'), line('cycle', '=', 'A'), line('cycle', '=', 'B', 'or')],
      {
        all: [
          { field: 'balance', operator: '>=', value: '25' },
          {
            any: [
              { field: 'cycle', operator: '=', value: 'A' },
              { field: 'cycle', operator: '=', value: 'B' },
            ],
          },
        ],
      },
    ],
    [
      [line('customerType', 'in', 'R, "A, B" ,C')],
      { all: [{ field: 'customerType', operator: 'in', value: ['R', 'A, B', 'C'] }] },
    ],
    [[line('bankrupt', '=', 'No')], { all: [{ field: 'bankrupt', operator: '=', value: false }] }],
    [
      [line('connectDate', 'between', '1/5/2026, 02/01/2026')],
      { all: [{ field: 'connectDate', operator: 'between', value: ['2026-01-05', '2026-02-01'] }] },
    ],
    [[line('parcelNumber', 'isBlank', 'x')], { all: [{ field: 'parcelNumber', operator: 'isBlank' }] }],
    [
      [line('customerName', '=', 'Abernathy, Lois')],
      { all: [{ field: 'customerName', operator: '=', value: 'Abernathy, Lois' }] },
    ],
  ])('%#', (lines, criteria) => {
    expect(criteriaOf(lines, FIELDS)).toEqual({ ok: true, criteria })
  })

  it.each<[CriteriaLine[], number, RegExp]>([
    [[line('cycle', '=', 'A'), line('balance', '>', 'much')], 2, /amount like/],
    [[line('', '', ''), line('cycle', '=', 'A'), line('connectDate', '<', '02/30/2026', 'or')], 3, /date like/],
    [[line('nope', '=', 'A')], 1, /field of the list/],
    [[line('cycle', '~', 'A')], 1, /operator of the list/],
    [[line('bankrupt', '>', 'yes')], 1, /not for this field/],
    [[line('bankrupt', '=', 'maybe')], 1, /yes or no/],
    [[line('balance', 'between', '1')], 1, /two with a comma/],
    [[line('cycle', '=', '')], 1, /Write a code/],
    [Array.from({ length: 26 }, () => line('cycle', '=', 'A')), 26, /At most 25/],
  ])('names the line: %#', (lines, at, message) => {
    expect(criteriaOf(lines, FIELDS)).toEqual({ ok: false, line: at, message: expect.stringMatching(message) })
  })
})

describe('splitValues', () => {
  it.each([
    ['', []],
    ['A', ['A']],
    ['A,B', ['A', 'B']],
    [' A , B, ', ['A', 'B']],
    ['"A, B","say ""C"""', ['A, B', 'say "C"']],
  ])('%s', (typed, values) => expect(splitValues(typed)).toEqual(values))
})

describe('linesOf', () => {
  it.each([
    [
      {
        any: [
          {
            all: [
              { field: 'cycle', operator: '=', value: 'A' },
              { field: 'route', operator: '=', value: '1' },
            ],
          },
        ],
      },
    ],
    [{ all: [{ any: [{ any: [{ field: 'cycle', operator: '=', value: 'A' }] }] }] }],
    [{ all: [{ field: 'customerName', operator: '=', value: ' A' }] }],
  ])('cannot show %j', (criteria) => {
    const parsed = parseCriteria(criteria, FIELDS)
    expect(parsed.ok && linesOf(parsed.value)).toBe(undefined)
  })

  it('gives lines that read back to the same criteria', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9"'][A-Za-z0-9 ",'.-]{0,8}[A-Za-z0-9"]$/)
    const amount = fc.integer({ min: -99999, max: 99999 }).map((n) => (n / 100).toFixed(2))
    const clause = fc.oneof(
      fc.record({
        field: fc.constantFrom('customerName', 'cycle'),
        operator: fc.constantFrom('=', '!=', 'startsWith', '<'),
        value: word,
      }),
      fc.record({
        field: fc.constantFrom('route', 'zip'),
        operator: fc.constant('in'),
        value: fc.array(word, { minLength: 1, maxLength: 4 }),
      }),
      fc.record({
        field: fc.constantFrom('balance', 'pastDue'),
        operator: fc.constant('between'),
        value: fc.tuple(amount, amount),
      }),
      fc.record({ field: fc.constant('bankrupt'), operator: fc.constantFrom('=', '!='), value: fc.boolean() }),
      fc.record({
        field: fc.constant('connectDate'),
        operator: fc.constant('>='),
        value: fc.constantFrom('2011-04-30', '2024-02-29'),
      }),
      fc.record({ field: fc.constant('city'), operator: fc.constant('isBlank') }),
    )
    const group = fc.oneof(clause, fc.record({ any: fc.array(clause, { minLength: 2, maxLength: 3 }) }))
    fc.assert(
      fc.property(fc.array(group, { maxLength: 6 }), (all) => {
        const before = parseCriteria({ all }, FIELDS)
        if (!before.ok) throw new Error(JSON.stringify(before))
        const lines = linesOf(before.value)
        if (!lines) throw new Error('not shown')
        const read = criteriaOf(lines, FIELDS)
        if (!read.ok) throw new Error(read.message)
        expect(parseCriteria(read.criteria, FIELDS)).toEqual(before)
      }),
    )
  })
})
