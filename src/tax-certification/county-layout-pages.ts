import type { Request, Response } from 'express'
import { BadRequest, Conflict, Refused } from '../errors.ts'
import { context } from '../web/context.ts'
import type { FeatureMaker } from '../web/deps.ts'
import { flash } from '../web/flash.ts'
import { feature, param } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { countyFile } from './county-file.ts'
import {
  emptyField,
  errorsOf,
  gridOf,
  layoutForm,
  layoutTyped,
  looseHead,
  sentLayout,
  type TypedHead,
} from './county-layout-form.ts'
import { type Press, pressed, pressOf } from './county-layout-grid.ts'
import { CRUMBS, type Editing, PATH, pathOf, seenOf, showEditor, showLayout, TITLE } from './county-layout-screen.ts'
import {
  layoutErrors,
  layoutNamed,
  ownLayout,
  ownLayouts,
  presetNamed,
  removeLayout,
  type StoredLayout,
  saveLayout,
} from './county-layouts.ts'
import { LAYOUT_PRESETS } from './layout-preset-rules.ts'
import type { Layout } from './layout-rules.ts'
import { KIND_LABELS, layoutInWords, PER_LABELS } from './layout-words.ts'

/** Tax Certification > County Layouts: the product's own, and those that the town made or copied. */
export const layoutPages: FeatureMaker = () =>
  feature('county-layouts')
    .get(PATH, 'tables.view', list, { menu: `Tax Certification > ${TITLE}` })
    .get(`${PATH}/new`, 'tables.edit', openNew)
    .post(`${PATH}/new`, 'tables.edit', (req, res) => submit(req, res))
    .get(`${PATH}/:code`, 'tables.view', open)
    .post(`${PATH}/:code`, 'tables.edit', async (req, res) => submit(req, res, await storedOf(req, res)))
    .get(`${PATH}/:code/delete`, 'tables.edit', askDelete)
    .post(`${PATH}/:code/delete`, 'tables.edit', doDelete)

const storedOf = (req: Request, res: Response): Promise<StoredLayout> => ownLayout(context(res).db, param(req, 'code'))

async function list(req: Request, res: Response): Promise<void> {
  const { db, may } = context(res)
  const row = (layout: Layout, preset: boolean) => ({
    href: pathOf(layout.code),
    code: layout.code,
    name: layout.name,
    kind: layout.kind === 'fixed' ? `${KIND_LABELS.fixed}, ${layout.lineWidth}` : KIND_LABELS.csv,
    lines: PER_LABELS[layout.linesPer],
    fields: layout.line.length,
    preset,
  })
  const own = (await ownLayouts(db)).map(({ layout }) => row(layout, false))
  const data = {
    title: TITLE,
    path: PATH,
    own,
    presets: LAYOUT_PRESETS.map((layout) => row(layout, true)),
    mayEdit: may('tables.edit'),
    mayFile: may(countyFile.may.prepare),
  }
  view(req, res, 'tax-certification/county-layouts', data)
}

const START: TypedHead = {
  code: '',
  name: '',
  kind: 'csv',
  linesPer: 'parcel',
  lineEnd: 'lf',
  columnNames: true,
}
/** What no layout does without. */
const FIRST = [
  { ...emptyField(), name: 'Parcel', source: 'parcel' },
  { ...emptyField(), name: 'Total', source: 'total' },
]

/** A new layout, or a copy that is not stored before Save. */
async function openNew(req: Request, res: Response): Promise<void> {
  const { copy } = req.query
  if (typeof copy !== 'string' || copy === '') {
    return showEditor(req, res, { head: START, grid: { header: [], line: FIRST, trailer: [] }, seen: '' })
  }
  const layout = await layoutNamed(context(res).db, copy)
  const head = { ...headOf(layout), code: '', name: `${layout.name}, copy` }
  await showEditor(req, res, { head, grid: gridOf(layout), seen: '' })
}

const headOf = ({ header: _, line: __, trailer: ___, ...head }: Layout): TypedHead => head

async function open(req: Request, res: Response): Promise<void> {
  const preset = presetNamed(param(req, 'code'))
  if (preset) return showLayout(req, res, preset, true)
  const stored = await storedOf(req, res)
  if (!context(res).may('tables.edit')) return showLayout(req, res, stored.layout, false)
  const { layout } = stored
  await showEditor(req, res, { head: headOf(layout), grid: gridOf(layout), seen: seenOf(stored), stored })
}

