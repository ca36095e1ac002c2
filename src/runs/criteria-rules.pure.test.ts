import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ACCOUNT_FIELDS, type CriteriaField, OPERATORS } from './criteria-field-rules.ts'
import { type AccountFacts, describeCriteria, matches } from './criteria-match-rules.ts'
import { parseCriteria } from './criteria-rules.ts'

const FIELDS: CriteriaField[] = [
  ...ACCOUNT_FIELDS,
  { name: 'connectDate', label: 'Connect Date', type: 'date' },
  { name: 'units', label: 'Units', type: 'number' },
]
const AVERY: AccountFacts = {
  accountNumber: '1001.01',
  customerName: 'Avery Mill',
  collectionCode: null,
  parcelNumber: '',
  cycle: 'A',
  balance: '68.88',
  pastDue: '-3.00',
  bankrupt: false,
  connectDate: '2011-04-30',
  units: '2',
}
const parse = (input: unknown) => parseCriteria(input, FIELDS)
const met = (input: unknown, facts: AccountFacts = AVERY): boolean => {
  const parsed = parse(input)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed))
  return matches(parsed.value, facts)
}
const clause = (field: string, operator: string, value?: unknown) => ({ field, operator, value })
const nested = (levels: number): unknown => (levels === 0 ? clause('cycle', '=', 'A') : { all: [nested(levels - 1)] })

describe('everyone', () => {
  it.each([[undefined], [null], [{}], [{ all: [] }]])('%j', (input) => {
    expect(parse(input)).toEqual({ ok: true, value: undefined })
    expect(met(input)).toBe(true)
  })
})

describe('matches by operator, codes exactly (000-027, 000-028)', () => {
  it.each([
    ['balance', '=', '68.88', true],
    ['balance', '=', '68.880', 'bad'],
    ['balance', '>=', '68.88', true],
    ['balance', '>', '68.88', false],
    ['balance', '<', '100', true],
    ['pastDue', '<', '0', true],
    ['balance', 'between', ['68.88', '70'], true],
    ['balance', 'between', ['60', '68.88'], true],
    ['balance', 'between', ['68.89', '70'], false],
    ['balance', 'in', ['1', '68.88'], true],
    ['customerName', '=', 'avery mill', true],
    ['customerName', '=', 'avery', false],
    ['customerName', 'startsWith', 'AVE', true],
    ['customerName', 'contains', 'y m', true],
    ['customerName', 'contains', '%', false],
    ['cycle', '=', 'A', true],
    ['cycle', '=', 'a', false],
    ['collectionCode', '=', 'T', false],
    ['cycle', 'startsWith', 'a', false],
    ['cycle', 'in', ['B', 'A'], true],
    ['accountNumber', 'between', ['999.01', '1001.01'], true],
    ['accountNumber', '<', '999.01', false],
    ['collectionCode', 'isBlank', undefined, true],
    ['parcelNumber', 'isBlank', true, true],
    ['cycle', 'isBlank', undefined, false],
    ['collectionCode', '!=', 'TC', true],
    ['collectionCode', '=', 'TC', false],
    ['collectionCode', 'in', ['TC'], false],
    ['city', '<', 'Z', false],
    ['bankrupt', '=', false, true],
    ['bankrupt', '!=', false, false],
    ['connectDate', '<=', '2011-04-30', true],
    ['connectDate', '>', '2011-04-30', false],
    ['units', '=', 2, true],
    ['units', '<', '10', true],
  ])('%s %s %j: %s', (field, operator, value, answer) => {
    const parsed = parse({ all: [clause(field, operator, value)] })
    expect(parsed.ok ? matches(parsed.value, AVERY) : 'bad').toBe(answer)
  })

  it('nests all and any', () => {
    const either = { any: [clause('cycle', '=', 'B'), clause('balance', '>', '60')] }
    expect(met({ all: [clause('customerName', 'contains', 'mill'), either] })).toBe(true)
    expect(met({ all: [clause('bankrupt', '=', true), either] })).toBe(false)
    expect(met(clause('cycle', '=', 'A'))).toBe(true)
  })
})

