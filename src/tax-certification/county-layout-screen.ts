import type { Request, Response } from 'express'
import { context } from '../web/context.ts'
import { menuHref } from '../web/menu.ts'
import { view } from '../web/view.ts'
import { type Grid, gridOf, layoutForm, layoutTyped, type TypedHead } from './county-layout-form.ts'
import { columnsFor, gridView, summaryOf } from './county-layout-view.ts'
import type { StoredLayout } from './county-layouts.ts'
import { sampleOf } from './county-sample.ts'
import type { Layout } from './layout-rules.ts'
import { SECTIONS } from './layout-source-rules.ts'
import {
  END_LABELS,
  KIND_LABELS,
  layoutInWords,
  PER_LABELS,
  placesOf,
  SECTION_LABELS,
  SOURCE_LABELS,
} from './layout-words.ts'

export const PATH = '/tax-certification/layouts'
export const TITLE = 'County Layouts'
export const pathOf = (code: string): string => `${PATH}/${encodeURIComponent(code)}`
export const CRUMBS = [
  { label: 'Tax Certification', href: menuHref('Tax Certification') },
  { label: TITLE, href: PATH },
]

/** The form as somebody has it before them, stored or not. */
export interface Editing {
  head: TypedHead
  /** The head as typed, where it is to stand again as it was. */
  raw?: Record<string, unknown>
  grid: Grid
  /** What was shown first: its version and its words. */
  seen: string
  /** The layout that is edited; absent for a new one. */
  stored?: Pick<StoredLayout, 'id' | 'layout'> | undefined
}

export interface Rendering {
  errors?: Record<string, string>
  theirs?: { who: string; changes: string[] }
  /** Id of the control that has the focus next. */
  focus?: string
  status?: number
}

export const seenOf = ({ version, layout }: StoredLayout): string =>
  JSON.stringify({ version, says: layoutInWords(layout) })

/** A layout of the town, or a new one, with its fields and its sample. */
export async function showEditor(req: Request, res: Response, editing: Editing, how: Rendering = {}): Promise<void> {
  const { db, today, may } = context(res)
  const { head, raw, grid, seen, stored } = editing
  const { errors = {}, focus } = how
  const layout = layoutTyped(head, grid)
  const form = layoutForm.show({ ...head, ...raw, seen }, errors)
  const title = stored ? `${stored.layout.code} ${stored.layout.name}` : 'New county layout'
  const data = {
    title,
    crumbs: CRUMBS,
    action: stored ? pathOf(stored.layout.code) : `${PATH}/new`,
    copy: stored ? copyOf(stored.layout.code) : '',
    audit: stored && may('audit.view') ? auditOf(stored.id) : null,
    form: { ...form, summary: summaryOf(errors, grid) },
    fixed: head.kind === 'fixed',
    columns: columnsFor(head.kind),
    sections: gridView(grid, layout, errors, focus),
    places: SECTIONS.flatMap((section) => grid[section].map((_, at) => `#p-${section}-${at}`)),
    sample: await sampleOf(db, layout, today),
    theirs: how.theirs ?? null,
  }
  view(req, res, 'tax-certification/county-layout', data, { status: how.status ?? 200, block: 'tab' })
}

export const copyOf = (code: string): string => `${PATH}/new?copy=${encodeURIComponent(code)}`

const auditOf = (id: number) => ({
  layout: `/reports/audit-trail?subject=county_layout&key=${id}`,
  fields: '/reports/audit-trail?subject=county_layout_field',
})

/** A layout that is looked at: a preset, or one of the town for somebody who changes none. */
export async function showLayout(req: Request, res: Response, layout: Layout, preset: boolean): Promise<void> {
  const { db, today, may } = context(res)
  const data = {
    title: `${layout.code} ${layout.name}`,
    crumbs: CRUMBS,
    preset,
    copy: may('tables.edit') ? copyOf(layout.code) : '',
    facts: [
      { label: 'Kind', value: KIND_LABELS[layout.kind] },
      ...(layout.kind === 'fixed' ? [{ label: 'Characters in a line', value: String(layout.lineWidth) }] : []),
      { label: 'Lines', value: PER_LABELS[layout.linesPer] },
      { label: 'End of a line', value: END_LABELS[layout.lineEnd] },
      ...(layout.columnNames ? [{ label: 'First line', value: 'Names of the fields' }] : []),
    ],
    fixed: layout.kind === 'fixed',
    sections: sectionsShown(layout),
    sample: await sampleOf(db, layout, today),
  }
  view(req, res, 'tax-certification/county-layout-view', data)
}

function sectionsShown(layout: Layout) {
  const grid = gridOf(layout)
  return SECTIONS.filter((section) => layout[section].length > 0).map((section) => ({
    label: SECTION_LABELS[section],
    rows: placesOf(layout, section).map(({ field, place }, at) => ({
      ...grid[section][at],
      place,
      source: SOURCE_LABELS[field.source],
    })),
  }))
}