/** Every button of the screen: those of the grid change what it shows; Save, which has no name, stores it. */
async function submit(req: Request, res: Response, stored?: StoredLayout): Promise<void> {
  const { head: raw, grid } = sentLayout(req.body as Record<string, unknown>)
  const seen = typeof raw.seen === 'string' ? raw.seen : ''
  const editing: Editing = { head: looseHead(raw), raw: shownAgain(raw), grid, seen, stored }
  const action = typeof raw.do === 'string' ? raw.do : ''
  const press = pressOf(action)
  if (press) {
    const after = pressed(grid, press)
    return showEditor(req, res, { ...editing, grid: after.grid }, { focus: focusAfter(press, after) })
  }
  if (action === 'sample') return showEditor(req, res, editing)
  const parsed = layoutForm.parse(raw)
  const typed = parsed.ok ? {} : errorsOf(parsed.view)
  // the head's errors come first, and what cannot be read is said before what does not fit
  const errors = { ...typed, ...layoutErrors(layoutTyped(editing.head, grid)), ...typed }
  if (!parsed.ok || Object.keys(errors).length > 0) return showEditor(req, res, editing, { errors, status: 422 })
  const { seen: _, do: __, ...head } = parsed.data
  await save(req, res, editing, layoutTyped(head, grid), stored)
}

/** What was typed stands again as it was; a tick that was not sent is none. */
const shownAgain = ({ do: _, _csrf: __, ...raw }: Record<string, unknown>): Record<string, unknown> => ({
  ...raw,
  columnNames: raw.columnNames ?? '',
})

/** Where the next key goes: into the row that was added, or onto the same button of the row that was moved. */
function focusAfter({ step }: Press, { grid, section, at }: ReturnType<typeof pressed>): string {
  const rows = grid[section].length
  if (rows === 0) return `f-${section}`
  if (step === 'add' || step === 'remove' || rows === 1) return `f-${section}-${at}-name`
  const way = at === 0 ? 'down' : at === rows - 1 ? 'up' : step
  return `do-${way}-${section}-${at}`
}

async function save(
  req: Request,
  res: Response,
  editing: Editing,
  layout: Layout,
  stored?: StoredLayout,
): Promise<void> {
  const { db, actor } = context(res)
  const seen = seenState(editing.seen)
  if (stored && seen?.version !== stored.version) return tellChanges(req, res, editing, stored, seen?.says ?? [])
  try {
    await saveLayout(db, layout, actor.id, stored)
  } catch (error) {
    if (error instanceof Conflict && stored) {
      return tellChanges(req, res, editing, await storedOf(req, res), seen?.says ?? [])
    }
    if (!(error instanceof Refused)) throw error
    return showEditor(req, res, editing, { errors: error.detail as Record<string, string>, status: 422 })
  }
  flash(req, `Saved. County layout ${layout.code}.`)
  goTo(req, res, pathOf(layout.code))
}

function seenState(written: string): { version: number; says: string[] } | undefined {
  try {
    const { version, says } = JSON.parse(written) as { version: unknown; says: unknown }
    return { version: Number(version), says: Array.isArray(says) ? says.map(String) : [] }
  } catch {
    return undefined
  }
}

/** Somebody else saved in the meantime: nothing is stored, their changes are told, and saving again replaces them. */
async function tellChanges(
  req: Request,
  res: Response,
  editing: Editing,
  stored: StoredLayout,
  seen: readonly string[],
): Promise<void> {
  const now = layoutInWords(stored.layout)
  const changes = [
    ...seen.filter((line) => !now.includes(line)).map((line) => `It said: ${line}`),
    ...now.filter((line) => !seen.includes(line)).map((line) => `It says now: ${line}`),
  ]
  const theirs = { who: stored.changedBy, changes }
  // htmx swaps a 422 in, and no 409.
  const status = req.get('HX-Request') === 'true' ? 422 : 409
  await showEditor(req, res, { ...editing, stored, seen: seenOf(stored) }, { theirs, status })
}

async function askDelete(req: Request, res: Response): Promise<void> {
  const { version, layout } = await storedOf(req, res)
  const here = pathOf(layout.code)
  const data = {
    title: `Delete county layout ${layout.code}`,
    crumbs: [...CRUMBS, { label: layout.code, href: here }],
    here,
    version,
  }
  view(req, res, 'tax-certification/county-layout-delete', data)
}

async function doDelete(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(res)
  const stored = await storedOf(req, res)
  const version = Number((req.body as Record<string, unknown>).version)
  if (!Number.isInteger(version)) throw new BadRequest('The form does not say what it was shown')
  await removeLayout(db, { id: stored.id, version }, actor.id)
  flash(req, `Deleted. County layout ${stored.layout.code}.`)
  goTo(req, res, PATH)
}
