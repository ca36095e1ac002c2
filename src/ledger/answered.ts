import { sql } from 'drizzle-orm'
import { type Db, one } from '../db/db.ts'
import { Conflict } from '../errors.ts'
import { type Answer, bodyHash, type Document, decideAndPost, type Posted, type RequestKey } from './post.ts'

/**
 * Does a piece of work that posts under a request key. Where deciding refuses because the very same request was posted
 * before (its money is no longer owed, its transaction is reversed already), the first answer is given again.
 */
export async function answerOnce(
  db: Db,
  actor: number,
  request: RequestKey | undefined,
  work: () => Promise<Posted>,
): Promise<Posted> {
  try {
    return await work()
  } catch (error) {
    const known = request && (await knownAnswer(db, actor, request))
    if (known) return { outcome: 'replayed', answer: known }
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

async function knownAnswer(db: Db, actor: number, { path, key, body }: RequestKey): Promise<Answer | undefined> {
  const row = await one<{ known: { same: boolean; answer: Answer } | null }>(
    db,
    sql`select ledger.known_request(${actor}, ${path}, ${key}, ${bodyHash(body)}) as known`,
  )
  if (!row?.known) return undefined
  if (!row.known.same) throw new Conflict('This key was used for another request.')
  return row.known.answer
}
