import { toSnakeCase } from 'drizzle-orm/casing'
import { layoutFaults } from '../tax-certification/layout-fault-rules.ts'
import { RESERVED_CODES } from '../tax-certification/layout-preset-rules.ts'
import type { Layout, LayoutField } from '../tax-certification/layout-rules.ts'
import type { Section } from '../tax-certification/layout-source-rules.ts'
import { faultSentence } from '../tax-certification/layout-words.ts'
import type { Faults } from './faults.ts'
import { LAYOUT_FIELDS, LAYOUTS } from './files/county-layouts.ts'
import type { Picture } from './picture.ts'

/** A county layout as its two files have it, its fields in the order of the file. */
export interface ReadLayout {
  line: number
  layout: Layout
  fields: { line: number; section: Section; position: number; field: LayoutField }[]
}

/** Layouts are held to the rules of the screen: their names, and every field where it stands. */
export function checkLayouts({ layouts }: Picture, faults: Faults): void {
  for (const [code, read] of layouts) {
    if (RESERVED_CODES.includes(code)) faults.add(LAYOUTS, read.line, 'code', `${code} is a name of the product's own`)
    checkOne(read, faults)
  }
}

function checkOne({ line, layout, fields }: ReadLayout, faults: Faults): void {
  const of = (section: Section) =>
    fields.filter((field) => field.section === section).sort((a, b) => a.position - b.position)
  const whole: Layout = {
    ...layout,
    header: fieldsOf(of('header')),
    line: fieldsOf(of('line')),
    trailer: fieldsOf(of('trailer')),
  }
  for (const fault of layoutFaults(whole)) {
    const { section, at = -1, part } = fault
    const field = section && of(section)[at]
    const says = faultSentence(fault)
    const reason = says.slice(0, 1).toLowerCase() + says.slice(1).replace(/\.$/, '')
    if (field) faults.add(LAYOUT_FIELDS, field.line, toSnakeCase(part), reason)
    else faults.add(LAYOUTS, line, part === 'line' ? '' : toSnakeCase(part), reason)
  }
}

const fieldsOf = (fields: ReadLayout['fields']): LayoutField[] => fields.map(({ field }) => field)
