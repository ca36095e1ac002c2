import { sql } from 'drizzle-orm'
import { type Db, one } from '../db/db.ts'
import { Conflict } from '../errors.ts'
import { type Answer, bodyHash, type Document, decideAndPost, type Posted, type RequestKey } from './post.ts'

/**
 * Does a piece of work that posts under a request key. Where deciding refuses because the very same request was posted
 * before (its money is no longer owed, its transaction is reversed already), the first answer is given again.
 */
export const answerOnce = (
  db: Db,
  actor: number,
  request: RequestKey | undefined,
  work: () => Promise<Posted>,
): Promise<Posted> => orKnown<Posted, Answer>(db, actor, request, work, (answer) => ({ outcome: 'replayed', answer }))

/** The same for work under a request key that is no posting: `again` makes its outcome of the answer kept under the key. */
export async function orKnown<Outcome, Kept>(
  db: Db,
  actor: number,
  request: RequestKey | undefined,
  work: () => Promise<Outcome>,
  again: (kept: Kept) => Outcome,
): Promise<Outcome> {
  try {
    return await work()
  } catch (error) {
    const known = request && (await knownAnswer<Kept>(db, actor, request))
    if (known) return again(known)
    throw error
  }
}

/** Decides on a document and posts it, once under a request key: the same request again gets the first answer. */
export async function postOnce(
  db: Db,
  actor: number,
  request: RequestKey | undefined,
  decide: () => Promise<Document>,
): Promise<Answer> {
  const post = () => decideAndPost(db, async () => ({ ...(await decide()), request }))
  return (await answerOnce(db, actor, request, post)).answer
}

async function knownAnswer<Kept>(db: Db, actor: number, { path, key, body }: RequestKey): Promise<Kept | undefined> {
  const row = await one<{ known: { same: boolean; answer: Kept } | null }>(
    db,
    sql`select ledger.known_request(${actor}, ${path}, ${key}, ${bodyHash(body)}) as known`,
  )
  if (!row?.known) return undefined
  if (!row.known.same) throw new Conflict('This key was used for another request.')
  return row.known.answer
}
