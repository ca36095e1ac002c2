import { type Db, databaseFault } from '../db/db.ts'
import { Conflict, NotFound, Refused } from '../errors.ts'
import { fault } from '../ledger/faults.ts'
import { asText, mergeChanges, type TheirChange, type Values } from './merge.ts'
import * as store from './store.ts'
import { columnOf, metaOf, type Row, type SetupTable } from './table.ts'

/** Rows in their order; with `query` those in which a lookup field contains it, whatever the case. */
export async function listRows(db: Db, declared: SetupTable, query = ''): Promise<Row[]> {
  const all = await store.tableRows(db, declared)
  const wanted = query.trim().toLowerCase()
  if (wanted === '') return all
  return all.filter((row) => declared.lookup.some((name) => asText(row[name]).toLowerCase().includes(wanted)))
}

/** The row with that code, or 404. */
export async function rowByCode(db: Db, declared: SetupTable, code: string): Promise<Row> {
  const row = (await store.tableRows(db, declared)).find((each) => each[declared.code] === code)
  if (!row) throw new NotFound(declared.singular)
  return row
}

/** One row by its id, or 404. */
export async function getRow(db: Db, declared: SetupTable, id: number): Promise<Row> {
  const row = await store.tableRow(db, declared, id)
  if (!row) throw new NotFound(declared.singular)
  return row
}

export interface Save {
  /** Undefined = a new row. */
  id?: number
  data: Record<string, unknown>
  by: number
  /** What the clerk was shown: refuses to overwrite what somebody else changed since. Without it the last one wins. */
  seen?: { version: number; values: Values }
}

export type Saved = { ok: true; row: Row } | { ok: false; row: Row; values: Values; theirs: TheirChange[] }

/**
 * Stores a row, audited through `by`. Not stored when somebody else changed it since it was shown: the answer then says
 * what. Refuses a code that exists already and whatever the declaration finds wrong; the detail has a sentence by field.
 */
export async function saveRow(db: Db, declared: SetupTable, save: Save): Promise<Saved> {
  const { data, by } = save
  const current = save.id === undefined ? undefined : await getRow(db, declared, save.id)
  if (current && save.seen && save.seen.version !== current.version) {
    return {
      ok: false,
      row: current,
      ...mergeChanges(save.seen.values, valuesOf(declared, current), valuesOf(declared, data)),
    }
  }
  refuseFaults(declared, data, current)
  const values = await columnValues(db, declared, data)
  try {
    if (!current)
      return {
        ok: true,
        row: await getRow(db, declared, await store.insertRow(db, declared, await placed(db, declared, values), by)),
      }
    if (!(await store.updateRow(db, declared, current, values, by))) return await saveRow(db, declared, save)
    return { ok: true, row: await getRow(db, declared, current.id) }
  } catch (error) {
    throw inWords(declared, data, error)
  }
}

/** The fields of a row, or of what was typed, as forms carry them. */
export const valuesOf = (declared: SetupTable, row: Record<string, unknown>): Values =>
  Object.fromEntries(Object.keys(declared.fields).map((name) => [name, asText(row[name])]))

/** A new row begins with what the table itself would put there: boxes as their columns default. An ordered one stands last. */
export const startValues = (declared: SetupTable): Values =>
  Object.fromEntries(
    Object.keys(declared.fields).map((name) => {
      const given: unknown = columnOf(declared, name).default
      const none = typeof given === 'object' || (name === 'sort' && declared.order === 'sort')
      return [name, none ? '' : asText(given)]
    }),
  )

/** What each linked field may name. */
export async function linkOptions(
  db: Db,
  declared: SetupTable,
): Promise<Record<string, { value: string; label: string }[]>> {
  const options: Record<string, { value: string; label: string }[]> = {}
  for (const [name, link] of Object.entries(declared.links ?? {})) {
    options[name] = (await store.linked(db, link)).map(({ code, label }) => ({ value: code, label }))
  }
  return options
}

/** Fields that are shown and not typed, and why. */
export function keptFields(declared: SetupTable, row: Row | undefined): { says: string; fields: readonly string[] } {
  if (!row) return { says: '', fields: [] }
  const kept = declared.kept?.(row)
  return {
    says: kept?.says ?? '',
    fields: [...(kept?.fields ?? []), ...(declared.codeStays ? [declared.code] : []), ...(declared.stays ?? [])],
  }
}

