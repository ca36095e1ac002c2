import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { type Db, one } from '../db/db.ts'
import { Conflict } from '../errors.ts'
import { bodyHash } from '../ledger/post.ts'
import type { Answer } from './call.ts'

const PATIENCE_MS = 30_000
const LOOK_MS = 100
// Longer than any call takes: whoever entered the key and never answered is gone.
const ABANDONED_SECONDS = 600

export interface KeyedRequest {
  actor: number
  /** Behind `/api/v1`. */
  path: string
  key: string
  body: unknown
}

interface Known {
  same: boolean | null
  answer: Answer | null
  abandoned: boolean
}

/**
 * Does the work of a call once for its key (contract.md 3): the same key with the same body gives the first answer with
 * its status; a call still running is waited for, at most 30 s; another body under the key is a Conflict. A refusal
 * frees the key, for nothing was done.
 */
export async function answeredOnce(db: Db, request: KeyedRequest, work: () => Promise<Answer>): Promise<Answer> {
  const until = performance.now() + PATIENCE_MS
  for (;;) {
    const known = await enter(db, request)
    if (!known) return first(db, request, work)
    if (known.same === false) throw new Conflict('This key was used for another request.')
    if (known.answer) return known.answer
    if (known.abandoned) await release(db, request)
    else if (performance.now() > until)
      throw new Conflict('The first call with this key is still running. Ask again later.')
    else await pause(LOOK_MS)
  }
}

async function first(db: Db, request: KeyedRequest, work: () => Promise<Answer>): Promise<Answer> {
  try {
    const answer = await work()
    await keep(db, request, answer)
    return answer
  } catch (error) {
    await release(db, request)
    throw error
  }
}

/** Enters the key; undefined when it is new. `same` is null when it was freed at this very moment. */
async function enter(db: Db, { actor, path, key, body }: KeyedRequest): Promise<Known | undefined> {
  const row = await one<{ known: Known | null }>(
    db,
    sql`select x.known || jsonb_build_object('abandoned',
        coalesce(clock_timestamp() - (x.known->>'at')::timestamptz > make_interval(secs => ${ABANDONED_SECONDS}), false)) as known
      from (select ledger.enter_request(${actor}, ${path}, ${key}, ${bodyHash(body)}) as known) x`,
  )
  return row?.known ?? undefined
}

async function keep(db: Db, { actor, path, key }: KeyedRequest, answer: Answer): Promise<void> {
  await db.execute(sql`select ledger.answer_request(${actor}, ${path}, ${key}, ${JSON.stringify(answer)}::jsonb)`)
}

async function release(db: Db, { actor, path, key }: KeyedRequest): Promise<void> {
  await db.execute(sql`select ledger.release_request(${actor}, ${path}, ${key})`)
}
