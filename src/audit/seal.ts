import { createHash } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { type Db, one, rows } from '../db/db.ts'

const BATCH = 1000
const LOCK = 7_215_001

/** A row as it is hashed: the same text for the same row in every session and version. */
const CANONICAL =
  sql.raw(`jsonb_build_array(a.id, to_char(a.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), a.actor, a.action,
  a.subject, a.subject_key, a.customer_id, a.old, a.new, a.reason, a.address)::text`)

const linked = (before: string, row: string): string => createHash('sha256').update(`${before}\n${row}`).digest('hex')

/** What this process knows of a database: up to `floor` every row is sealed, and none can come any more. */
interface Horizon {
  floor: number
  /** Becomes the floor when those who were writing then are done. */
  next?: Mark
}

/** The last id that was given out, and who might still hold one up to it without having committed. */
interface Mark {
  id: number
  writers: string[]
}

const horizons = new WeakMap<Db, Horizon>()

/**
 * Chains the audit rows that are not chained yet, in the order in which they became visible; how many. One worker at a
 * time: another finds the lock taken and leaves it. A row may be committed after rows with greater ids: what is looked
 * through are all rows that could have come since, and no others. Needs the pool that sees all rows.
 */
export async function sealAudit(db: Db): Promise<number> {
  const { floor, next } = horizons.get(db) ?? { floor: 0 }
  const settled = next !== undefined && !(await stillWriting(db, next.writers))
  const mark = next === undefined || settled ? await markNow(db) : next
  const { sealed, whole } = await sealAfter(db, floor)
  // the mark was settled before the rows were read: none up to it was missed
  if (whole) horizons.set(db, { floor: settled ? next.id : floor, next: mark })
  return sealed
}

// Whoever takes an id holds this lock until it commits; the id is read first, so that nobody comes in between.
const WRITERS = sql`select virtualtransaction as writer from pg_locks where locktype = 'relation' and granted
  and database = (select oid from pg_database where datname = current_database())
  and relation = 'public.audit'::regclass and mode = 'RowExclusiveLock'`

async function markNow(db: Db): Promise<Mark> {
  const last = await one<{ id: string }>(
    db,
    sql`select coalesce(last_value, 0)::text as id from pg_sequences where schemaname = 'public' and sequencename = 'audit_id_seq'`,
  )
  const writers = await rows<{ writer: string }>(db, WRITERS)
  return { id: Number(last?.id ?? 0), writers: writers.map(({ writer }) => writer) }
}

async function stillWriting(db: Db, writers: string[]): Promise<boolean> {
  if (writers.length === 0) return false
  const now = await rows<{ writer: string }>(db, WRITERS)
  return now.some(({ writer }) => writers.includes(writer))
}

/** Seals what is not sealed of the rows after this id; `whole` when all that could be seen is. */
async function sealAfter(db: Db, floor: number): Promise<{ sealed: number; whole: boolean }> {
  let sealed = 0
  for (let after = floor; ; ) {
    const batch = await db.transaction((tx) => sealBatch(tx as unknown as Db, after))
    if (batch === undefined) return { sealed, whole: false }
    sealed += batch.count
    if (batch.count < BATCH) return { sealed, whole: true }
    after = batch.last
  }
}

async function sealBatch(db: Db, after: number): Promise<{ count: number; last: number } | undefined> {
  const got = await one<{ yes: boolean }>(db, sql`select pg_try_advisory_xact_lock(${LOCK}) as yes`)
  if (!got?.yes) return undefined
  const fresh = await rows<{ id: string; row: string }>(
    db,
    sql`select a.id::text as id, ${CANONICAL} as row from audit a
        where a.id > ${after} and not exists (select from audit_seal s where s.audit_id = a.id and s.audit_id > ${after})
        order by a.id limit ${BATCH}`,
  )
  if (fresh.length === 0) return { count: 0, last: after }
  const last = await one<{ hash: string }>(db, sql`select hash from audit_seal order by position desc limit 1`)
  let hash = last?.hash ?? ''
  const seals = fresh.map(({ id, row }) => {
    hash = linked(hash, row)
    return { audit_id: Number(id), hash }
  })
  await db.execute(sql`
    insert into audit_seal (audit_id, hash)
    select (seal->>'audit_id')::bigint, seal->>'hash'
    from jsonb_array_elements(${JSON.stringify(seals)}::jsonb) with ordinality as x (seal, n) order by n`)
  return { count: fresh.length, last: Number(fresh.at(-1)?.id ?? after) }
}

export interface AuditProof {
  rows: number
  /** Sealed rows that are missing or changed, and breaks in the chain. */
  faults: number
  /** Rows not sealed yet; the job takes them up within seconds. */
  unsealed: number
  /** The last hash. Kept outside (printed, sent away) it also proves that no tail was cut off. */
  head: string
}

/** Walks the whole chain and recomputes every hash from its row. Needs the pool that sees all rows. */
export async function verifyAudit(db: Db): Promise<AuditProof> {
  const proof: AuditProof = { rows: 0, faults: 0, unsealed: 0, head: '' }
  let position = 0
  for (;;) {
    const batch = await sealsAfter(db, position)
    for (const seal of batch) {
      const whole = seal.row !== null && linked(proof.head, seal.row) === seal.hash
      proof.rows += 1
      if (!whole) proof.faults += 1
      proof.head = seal.hash
      position = Number(seal.position)
    }
    if (batch.length < BATCH) break
  }
  const open = await one<{ count: number }>(
    db,
    sql`select count(*)::int as count from audit a where not exists (select from audit_seal s where s.audit_id = a.id)`,
  )
  return { ...proof, unsealed: open?.count ?? 0 }
}

const sealsAfter = (db: Db, position: number) =>
  rows<{ position: string; hash: string; row: string | null }>(
    db,
    sql`select s.position::text as position, s.hash, case when a.id is null then null else ${CANONICAL} end as row
        from audit_seal s left join audit a on a.id = s.audit_id
        where s.position > ${position} order by s.position limit ${BATCH}`,
  )