function refuseFaults(declared: SetupTable, data: Record<string, unknown>, current: Row | undefined): void {
  const errors: Record<string, string> = { ...declared.faults?.(data) }
  for (const name of keptFields(declared, current).fields) {
    if (asText(data[name]) !== asText(current?.[name])) errors[name] = `${metaOf(declared, name).label} stays as it is.`
  }
  const [first] = Object.values(errors)
  if (first) throw new Refused('row_refused', first, errors)
}

async function columnValues(
  db: Db,
  declared: SetupTable,
  data: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const values: Record<string, unknown> = {}
  for (const name of Object.keys(declared.fields)) {
    const value = data[name]
    const link = declared.links?.[name]
    const none = value === undefined || value === null || (link && value === '')
    // A column that must hold something keeps what it has, or takes its default.
    if (none) values[name] = store.mustHold(declared, name) ? undefined : null
    else if (link) values[name] = await idOf(db, declared, name, String(value))
    else values[name] = typeof value === 'object' ? asText(value) : value
  }
  return values
}

async function idOf(db: Db, declared: SetupTable, name: string, code: string): Promise<number> {
  const link = declared.links?.[name]
  const found = link && (await store.linked(db, link)).find((row) => row.code === code)
  if (!found) throw new Refused('row_refused', 'Choose one of the list.', { [name]: 'Choose one of the list.' })
  return found.id
}

/** A new row of an ordered table stands last unless it says where. */
async function placed(db: Db, declared: SetupTable, values: Record<string, unknown>): Promise<Record<string, unknown>> {
  if (declared.order !== 'sort' || values.sort !== undefined) return values
  const last = (await store.tableRows(db, declared)).at(-1)
  return { ...values, sort: Number(last?.sort ?? 0) + 1 }
}

function inWords(declared: SetupTable, data: Record<string, unknown>, error: unknown): unknown {
  if (databaseFault(error)?.code !== '23505') return fault(error)
  const says = `There is already a ${declared.singular} ${asText(data[declared.code])}.`
  return new Refused('row_refused', says, { [declared.code]: says })
}

/** Why a row cannot be deleted, as one sentence naming counts and users; empty when it can. */
export async function whyKept(db: Db, declared: SetupTable, row: Row): Promise<string> {
  const kept = declared.kept?.(row)
  if (kept) return kept.says
  const used = (await store.usageCounts(db, declared, row.id)).filter(({ count }) => count > 0)
  if (used.length === 0) return ''
  const parts = used.map(({ usage, count }) =>
    usage.uncounted ? usage.one : `${count} ${count === 1 ? usage.one : usage.many}`,
  )
  return `${asText(row[declared.code])} is used by ${parts.join(', ')}, so it stays.`
}

/** Deletes a row that nothing uses; refuses one that is used, with a sentence, and one that was changed since it was shown. */
export async function removeRow(
  db: Db,
  declared: SetupTable,
  at: { id: number; version: number; by: number },
): Promise<Row> {
  const row = await getRow(db, declared, at.id)
  const why = await whyKept(db, declared, row)
  if (why) throw new Refused('row_used', why)
  try {
    if (!(await store.deleteRow(db, declared, at, at.by))) {
      throw new Conflict(
        `This ${declared.singular} was changed by somebody else in the meantime. Look at it again before deleting it.`,
      )
    }
  } catch (error) {
    if (databaseFault(error)?.code !== '23503') throw error
    throw new Refused('row_used', `${asText(row[declared.code])} is still in use, so it stays.`)
  }
  return row
}

/** Moves a row of an ordered table one place up or down; at the end it stays. */
export async function moveRow(db: Db, declared: SetupTable, id: number, up: boolean, by: number): Promise<void> {
  const ids = (await store.tableRows(db, declared)).map((row) => row.id)
  const from = ids.indexOf(id)
  if (from < 0) throw new NotFound(declared.singular)
  const to = Math.min(Math.max(from + (up ? -1 : 1), 0), ids.length - 1)
  ids.splice(to, 0, ...ids.splice(from, 1))
  await store.storeOrder(db, declared, ids, by)
}
