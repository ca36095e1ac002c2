import type { Db } from '../db/db.ts'
import type { Conflict } from '../errors.ts'
import type { FormView, ShowOptions } from '../web/form.ts'
import { type Shows, tellChanges } from '../web/seen.ts'
import { type Versioned, whoChanged } from './rows.ts'

interface Met {
  form: Shows
  /** What was typed. */
  body: unknown
  options?: ShowOptions
  conflict: Conflict
}

/**
 * What a clerk gets whose save met a newer version: the form with their changes and the clerk's own, at the new version,
 * the changes in words, and who made them; `toldOf` for where no field of the form changed.
 */
export async function conflictTold(
  db: Db,
  kept: { table: Versioned; id: number; version: number; values: object },
  { form, body, options = {}, conflict }: Met,
): Promise<{ form: FormView; theirs: string[]; whoElse: string }> {
  const stored = { ...kept.values, version: String(kept.version) }
  const told = toldOf(stored, { form, body, options, conflict })
  return { ...told, whoElse: (await whoChanged(db, kept.table, kept.id)) ?? '' }
}

const BESIDE = 'What was changed does not stand in this form.'

/**
 * `tellChanges`, and a sentence where no field of the form differs: the record changed beside the form, so it goes on at
 * the new version. A form that was sent without its `seen` keeps its version and the conflict's words: reload it.
 */
export function toldOf(
  stored: object,
  { form, body, options = {}, conflict }: Met,
): { form: FormView; theirs: string[] } {
  const told = tellChanges(form, body, stored, options)
  if (told.theirs.length > 0) return { form: told.form, theirs: told.theirs }
  if (told.compared) return { form: told.form, theirs: [BESIDE] }
  return { form: form.show(body as object, { '': conflict.message }, options), theirs: [] }
}
