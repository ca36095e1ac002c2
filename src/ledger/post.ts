import { createHash } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { type Db, one } from '../db/db.ts'
import { Refused } from '../errors.ts'
import type { Day } from './calendar.ts'
import type { Effect } from './effect.ts'
import { fault, Stale } from './faults.ts'
import { passGate } from './gate.ts'
import { type Money, text } from './money.ts'
import { type NewTransaction, toAgingPeriod } from './transaction.ts'

/** Who asks, under which key: the same key with the same body gets the first answer, with another body a conflict. */
export interface RequestKey {
  path: string
  key: string
  body: unknown
}

/** What one posting brings: read together with `accounts[].version`, decided by pure rules, posted as a whole. */
export interface Document {
  /** A word without a dot: `payment`, `reversal`; kinds with a dot are batch runs. */
  kind: string
  actor: number
  request?: RequestKey | undefined
  accounts: { id: number; version: string }[]
  transactions: NewTransaction[]
  receipt?:
    | { date: Day; drawer?: string; tenders: { method: string; amount: string; reference?: string }[]; total: Money }
    | undefined
  effects?: Effect[] | undefined
  reason?: string | undefined
  /** Kept with the key and given again on replay. */
  answer?: Record<string, unknown> | undefined
}

export interface Answer extends Record<string, unknown> {
  runId: number
  receiptNumber: string | null
  transactionIds: string[]
}

export interface Posted {
  outcome: 'posted' | 'replayed'
  answer: Answer
}

/**
 * The only way money moves: one SQL statement that takes the request key, locks the accounts in order, compares their
 * versions, posts everything and stores the answer (product.md 1.2). Throws Stale, Conflict or Refused; then nothing
 * was posted.
 */
export async function post(db: Db, document: Document): Promise<Posted> {
  passGate()
  try {
    const row = await one<{ answer: Posted }>(
      db,
      sql`select ledger.post_many(${JSON.stringify(wire(document))}::jsonb) as answer`,
    )
    if (!row) throw new Error('post_many gave no row')
    return row.answer
  } catch (error) {
    throw fault(error)
  }
}

const TRIES = 10

/** Reads, decides and posts; reads and decides again while somebody else was quicker, at most ten times. */
export async function decideAndPost(db: Db, decide: () => Promise<Document>): Promise<Posted> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await post(db, await decide())
    } catch (error) {
      if (!(error instanceof Stale)) throw error
      if (attempt === TRIES) {
        throw new Refused(
          'busy',
          'Others are posting to this account at the same moment. Nothing was posted; try again.',
        )
      }
      await new Promise((resume) => setTimeout(resume, Math.random() * 20 * attempt))
    }
  }
}

function wire({ request, transactions, receipt, ...rest }: Document) {
  return {
    ...rest,
    ...(request ? { path: request.path, key: request.key, bodyHash: bodyHash(request.body) } : {}),
    ...(receipt ? { receipt: { ...receipt, total: text(receipt.total) } } : {}),
    transactions: transactions.map(wireTransaction),
  }
}

function wireTransaction(transaction: NewTransaction) {
  return {
    ...transaction,
    postings: transaction.postings.map(({ aging, amount, ...line }) => ({
      ...line,
      amount: text(amount),
      ...(aging === undefined ? {} : { agingPeriod: toAgingPeriod(aging) }),
    })),
  }
}

/** What was asked, whatever the order of its fields. */
export function bodyHash(body: unknown): string {
  return createHash('sha256').update(canonical(body)).digest('hex')
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).filter(([, inner]) => inner !== undefined)
    return `{${entries
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`)
      .join(',')}}`
  }
  return JSON.stringify(value ?? null)
}
