import { eq, sql } from 'drizzle-orm'
import { one } from '../db/db.ts'
import { arrangementDraft } from '../db/tables/arrangements.ts'
import { Conflict, NotFound } from '../errors.ts'
import type { ArrangementFacts } from './facts.ts'
import type { Terms } from './rules.ts'
import { type Order, storeArrangement, type Who } from './service.ts'

/** The wizard's steps behind Warnings, in their order [001-478 to 001-508]. */
export const STEPS = ['setup', 'review', 'confirmation', 'finish'] as const
export type Step = (typeof STEPS)[number]

export interface Draft {
  id: number
  accountId: number
  step: Step
  typed: Record<string, string | string[]>
  terms: unknown
  made: string | null
}

/** The wizard's draft of this user on this account; nobody else's. */
export async function draftOf(who: Who, id: number, accountId: number): Promise<Draft> {
  const found = await one<Draft>(
    who.db,
    sql`select d.id, d.account_id as "accountId", d.step, d.typed, d.terms, d.made from arrangement_draft d
      where d.id = ${id} and d.account_id = ${accountId} and d.user_id = ${who.actor.id}`,
  )
  if (!found) throw new NotFound('page')
  return found
}

export async function startDraft(who: Who, accountId: number): Promise<number> {
  const [made] = await who.db
    .insert(arrangementDraft)
    .values({ accountId, userId: who.actor.id })
    .returning({ id: arrangementDraft.id })
  return made?.id ?? 0
}

interface Kept {
  step?: Step
  typed?: object
  terms?: unknown
}

/** Keeps what was typed; never of a draft that became a plan. */
export async function keepDraft(who: Who, draft: Draft, kept: Kept): Promise<void> {
  const stored = await who.db
    .update(arrangementDraft)
    .set({ ...kept, changedAt: sql`now()` })
    .where(sql`${arrangementDraft.id} = ${draft.id} and ${arrangementDraft.made} is null`)
    .returning({ id: arrangementDraft.id })
  if (stored.length === 0) throw finished()
}

const finished = () => new Conflict('This arrangement is finished already. Nothing was changed.')

/** The last step: the draft becomes a plan, once. */
export async function finishDraft(
  who: Who,
  draft: Draft,
  facts: ArrangementFacts,
  order: Order,
  terms: Terms,
): Promise<string> {
  return who.db.transaction(async (tx) => {
    const locked = await one<{ step: string }>(
      tx,
      sql`select step from arrangement_draft where id = ${draft.id} for update`,
    )
    if (locked?.step !== 'confirmation') throw finished()
    const number = await storeArrangement(tx, who, facts, order, terms)
    await tx.update(arrangementDraft).set({ step: 'finish', made: number }).where(eq(arrangementDraft.id, draft.id))
    return number
  })
}
