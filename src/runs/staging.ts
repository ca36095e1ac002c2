import { sql } from 'drizzle-orm'
import { type Cell, copyInto } from '../db/copy.ts'
import { type Db, rows } from '../db/db.ts'
import { text } from '../ledger/money.ts'
import { type NewTransaction, toAgingPeriod } from '../ledger/transaction.ts'
import { keepFile } from './files.ts'
import type { CertificationChange, Effect, Stage, StagedAccount, StagedCertification, Test } from './stage.ts'

interface NewFile {
  name: string
  mediaType: string
  bytes: Buffer
  holdsPrivate: boolean
}

/**
 * A stage that keeps its rows until `flush`; ids handed out before are places, exchanged for the sequence's then. It
 * answers the transactions' ids: that of place -1 first.
 */
export interface Staging extends Stage {
  flush(db: Db, runId: number, actor: number): Promise<number[]>
}

export function makeStaging(): Staging {
  const accounts: StagedAccount[] = []
  const exclusions: { accountId: number; reasons: Test[] }[] = []
  const transactions: NewTransaction[] = []
  const certifications: StagedCertification[] = []
  const effects: Effect[] = []
  const files: NewFile[] = []
  return {
    account: (row) => void accounts.push(row),
    exclude: (accountId, reasons) => void exclusions.push({ accountId, reasons }),
    transaction: (transaction) => -transactions.push(transaction),
    certification: (certification) => -certifications.push(certification),
    effect: (effect) => void effects.push(effect),
    file: (name, mediaType, bytes, holdsPrivate) => void files.push({ name, mediaType, bytes, holdsPrivate }),
    async flush(db, runId, actor) {
      const ids = await take(db, 'ledger.transaction_id', transactions.length)
      const certificationIds = await take(db, 'ledger.certification_id', certifications.length)
      await ensurePeriods(db, transactions)
      await writeAccounts(db, runId, accounts)
      await writeExclusions(db, runId, exclusions)
      await writeTransactions(db, runId, transactions, ids)
      await writeCertifications(db, runId, certifications, certificationIds)
      await writeEffects(db, runId, effects, ids)
      for (const file of files) await keepFile(db, { ...file, runId, actor })
      return ids
    },
  }
}

async function take(db: Db, sequence: string, count: number): Promise<number[]> {
  if (count === 0) return []
  const found = await rows<{ id: number }>(
    db,
    sql`select nextval(${sequence}::regclass)::int as id from generate_series(1, ${count}::int)`,
  )
  return found.map((row) => row.id)
}

async function ensurePeriods(db: Db, transactions: NewTransaction[]): Promise<void> {
  for (const period of new Set(transactions.map((transaction) => transaction.period))) {
    await db.execute(sql`select ledger.ensure_period(${period}::date)`)
  }
}

async function writeAccounts(db: Db, runId: number, accounts: StagedAccount[]): Promise<void> {
  const wire = accounts.map((a) => ({ ...a, before: text(a.before), after: text(a.after) }))
  await inChunks(
    wire,
    (chunk) => sql`
    insert into ledger.staged_account (run_id, account_id, fingerprint, before, after, facts, lines)
    select ${runId}, "accountId", fingerprint, before, after, facts, lines
    from jsonb_to_recordset(${chunk}::jsonb) as x("accountId" int, fingerprint text, before numeric, after numeric, facts jsonb, lines jsonb)`,
    db,
  )
}

async function writeExclusions(
  db: Db,
  runId: number,
  exclusions: { accountId: number; reasons: Test[] }[],
): Promise<void> {
  await inChunks(
    exclusions,
    (chunk) => sql`
    insert into ledger.staged_exclusion (run_id, account_id, reasons)
    select ${runId}, "accountId", reasons from jsonb_to_recordset(${chunk}::jsonb) as x("accountId" int, reasons jsonb)`,
    db,
  )
}

