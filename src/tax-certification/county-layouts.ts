import { type Db, databaseFault } from '../db/db.ts'
import { Conflict, NotFound, Refused } from '../errors.ts'
import {
  deleteLayout as deleteStored,
  insertLayout,
  type StoredLayout,
  storedLayouts,
  updateLayout,
} from './county-layout-store.ts'
import { type LayoutFault, layoutFaults } from './layout-fault-rules.ts'
import { LAYOUT_PRESETS, RESERVED_CODES } from './layout-preset-rules.ts'
import type { Layout } from './layout-rules.ts'
import { faultSentence } from './layout-words.ts'

export type { StoredLayout } from './county-layout-store.ts'

/** Every layout a county file can be made with: the presets, then the town's own by code. */
export async function allLayouts(db: Db): Promise<Layout[]> {
  return [...LAYOUT_PRESETS, ...(await ownLayouts(db)).map(({ layout }) => layout)]
}

export const ownLayouts = (db: Db): Promise<StoredLayout[]> => storedLayouts(db)

export const presetNamed = (code: string): Layout | undefined => LAYOUT_PRESETS.find((preset) => preset.code === code)

/** The layout that a run names. Refuses a name that is none, and says which there are. */
export async function layoutNamed(db: Db, code: string): Promise<Layout> {
  const found = presetNamed(code) ?? (await storedLayouts(db, code))[0]?.layout
  if (found) return found
  const known = (await allLayouts(db)).map((layout) => layout.code).join(', ')
  const sentence = `There is no layout ${code}. There are: ${known}.`
  throw new Refused('unknown_layout', sentence, { layout: sentence })
}

/** A layout of the town with its version, or 404. */
export async function ownLayout(db: Db, code: string): Promise<StoredLayout> {
  const [found] = await storedLayouts(db, code)
  if (!found) throw new NotFound('county layout')
  return found
}

/** The name of a control of the layout's form: `lineWidth`, or `line-3-width` for a field of a record. */
export const controlOf = ({ section, at, part }: Pick<LayoutFault, 'section' | 'at' | 'part'>): string =>
  section === undefined || at === undefined ? part : `${section}-${at}-${part}`

/** A sentence for each thing that is wrong, by its control; the first where there are several. */
export function layoutErrors(layout: Layout): Record<string, string> {
  const errors: Record<string, string> = {}
  for (const fault of layoutFaults(layout)) errors[controlOf(fault)] ??= faultSentence(fault)
  return errors
}

/**
 * Stores a layout of the town, audited through `by`: a new one, or the one at `stored`. Refuses what `layoutFaults` finds
 * and a code that is taken or the product's own, with a sentence by control; a layout that somebody else changed since it
 * was shown is a conflict.
 */
export async function saveLayout(
  db: Db,
  layout: Layout,
  by: number,
  stored?: Pick<StoredLayout, 'id' | 'version'>,
): Promise<void> {
  const errors = layoutErrors(layout)
  if (RESERVED_CODES.includes(layout.code)) errors.code = `${layout.code} is a name of the product's own.`
  const [first] = Object.values(errors)
  if (first) throw new Refused('layout_refused', first, errors)
  try {
    if (!stored) await insertLayout(db, layout, by)
    else if (!(await updateLayout(db, stored, layout, by))) throw changed()
  } catch (error) {
    if (databaseFault(error)?.code !== '23505') throw error
    const says = `There is already a county layout ${layout.code}.`
    throw new Refused('layout_refused', says, { code: says })
  }
}

/** Deletes a layout of the town. The files made with it stay with their runs, and what it said with them. */
export async function removeLayout(db: Db, at: Pick<StoredLayout, 'id' | 'version'>, by: number): Promise<void> {
  if (!(await deleteStored(db, at, by))) throw changed()
}

const changed = () => new Conflict('This county layout was changed by somebody else in the meantime. Look at it again.')
