import { sql } from 'drizzle-orm'
import { type Db, one } from '../db/db.ts'
import { Conflict } from '../errors.ts'
import { bodyHash, type RequestKey } from '../ledger/post.ts'

/**
 * Does a piece of work in a transaction, once for its key: the same form sent again waits for the first and does
 * nothing. Another body under the key is a Conflict. What is refused frees the key. Without a key it is done each time.
 */
export async function once(
  db: Db,
  actor: number,
  request: RequestKey | undefined,
  work: (tx: Db) => Promise<unknown>,
): Promise<void> {
  await db.transaction(async (tx) => {
    if (request && !(await enter(tx, actor, request))) return
    await work(tx)
    if (request)
      await tx.execute(sql`select ledger.answer_request(${actor}, ${request.path}, ${request.key}, '{}'::jsonb)`)
  })
}

/** Whether the key is new; whoever sent the same one first is waited for. */
async function enter(tx: Db, actor: number, { path, key, body }: RequestKey): Promise<boolean> {
  const row = await one<{ known: { same: boolean } | null }>(
    tx,
    sql`select ledger.enter_request(${actor}, ${path}, ${key}, ${bodyHash(body)}) as known`,
  )
  if (row?.known?.same === false) throw new Conflict(KEPT_BEFORE)
  return !row?.known
}

const KEPT_BEFORE = 'This form was saved before and says something else now. Save again to add it as one more.'
