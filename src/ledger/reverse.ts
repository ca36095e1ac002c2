import { sql } from 'drizzle-orm'
import { type Db, rows } from '../db/db.ts'
import { Conflict, NotFound, Refused } from '../errors.ts'
import { demandActingDate } from './acting-date.ts'
import { post as apply, type Bucket } from './aging.ts'
import { type Day, periodOf } from './calendar.ts'
import { money, sum } from './money.ts'
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
  /** Asked for by the clerk, as `actingDate` allows; else the original's while its period is open, else today. */
  date?: Day | undefined
  request?: RequestKey | undefined
}

/**
 * Posts the exact opposite of a transaction (and of everything linked with it): the same buckets reopen, whatever was
 * posted since. Where that leaves a bucket below zero or open credit above zero, a second transaction *Credit moved* in
 * the same statement mends it (product.md 1.1). Refuses what `mayReverse` and `actingDate` refuse.
 */
export function reverse(db: Db, order: ReversalOrder): Promise<Posted> {
  return decideAndPost(db, () => reversalDocument(db, order))
}

/** The reversal as one document, for what else belongs into the same statement. */
export async function reversalDocument(db: Db, order: ReversalOrder): Promise<Document> {
  const originals = await linkedTransactions(db, order.number)
  if (originals.length === 0) throw new NotFound('transaction')
  const live = originals.filter((original, place) => place === 0 || original.reversedBy === null)
  if (originals.length > 1 && originals[0]?.sourceKey?.startsWith('deferred/')) throw comesWithPayment()
  for (const original of live) refuseUnlessReversible(original, { ...order, kind: kindFor(original, order) })
  const periods = (
    await rows<{ end: Day }>(db, sql`select end_date as end from ledger.period where end_date <> 'infinity'`)
  ).map((p) => p.end)
  const reversals = live.map((original) => opposite(original, { ...order, kind: kindFor(original, order) }, periods))
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

/** What hangs on a returned payment and is no money received itself, a deferred charge, is taken back as a reversal. */
const kindFor = ({ number, link }: PostedTransaction, order: ReversalOrder): ReversalKind =>
  number !== order.number && link?.startsWith('deferred/') ? 'Rev' : order.kind

const comesWithPayment = () =>
  new Refused('deferred_charge', 'A deferred charge came with a payment: reverse the payment, and both are taken back.')

const versions = (live: PostedTransaction[]) => [
  ...new Map(
    live
      .filter((t) => t.accountId !== null)
      .map((t) => [t.accountId, { id: t.accountId as number, version: t.version }]),
  ).values(),
]

const REFUSALS: Record<string, (detail: Record<string, string>) => Error> = {
  already_reversed: (detail) => new Conflict(`Transaction ${detail.transaction} is reversed already, by ${detail.by}.`),
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
  if (order.date !== undefined) demandActingDate(order.date, original.date, order.today)
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

/** What was staged earlier for the same posting and is not in the ledger yet: transactions, and ids of what they reverse. */
export interface Before {
  transactions: NewTransaction[]
  reversed: Set<number>
}

/**
 * What mends the buckets of every account that these reversals together leave too high or too low; two statements.
 * `before` is what the same posting does ahead of them.
 */
export async function mendingTransactions(
  db: Db,
  reversals: NewTransaction[],
  sourceKey: (reversals: NewTransaction[]) => string,
  before: Before = { transactions: [], reversed: new Set() },
): Promise<NewTransaction[]> {
  const utility = reversals.filter((reversal) => reversal.postings.some((line) => line.book === 'utility'))
  const accounts = Map.groupBy(utility, (reversal) => reversal.accountId)
  const ids = [...accounts.keys()].filter((id) => id !== null)
  if (ids.length === 0) return []
  const codes = await serviceBooks(db)
  const facts = await mendFacts(db, ids, [...before.reversed])
  const earlier = Map.groupBy(before.transactions, (transaction) => transaction.accountId)
  return ids.flatMap((id) => {
    const mine = accounts.get(id) ?? []
    const then = afterMoves(facts.get(id) ?? { books: [], takeUps: [] }, earlier.get(id) ?? [], codes)
    const mended = mendingTransaction(then, mine, codes, sourceKey(mine))
    return mended ? [mended] : []
  })
}

/** The facts as they will stand after what is staged ahead: its buckets, and less taken up where it moved credit back. */
function afterMoves(facts: MendFacts, staged: NewTransaction[], codes: ServiceBooks): MendFacts {
  if (staged.length === 0) return facts
  const moves = staged.filter(({ sourceKey }) => sourceKey?.startsWith('move/')).flatMap(({ postings }) => postings)
  const takeUps = facts.takeUps.map((taken) => {
    const back = moves.filter(
      (line) =>
        line.amount.gt('0') &&
        line.aging === taken.period &&
        codeOf(line.service, codes) === taken.service &&
        taken.creditOf === taken.service,
    )
    return { ...taken, amount: money(taken.amount.minus(sum(back.map(({ amount }) => amount)))) }
  })
  return { books: afterReversals(facts, staged, codes), takeUps: takeUps.filter(({ amount }) => amount.gt('0')) }
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