describe('refuses and names the clause', () => {
  it.each([
    [{ all: [clause('cycle', '=', 'A'), { any: [clause('nope', '=', 'A')] }] }, 'unknown_field', 'all[1].any[0]'],
    [{ all: [clause('__proto__', '=', 'A')] }, 'unknown_field', 'all[0]'],
    [{ all: [{ operator: '=', value: 'A' }] }, 'unknown_field', 'all[0]'],
    [{ all: [clause('cycle', '~', 'A')] }, 'unknown_operator', 'all[0]'],
    [{ all: [clause('cycle', 'toString', 'A')] }, 'unknown_operator', 'all[0]'],
    [{ all: [clause('balance', 'contains', '6')] }, 'operator_not_for_type', 'all[0]'],
    [{ all: [clause('bankrupt', '<', true)] }, 'operator_not_for_type', 'all[0]'],
    [{ all: [clause('balance', '=', 68.88)] }, 'bad_value', 'all[0]'],
    [{ all: [clause('balance', '=', '1e3')] }, 'bad_value', 'all[0]'],
    [{ all: [clause('balance', 'between', ['1'])] }, 'bad_value', 'all[0]'],
    [{ all: [clause('balance', 'between', ['1', '2', '3'])] }, 'bad_value', 'all[0]'],
    [{ all: [clause('cycle', 'in', 'A')] }, 'bad_value', 'all[0]'],
    [{ all: [clause('cycle', 'in', [])] }, 'bad_value', 'all[0]'],
    [{ all: [clause('cycle', 'in', ['A', 1])] }, 'bad_value', 'all[0]'],
    [{ all: [clause('cycle', '=', '')] }, 'bad_value', 'all[0]'],
    [{ all: [clause('cycle', '=', 'A\0')] }, 'bad_value', 'all[0]'],
    [{ all: [clause('cycle', '=', 'A'.repeat(201))] }, 'bad_value', 'all[0]'],
    [{ all: [clause('cycle', 'isBlank', 'x')] }, 'bad_value', 'all[0]'],
    [{ all: [clause('bankrupt', '=', 'yes')] }, 'bad_value', 'all[0]'],
    [{ all: [clause('connectDate', '=', '2011-02-30')] }, 'bad_value', 'all[0]'],
    [{ all: [clause('units', '=', 1.5)] }, 'bad_value', 'all[0]'],
    [{ all: [{ ...clause('cycle', '=', 'A'), extra: 1 }] }, 'not_a_clause', 'all[0]'],
    [{ all: [], any: [] }, 'not_a_clause', 'criteria'],
    [{ all: ['A'] }, 'not_a_clause', 'all[0]'],
    [{ all: 'A' }, 'not_a_list', 'criteria'],
    [{ any: [] }, 'not_a_list', 'criteria'],
    ['A', 'not_a_clause', 'criteria'],
    [[], 'not_a_clause', 'criteria'],
    [nested(5), 'too_many_levels', 'all[0].all[0].all[0].all[0]'],
    [{ all: Array.from({ length: 26 }, () => clause('cycle', '=', 'A')) }, 'too_many_clauses', 'all[25]'],
  ])('%#: %s', (input, refusal, where) => {
    expect(parse(input)).toMatchObject({ ok: false, refusal, detail: { clause: where } })
  })

  it('says it in words', () => {
    expect(parse({ all: [clause('nope', '=', 'A')] })).toMatchObject({
      detail: { message: 'Clause all[0] names an unknown field: "nope"' },
    })
    expect(parseCriteria({ all: [clause('connectDate', '=', '2011-01-01')] })).toMatchObject({
      refusal: 'unknown_field',
    })
  })

  it('takes 25 clauses and 4 levels', () => {
    expect(parse({ all: Array.from({ length: 25 }, () => clause('cycle', '=', 'A')) }).ok).toBe(true)
    expect(parse(nested(4)).ok).toBe(true)
  })

  it('answers any JSON without throwing, and what it accepts can be matched and described', () => {
    const field = fc.constantFrom(...FIELDS.map((each) => each.name))
    const value = fc.oneof(
      fc.string(),
      fc.boolean(),
      fc.array(fc.constantFrom('1', '2.50', 'A')),
      fc.constantFrom('1', '2.50'),
    )
    const leaf = fc.record({ field, operator: fc.constantFrom(...OPERATORS), value })
    const tree = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 3 },
        leaf,
        fc.record({ all: fc.array(tie('node'), { maxLength: 3 }) }),
        fc.record({ any: fc.array(tie('node'), { maxLength: 3 }) }),
      ),
    })).node
    fc.assert(
      fc.property(fc.oneof(tree, fc.jsonValue()), (input) => {
        const parsed = parse(input)
        if (!parsed.ok) return parsed.detail.clause !== undefined
        return typeof matches(parsed.value, AVERY) === 'boolean' && describeCriteria(parsed.value).length > 0
      }),
    )
  })
})

describe('describeCriteria', () => {
  it.each([
    [{}, 'Everyone'],
    [
      {
        all: [clause('balance', '>=', '25'), { any: [clause('cycle', '=', '1'), clause('route', 'startsWith', 'A')] }],
      },
      'Balance is at least 25.00 and (Cycle is 1 or Route starts with A)',
    ],
    [{ any: [clause('bankrupt', '=', true)] }, 'Bankrupt is yes'],
    [
      { all: [{ any: [clause('zip', 'in', ['1', '2']), clause('city', 'isBlank')] }] },
      'ZIP is one of 1, 2 or City is blank',
    ],
    [clause('pastDue', 'between', ['1', '2']), 'Past Due is between 1.00 and 2.00'],
  ])('%j: %s', (input, words) => {
    const parsed = parse(input)
    expect(parsed.ok && describeCriteria(parsed.value)).toBe(words)
  })
})
