import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import { type Db, databaseFault, one, rows } from '../db/db.ts'
import { shownName } from '../db/shown-name.ts'
import { Conflict, Refused } from '../errors.ts'

export type Versioned = PgTable & { id: PgColumn; version: PgColumn; changedBy: PgColumn }

export interface At {
  id: number
  version: number
}

/** What a broken constraint means to the clerk: the field and a sentence. */
export type Sentences = Record<string, [field: string, sentence: string]>

/** Adds a row and gives its id. A constraint named in `sentences` is refused in words. */
export async function addRow(
  db: Db,
  table: Versioned,
  values: object,
  by: number,
  sentences: Sentences,
): Promise<number> {
  return inWords(sentences, async () => {
    const added = await db
      .insert(table)
      .values({ ...values, changedBy: by } as never)
      .returning({ id: table.id })
    return Number(added[0]?.id)
  })
}

/** Changes a row that is still at its version; else a Conflict that says who was quicker. */
export async function changeRow(
  db: Db,
  table: Versioned,
  at: At,
  values: object,
  by: number,
  sentences: Sentences,
): Promise<void> {
  const changed = await inWords(sentences, () =>
    db
      .update(table)
      .set({ ...values, changedBy: by, version: sql`${table.version} + 1` } as never)
      .where(and(eq(table.id, at.id), eq(table.version, at.version)))
      .returning({ id: table.id }),
  )
  if (changed.length === 0) throw await changedMeanwhile(db, table, at.id)
}

/** Deletes a row that is still at its version and that nothing refers to. Who deletes is written first, for the audit. */
export async function removeRow(db: Db, table: Versioned, at: At, by: number, used: string): Promise<void> {
  try {
    await db.transaction(async (tx) => {
      await changeRow(tx, table, at, {}, by, {})
      await tx.delete(table).where(eq(table.id, at.id))
    })
  } catch (error) {
    if (databaseFault(error)?.code === '23503') throw new Refused('in_use', used)
    throw error
  }
}

async function changedMeanwhile(db: Db, table: Versioned, id: number): Promise<Conflict> {
  const name = await whoChanged(db, table, id)
  const who = name === undefined ? 'This was deleted meanwhile.' : `This was changed meanwhile by ${name}.`
  return new Conflict(`${who} Nothing was saved: reload the page to see it as it is now.`)
}

/** Who changed a row last, by name; undefined when it is gone. */
export async function whoChanged(db: Db, table: Versioned, id: number): Promise<string | undefined> {
  const row = await one<{ name: string }>(
    db,
    sql`select ${shownName()} as name from ${table} t join app_user u on u.id = t.changed_by where t.id = ${id}`,
  )
  return row?.name
}

async function inWords<T>(sentences: Sentences, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const says = sentences[databaseFault(error)?.constraint_name ?? '']
    if (!says) throw error
    throw new Refused('not_free', says[1], { [says[0]]: says[1] })
  }
}

export interface Choice {
  value: string
  label: string
}

/** Codes of a short table as choices: value is the row's id. */
export const choices = (db: Db, table: SQL): Promise<Choice[]> =>
  rows<Choice>(
    db,
    sql`select id::text as value, code || ' ' || name as label from ${table} where id <> 0 order by code`,
  )

/**
 * Adds a row with the next number of its kind and gives its id. Of several people who add at once everybody gets a
 * number of their own; nobody is refused.
 */
export const addNumbered = (db: Db, kind: NumberKind, table: Versioned, values: object, by: number): Promise<number> =>
  db.transaction(async (tx) => addRow(tx, table, { ...values, number: await takeNumber(tx, kind) }, by, {}))

/** Takes the next number of a kind. Whoever asks for one at the same time waits until this transaction has ended. */
export async function takeNumber(tx: Db, kind: NumberKind): Promise<string> {
  // a statement of its own, for the next one to see what was stored meanwhile
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${kind}))`)
  return nextNumber(tx, kind)
}

/** What `next_number` counts. */
export type NumberKind =
  | 'arrangement'
  | 'contact'
  | 'customer'
  | 'demographic'
  | 'deposit_agreement'
  | 'location'
  | 'master_contact'
  | 'note'
  | 'service_order'

/**
 * The number that is proposed for a new customer, location or other numbered record (product.md 3.15); it is free now
 * and may be taken by the time the form comes back.
 */
export async function nextNumber(db: Db, kind: NumberKind): Promise<string> {
  const row = await one<{ number: string }>(db, sql`select next_number(${kind}) as number`)
  return row?.number ?? ''
}

/** The customer's number, a point and the next two digits. */
export async function nextAccount(db: Db, customer: string): Promise<string> {
  const row = await one<{ number: string }>(db, sql`select next_account_number(${customer}) as number`)
  return row?.number ?? ''
}
