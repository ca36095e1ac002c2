import { describe, expect, it } from 'vitest'
import { layoutFaults } from './layout-fault-rules.ts'
import { LAYOUT_PRESETS, SAN_MATEO_LAYOUT } from './layout-preset-rules.ts'
import type { Layout, LayoutField } from './layout-rules.ts'
import type { Section } from './layout-source-rules.ts'
import { faultSentence, layoutInWords } from './layout-words.ts'

const REST: LayoutField[] = [
  { name: 'Parcel', source: 'parcel', width: 9 },
  { name: 'Total', source: 'total', width: 9 },
]
const made = (changes: Partial<Layout> = {}): Layout => ({
  ...SAN_MATEO_LAYOUT,
  code: 'own',
  linesPer: 'account',
  lineWidth: 30,
  line: [...REST, { name: 'Rest', source: 'blank', width: 12 }],
  ...changes,
})
const kinds = (layout: Layout) => layoutFaults(layout).map(({ refusal, part }) => `${refusal} ${part}`)

describe('a layout is looked through', () => {
  it('the presets are whole', () => {
    expect(LAYOUT_PRESETS.flatMap(layoutFaults)).toEqual([])
    expect(layoutFaults(made())).toEqual([])
  })

  it.each([
    ['line', { source: 'count', width: 3 }, 'source_not_here source'],
    ['trailer', { source: 'owner', width: 3 }, 'source_not_here source'],
    ['line', { source: 'colour', width: 3 }, 'unknown_source source'],
    ['line', { source: 'constant', width: 3 }, 'constant_missing format'],
    ['line', { source: 'constant', format: 'ABCD', width: 3 }, 'format_too_long format'],
    ['line', { source: 'constant', format: 'é', width: 3 }, 'format_not_ascii format'],
    ['line', { source: 'owner', format: 'x', width: 3 }, 'format_not_here format'],
    ['line', { source: 'owner' }, 'width_missing width'],
    ['line', { source: 'owner', width: 1.5 }, 'width_missing width'],
    ['line', { source: 'owner', width: 9, impliedDecimals: true }, 'not_an_amount impliedDecimals'],
    ['line', { source: 'amount', width: 9, digitsOnly: true }, 'amount_has_a_point digitsOnly'],
    ['line', { source: 'amount', width: 9, pad: 'right', fill: '0' }, 'fill_changes_number fill'],
    ['line', { source: 'amount', width: 9, fill: '1' }, 'fill_changes_number fill'],
    ['trailer', { source: 'count', width: 9, fill: '-' }, 'fill_changes_number fill'],
    ['line', { source: 'owner', width: 9, fill: 'ab' }, 'fill_not_one_character fill'],
    ['line', { source: 'owner', width: 9, fill: '' }, 'fill_not_one_character fill'],
    ['line', { source: 'parcel', width: 9, cut: true }, 'may_not_be_cut cut'],
    ['line', { source: 'parcel', width: 9, format: '99' }, 'mask_without_places format'],
    ['header', { source: 'date', width: 9, format: 'DMY' }, 'not_a_date_format format'],
    ['header', { source: 'date', width: 9, format: '--' }, 'not_a_date_format format'],
    ['header', { source: 'tax_year', width: 9, format: 'MM' }, 'not_a_year_format format'],
  ] as [Section, Omit<LayoutField, 'name'>, string][])('%s, %j: %s', (section, field, expected) => {
    const odd = { name: 'Odd', ...field }
    const rest = {
      name: 'Filler',
      source: 'blank',
      width: 12 - (Number.isInteger(field.width) ? (field.width ?? 0) : 0),
    }
    const fields = section === 'line' ? [...REST, odd, rest] : [odd, { ...rest, width: rest.width + 18 }]
    const found = layoutFaults(made({ [section]: fields }))
    expect(found.map(({ refusal, part }) => `${refusal} ${part}`)).toEqual([expected])
    expect(found[0]).toMatchObject({ section, at: section === 'line' ? 2 : 0 })
  })

  it('widths come to the width of the line, in each record', () => {
    const trailer: LayoutField[] = [{ name: 'Lines', source: 'count', width: 29 }]
    const [fault] = layoutFaults(made({ trailer }))
    expect(fault && faultSentence(fault)).toBe('The widths of the trailer come to 29, and a line has 30.')
    expect(kinds(made({ lineWidth: 31 }))).toEqual(['widths_do_not_add_up lineWidth'])
    const { lineWidth: _, ...without } = made()
    expect(kinds(without)).toEqual(['line_width_missing lineWidth'])
  })

  it('names stand once in a record, blanks aside', () => {
    const blank = (width: number): LayoutField => ({ name: 'Filler', source: 'blank', width })
    expect(kinds(made({ line: [...REST, blank(6), blank(6)] }))).toEqual([])
    const twice = made({ line: [...REST, { name: 'Total', source: 'amount', width: 12 }] })
    expect(kinds(twice)).toEqual(['name_twice name'])
    expect(kinds(made({ line: [...REST, { name: ' ', source: 'amount', width: 12 }] }))).toEqual(['name_missing name'])
  })

  it('a line says which parcel and how much; one line per parcel cannot name one account', () => {
    expect(kinds(made({ line: [] }))).toEqual(['no_fields line'])
    const blank: LayoutField = { name: 'Rest', source: 'blank', width: 30 }
    expect(kinds(made({ line: [blank] }))).toEqual(['no_parcel_field line', 'no_amount_field line'])
    expect(kinds(made({ line: [blank], linesPer: 'parcel' }))).toContain('parcel_lines_need_parcel linesPer')
    const named = made({ line: [...REST, { name: 'Account', source: 'account', width: 12 }], linesPer: 'parcel' })
    expect(kinds(named)).toEqual(['several_accounts linesPer'])
    for (const code of ['', 'a b', '-a', 'a/b', 'é', 'a'.repeat(21)])
      expect(kinds(made({ code }))).toEqual(['code_not_plain code'])
    expect(kinds(made({ kind: 'csv' }))).toEqual(['csv_has_no_width lineWidth'])
    expect(kinds(made({ columnNames: true }))).toEqual(['names_need_csv columnNames'])
    const many = Array.from({ length: 61 }, (_, at): LayoutField => ({ name: `F${at}`, source: 'blank', width: 1 }))
    expect(kinds(made({ header: many, lineWidth: 30 }))).toContain('too_many_fields line')
  })

  it('every refusal has its sentence', () => {
    const all = layoutFaults(made({ line: [{ name: '', source: 'colour' as never, fill: 'xx' }], linesPer: 'parcel' }))
    for (const fault of all) expect(faultSentence(fault)).not.toBe('This does not fit.')
  })
})

it('a layout in words, with the place of each field', () => {
  expect(layoutInWords(SAN_MATEO_LAYOUT)).toEqual([
    'san-mateo: San Mateo County, 80 characters',
    'Fixed width, 80 characters',
    'One line per parcel, amounts added',
    'Lines end with a line feed',
    'Each line 1: Charge type (Constant text), "6", filled on the right with spaces',
    'Each line 2-4: Charge code (Charge code, else ID Number), filled on the right with spaces',
    'Each line 5-13: Parcel (Parcel number), without punctuation, digits only, filled on the left with zeros',
    'Each line 14-21: Amount (Certified and fee), two implied decimals, filled on the left with zeros',
    'Each line 22-80: Blank, filled on the right with spaces',
  ])
})
