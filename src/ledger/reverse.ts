import { sql } from 'drizzle-orm'
import { type Db, rows } from '../db/db.ts'
import { Conflict, NotFound, Refused } from '../errors.ts'
import { post as apply, type Bucket } from './aging.ts'
import { type Day, periodOf } from './calendar.ts'
import { type Document, decideAndPost, type Posted, type RequestKey } from './post.ts'
import type { ReversalKind, ServiceBuckets, ServicePosting } from './reversal.ts'
import { mayReverse, mendAccount, oppositeOf, reversalDate } from './reversal.ts'
import { linkedTransactions, type MendFacts, mendFacts, type PostedTransaction } from './reversal-facts.ts'
import type { NewPosting, NewTransaction } from './transaction.ts'

export interface ReversalOrder {
  /** Number of the transaction. */
  number: string
  kind: ReversalKind
  reason: string
  actor: number
  today: Day
  /** Asked for by the clerk; else the original's while its period is open, else today. */
  date?: Day | undefined
  request?: RequestKey | undefined
}

/**
 * Posts the exact opposite of a transaction (and of everything linked with it): the same buckets reopen, whatever was
 * posted since. Where that leaves a bucket below zero or open credit above zero, a second transaction *Credit moved* in
 * the same statement mends it (product.md 1.1). Refuses what `mayReverse` refuses.
 */
export function reverse(db: Db, order: ReversalOrder): Promise<Posted> {
  return decideAndPost(db, () => reversalDocument(db, order))
}

async function reversalDocument(db: Db, order: ReversalOrder): Promise<Document> {
  const originals = await linkedTransactions(db, order.number)
  if (originals.length === 0) throw new NotFound('transaction')
  const live = originals.filter((original, place) => place === 0 || original.reversedBy === null)
  for (const original of live) refuseUnlessReversible(original, order)
  const periods = (
    await rows<{ end: Day }>(db, sql`select end_date as end from ledger.period where end_date <> 'infinity'`)
  ).map((p) => p.end)
  const reversals = live.map((original) => opposite(original, order, periods))
  const transactions = [...reversals, ...(await mendingTransactions(db, reversals, () => 'move/{first}'))]
  return {
    kind: 'reversal',
    actor: order.actor,
    request: order.request,
    reason: order.reason,
    accounts: versions(live),
    transactions,
  }
}

const versions = (live: PostedTransaction[]) => [
  ...new Map(
    live
      .filter((t) => t.accountId !== null)
      .map((t) => [t.accountId, { id: t.accountId as number, version: t.version }]),
  ).values(),
]

const REFUSALS: Record<string, (detail: Record<string, string>) => Error> = {
  already_reversed: (detail) =>
    new Conflict(`Transaction ${detail['transaction']} is reversed already, by ${detail['by']}.`),
  is_a_reversal: () => new Refused('is_a_reversal', 'A reversal is not reversed. Post the transaction anew.'),
  certification_is_withdrawn: () =>
    new Refused(
      'certification_is_withdrawn',
      'A certification is taken back by withdrawing its line, not by reversing its PAdj or Fee.',
    ),
  moved_credit: () => new Refused('moved_credit', 'This moved credit after a reversal and is not reversed by itself.'),
  not_a_payment: () => new Refused('not_a_payment', 'Only money received can be returned (NSF).'),
  reason_missing: () => new Refused('reason_missing', 'Say why it is reversed.', { reason: 'Say why it is reversed.' }),
}

function refuseUnlessReversible(original: PostedTransaction, order: ReversalOrder): void {
  const answer = mayReverse(original, order.kind, order.reason)
  if (!answer.ok) throw REFUSALS[answer.refusal]?.(answer.detail) ?? new Refused(answer.refusal, answer.refusal)
}

/** The exact opposite of a posted transaction, dated as asked, else as the original while its period is open, else today. */
export function opposite(
  original: PostedTransaction,
  order: { kind: ReversalKind; reason: string; today: Day; date?: Day | undefined },
  periods: Day[],
): NewTransaction {
  const date = order.date ?? reversalDate(original.date, original.periodOpen, order.today)
  return {
    accountId: original.accountId,
    type: order.kind,
    date,
    period: periodOf(date, periods),
    description: `${order.kind === 'NSF' ? 'Returned' : 'Reversal of'} ${original.description}`,
    sourceKey: null,
    reversesId: original.id,
    method: original.method ?? undefined,
    link: original.link ? `reversal of ${original.link}` : undefined,
    facts: { reason: order.reason },
    postings: oppositeOf(original.postings),
  }
}