async function writeEffects(db: Db, runId: number, effects: Effect[], ids: number[]): Promise<void> {
  if (effects.length === 0) return
  // those of accounts that were not prepared again stand there already
  const [last] = await rows<{ line: number }>(
    db,
    sql`select coalesce(max(line), 0)::int as line from ledger.staged_effect where run_id = ${runId}`,
  )
  const wire = effects.map((effect, place) => ({
    ...resolved(effect, runId, ids),
    line: (last?.line ?? 0) + place + 1,
  }))
  await inChunks(
    wire,
    (chunk) => sql`
    insert into ledger.staged_effect (run_id, line, account_id, kind, target, old, new, note)
    select ${runId}, line, "accountId", kind, target, old,
      case kind when 'alert_add' then new || jsonb_build_object('id', nextval('customer_alert_id_seq')) else new end, note
    from jsonb_to_recordset(${chunk}::jsonb) as x(line int, "accountId" int, kind text, target int, old jsonb, new jsonb, note text)`,
    db,
  )
}

/** A transaction's place becomes its id; a run that marks itself (`updatedRunId`, `countyRunId` = 0) gets its own id. */
function resolved(effect: Effect, runId: number, ids: number[]): Effect {
  if (effect.kind !== 'certification') return effect
  const change: CertificationChange = { ...effect.new }
  for (const name of ['padjId', 'feeTransactionId'] as const) {
    const place = change[name]
    if (typeof place === 'number' && place < 0) change[name] = ids[-place - 1] ?? null
  }
  for (const name of ['updatedRunId', 'countyRunId'] as const) if (change[name] === 0) change[name] = runId
  return { ...effect, new: change }
}

async function inChunks<T>(list: T[], statement: (chunk: string) => ReturnType<typeof sql>, db: Db): Promise<void> {
  for (let at = 0; at < list.length; at += 2000) await db.execute(statement(JSON.stringify(list.slice(at, at + 2000))))
}

const TRANSACTION = [
  'id',
  'run_id',
  'account_id',
  'transaction_date',
  'period',
  'due_date',
  'posting_count',
  'type',
  'description',
  'source_key',
  'reverses_id',
  'method',
  'reference',
  'receipt',
  'link',
  'facts',
]
const POSTING = [
  'run_id',
  'transaction_id',
  'gl_account_id',
  'subledger',
  'account_id',
  'period',
  'aging_period',
  'line',
  'service_id',
  'tax_year',
  'deposit_id',
  'amount',
]

async function writeTransactions(db: Db, runId: number, transactions: NewTransaction[], ids: number[]): Promise<void> {
  if (transactions.length === 0) return
  await copyInto(db, 'ledger.staged_transaction', TRANSACTION, headers(runId, transactions, ids))
  await copyInto(db, 'ledger.staged_posting', POSTING, postings(runId, transactions, ids))
}

function* headers(runId: number, transactions: NewTransaction[], ids: number[]): Generator<Cell[]> {
  for (const [place, t] of transactions.entries()) {
    const id = ids[place]
    yield [
      id,
      runId,
      t.accountId,
      t.date,
      t.period,
      t.dueDate,
      t.postings.length,
      t.type,
      t.description,
      t.sourceKey?.replace('{id}', String(id)),
      t.reversesId,
      t.method,
      t.reference,
      t.receipt,
      t.link,
      t.facts === undefined ? null : JSON.stringify(t.facts),
    ]
  }
}

function* postings(runId: number, transactions: NewTransaction[], ids: number[]): Generator<Cell[]> {
  for (const [place, t] of transactions.entries()) {
    for (const [line, p] of t.postings.entries()) {
      yield [
        runId,
        ids[place],
        p.gl,
        p.book,
        p.book === 'general' ? null : t.accountId,
        t.period,
        p.aging === undefined ? null : toAgingPeriod(p.aging),
        line + 1,
        p.service,
        p.taxYear,
        p.deposit,
        text(p.amount),
      ]
    }
  }
}

async function writeCertifications(
  db: Db,
  runId: number,
  certifications: StagedCertification[],
  ids: number[],
): Promise<void> {
  if (certifications.length === 0) return
  await copyInto(
    db,
    'ledger.staged_certification',
    ['run_id', 'id', 'account_id', 'tax_year', 'date', 'fee', 'parcel_number'],
    certifications.map((c, place) => [runId, ids[place], c.accountId, c.taxYear, c.date, text(c.fee), c.parcelNumber]),
  )
  await copyInto(
    db,
    'ledger.staged_certification_line',
    ['run_id', 'certification_id', 'service_id', 'aging_period', 'certified'],
    certifications.flatMap((c, place) =>
      c.lines.map((l) => [runId, ids[place], l.serviceId, l.agingPeriod, text(l.certified)]),
    ),
  )
}
