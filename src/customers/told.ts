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
 * the changes in words, and who made them. Where no field of the form changed, the form as typed and the conflict's words.
 */
export async function conflictTold(
  db: Db,
  kept: { table: Versioned; id: number; version: number; values: object },
  { form, body, options = {}, conflict }: Met,
): Promise<{ form: FormView; theirs: string[]; whoElse: string }> {
  const told = tellChanges(form, body, { ...kept.values, version: String(kept.version) }, options)
  const shown = told.theirs.length > 0 ? told.form : form.show(body as object, { '': conflict.message }, options)
  return { form: shown, theirs: told.theirs, whoElse: (await whoChanged(db, kept.table, kept.id)) ?? '' }
}
