import { sql } from 'drizzle-orm'
import { type Db, one, rows } from '../../db/db.ts'
import { isProtectedName } from '../../secrets/rules.ts'
import type { SetUpAnswer } from './set-up.ts'

export const STEPS = ['customer', 'location', 'services', 'deposits', 'meters', 'review'] as const
export type Step = (typeof STEPS)[number]

/** What was typed, by step and field, as it was typed. */
export type Typed = Partial<Record<Step, Record<string, string>>>

export interface Draft {
  id: number
  typed: Typed
  made: SetUpAnswer | null
  changedAt: string
}

const DRAFT = sql`select id, typed, made, to_char(changed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "changedAt" from setup_draft`

/** The user's own drafts that are not finished, newest first. */
export const draftsOf = (db: Db, userId: number): Promise<Draft[]> =>
  rows(db, sql`${DRAFT} where user_id = ${userId} and made is null order by changed_at desc limit 50`)

/** A draft of this user; nobody sees another's. */
export const draftOf = (db: Db, userId: number, id: number): Promise<Draft | undefined> =>
  one(db, sql`${DRAFT} where id = ${id} and user_id = ${userId}`)

/** Begins a draft; what was finished long ago is forgotten. */
export async function beginDraft(db: Db, userId: number, typed: Typed): Promise<number> {
  await db.execute(
    sql`delete from setup_draft where user_id = ${userId} and made is not null and changed_at < now() - interval '30 days'`,
  )
  const row = await one<{ id: number }>(
    db,
    sql`insert into setup_draft (user_id, typed) values (${userId}, ${JSON.stringify(typed)}::jsonb) returning id`,
  )
  return row?.id ?? 0
}

/** Keeps what was typed on one step; the other steps stay. Protected values are asked for on no step, and none is kept. */
export async function keepStep(
  db: Db,
  userId: number,
  id: number,
  step: Step,
  fields: Record<string, string>,
): Promise<void> {
  const kept = Object.fromEntries(Object.entries(fields).filter(([name]) => !isProtectedName(name)))
  await db.execute(sql`update setup_draft set typed = typed || jsonb_build_object(${step}::text, ${JSON.stringify(kept)}::jsonb),
    changed_at = now() where id = ${id} and user_id = ${userId} and made is null`)
}

export async function discardDraft(db: Db, userId: number, id: number): Promise<void> {
  await db.execute(sql`delete from setup_draft where id = ${id} and user_id = ${userId} and made is null`)
}

/** Marks the draft as what it became; false where it was finished already, by a second press or another tab. */
export async function finishDraft(db: Db, userId: number, id: number, made: SetUpAnswer): Promise<boolean> {
  const done = await rows(
    db,
    sql`update setup_draft set made = ${JSON.stringify(made)}::jsonb, changed_at = now()
      where id = ${id} and user_id = ${userId} and made is null returning 1`,
  )
  return done.length === 1
}
