import type { Layout, LayoutField } from '../../tax-certification/layout-rules.ts'
import { ALL_SOURCES, SECTIONS, type Section } from '../../tax-certification/layout-source-rules.ts'
import { byCode, code, column, flag, oneOf, ref, text } from '../columns.ts'
import { name, whole } from '../kinds.ts'
import type { SetUpRow, TownFile } from '../town-file.ts'

export const LAYOUTS = 'county_layouts.csv'
export const LAYOUT_FIELDS = 'county_layout_fields.csv'

/** The town's own layouts of the county file; the product's own are in every town. */
export const countyLayouts: TownFile = {
  name: LAYOUTS,
  table: 'public.county_layout',
  replaces: true,
  key: ['code'],
  columns: [
    code('code', { required: true }),
    column('name', name, { required: true }),
    oneOf('kind', ['csv', 'fixed'], { required: true }),
    column('line_width', whole(1, 2000)),
    oneOf('lines_per', ['account', 'parcel'], { empty: 'parcel' }),
    flag('column_names', 'no'),
    oneOf('line_end', ['lf', 'crlf'], { empty: 'lf' }),
  ],
  complete(row, picture) {
    const layout = layoutOf(row)
    picture.layouts.set(layout.code, { line: row.line, layout, fields: [] })
  },
}

function layoutOf(row: SetUpRow): Layout {
  const width = row.cell('line_width')
  return {
    code: row.cell('code'),
    name: row.cell('name'),
    kind: row.cell('kind') as Layout['kind'],
    ...(width === '' ? {} : { lineWidth: Number(width) }),
    linesPer: row.cell('lines_per') as Layout['linesPer'],
    columnNames: row.cell('column_names') === 'yes',
    lineEnd: row.cell('line_end') as Layout['lineEnd'],
    header: [],
    line: [],
    trailer: [],
  }
}

/** The fields of their records. Whether they make a layout is looked at when all are read (check-layouts.ts). */
export const countyLayoutFields: TownFile = {
  name: LAYOUT_FIELDS,
  table: 'public.county_layout_field',
  key: ['layout', 'section', 'position'],
  columns: [
    { ...ref('layout', byCode('county_layout')), required: true },
    oneOf('section', SECTIONS, { required: true }),
    column('position', whole(1, 9999), { required: true }),
    column('name', name, { required: true }),
    oneOf('source', ALL_SOURCES, { required: true }),
    column('width', whole(1, 2000)),
    oneOf('pad', ['left', 'right']),
    text('fill'),
    text('format'),
    flag('implied_decimals', 'no'),
    flag('digits_only', 'no'),
    flag('strip_punctuation', 'no'),
    flag('cut', 'no'),
  ],
  complete(row, picture) {
    const read = picture.layouts.get(row.cell('layout'))
    if (!read) return row.fault('layout', `${LAYOUTS} has no layout ${row.cell('layout')}`)
    const section = row.cell('section') as Section
    read.fields.push({ line: row.line, section, position: Number(row.cell('position')), field: fieldOf(row) })
  },
}

function fieldOf(row: SetUpRow): LayoutField {
  const [width, pad, fill, format] = ['width', 'pad', 'fill', 'format'].map((column) => row.cell(column))
  const yes = (column: string) => row.cell(column) === 'yes'
  return {
    name: row.cell('name'),
    source: row.cell('source') as LayoutField['source'],
    ...(width ? { width: Number(width) } : {}),
    ...(pad ? { pad: pad as 'left' | 'right' } : {}),
    ...(fill ? { fill } : {}),
    ...(format ? { format } : {}),
    impliedDecimals: yes('implied_decimals'),
    digitsOnly: yes('digits_only'),
    stripPunctuation: yes('strip_punctuation'),
    cut: yes('cut'),
  }
}