/** What mends the buckets of every account that these reversals together leave too high or too low; two statements. */
export async function mendingTransactions(
  db: Db,
  reversals: NewTransaction[],
  sourceKey: (reversals: NewTransaction[]) => string,
): Promise<NewTransaction[]> {
  const utility = reversals.filter((reversal) => reversal.postings.some((line) => line.book === 'utility'))
  const accounts = Map.groupBy(utility, (reversal) => reversal.accountId)
  const ids = [...accounts.keys()].filter((id) => id !== null)
  if (ids.length === 0) return []
  const codes = await serviceBooks(db)
  const facts = await mendFacts(db, ids)
  return ids.flatMap((id) => {
    const mine = accounts.get(id) ?? []
    const mended = mendingTransaction(facts.get(id) ?? { books: [], takeUps: [] }, mine, codes, sourceKey(mine))
    return mended ? [mended] : []
  })
}

/** Codes of services with their id and the GL account their bucket stands on; '' is the account's open credit. */
type ServiceBooks = Map<string, { id: number; gl: number }>

async function serviceBooks(db: Db): Promise<ServiceBooks> {
  const found = await rows<{ code: string; id: number; gl: number }>(
    db,
    sql`
    select s.code, s.id, case when s.id = 0 then (select g.id from setting x join gl_account g on g.number = x.value
      where x.name = 'open_credit_gl') else s.receivable_gl end as gl from service s`,
  )
  return new Map(found.map((row) => [row.code, { id: row.id, gl: row.gl }]))
}

/** The *Credit moved* transaction that an account's reversals together need, or undefined when its buckets are whole without. */
function mendingTransaction(
  facts: MendFacts,
  reversals: NewTransaction[],
  codes: ServiceBooks,
  sourceKey: string,
): NewTransaction | undefined {
  const reversal = reversals.at(-1)
  if (!reversal) return undefined
  const lines = mendAccount(afterReversals(facts, reversals, codes), facts.takeUps, {
    service: serviceOf(reversal, codes) ?? '',
    period: reversal.period,
  })
  if (lines.length === 0) return undefined
  return {
    accountId: reversal.accountId,
    type: 'Adj',
    date: reversal.date,
    period: reversal.period,
    description: 'Credit moved',
    sourceKey,
    postings: lines.map((line) => toPosting(line, codes)),
  }
}

function toPosting(line: ServicePosting, codes: ServiceBooks): NewPosting {
  const service = codes.get(line.service ?? '')
  if (!service) throw new Error(`no service ${line.service}`)
  return { gl: service.gl, book: 'utility', service: service.id, aging: line.period, amount: line.amount }
}

const codeOf = (id: number | undefined, codes: ServiceBooks) => [...codes].find(([, service]) => service.id === id)?.[0]

function serviceOf(reversal: NewTransaction, codes: ServiceBooks): string | undefined {
  const line = reversal.postings.find((posting) => posting.book === 'utility' && posting.service !== 0)
  return codeOf(line?.service, codes)
}

function afterReversals(facts: MendFacts, reversals: NewTransaction[], codes: ServiceBooks): ServiceBuckets[] {
  const moves = reversals.flatMap((reversal) => reversal.postings.filter((line) => line.book === 'utility'))
  const services = new Set<string | null>(facts.books.map((book) => book.service))
  for (const line of moves) services.add(codeOf(line.service, codes) || null)
  return [...services].map((service) => {
    const before: Bucket[] = facts.books.find((book) => book.service === service)?.buckets ?? []
    const mine = moves.filter((line) => (codeOf(line.service, codes) || null) === service)
    return {
      service,
      buckets: apply(
        before,
        mine.map((line) => ({ period: line.aging ?? 'open', amount: line.amount })),
      ),
    }
  })
}
