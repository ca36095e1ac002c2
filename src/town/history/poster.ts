import { cents } from '../../ledger/money.ts'
import { mendAccount } from '../../ledger/reversal.ts'
import { glRoles } from '../check-set-up.ts'
import type { Faults } from '../faults.ts'
import { TRANSACTIONS } from '../files/transactions.ts'
import type { Picture } from '../picture.ts'
import { Books } from './books.ts'
import { centsText, type Entry, type Line, type Posting } from './entry.ts'
import { LinePoster } from './line-poster.ts'
import { type Known, reversalFaults, reversalPostings } from './reversals.ts'
import { checkEntry } from './rules.ts'
import type { Scan } from './scan.ts'
import type { Staging } from './staging.ts'

type Refuse = (line: { at: number }, column: string, reason: string) => void

const MOST_LINES = 32_767

const isReversal = ({ type }: Pick<Entry, 'type'>) => type === 'NSF' || type === 'Rev'
const namesNoBucket = (entry: Entry) => entry.lines.some((line) => line.book === 'utility' && line.agesIn === '')

/** Takes the transactions of a history one by one: checks, posts to the books and stages each. */
export class Poster {
  readonly #picture: Picture
  readonly #faults: Faults
  readonly #staging: Pick<Staging, 'header' | 'posting'> | undefined
  readonly #scan: Scan
  readonly #known = new Map<string, Known>()
  readonly #broken = new Set<string>()
  readonly #sources = new Map<string, { number: string; at: number }[]>()
  readonly #lines: LinePoster
  readonly books = new Books()
  #lastId: number
  #lastNumber: bigint
  transactions = 0
  postings = 0
  greatestReceipt = 0n

  /** `lastId`: the greatest transaction id in use. Without `staging` nothing is written. */
  constructor(
    picture: Picture,
    faults: Faults,
    scan: Scan,
    lastId: number,
    staging?: Pick<Staging, 'header' | 'posting'>,
  ) {
    this.#picture = picture
    this.#faults = faults
    this.#scan = scan
    this.#staging = staging
    this.#lastId = lastId
    this.#lastNumber = scan.greatest
    this.#lines = new LinePoster(picture, glRoles(picture), this.books)
  }

  known(number: string): Known | undefined {
    return this.#known.get(number)
  }

  get deposits() {
    return this.#lines.deposits
  }

  take(entry: Entry): void {
    const refuse: Refuse = (line, column, reason) => this.#faults.add(TRANSACTIONS, line.at, column, reason)
    if (this.#known.has(entry.number)) {
      refuse(entry, 'transaction', `transaction ${entry.number} stands twice`)
      return
    }
    const before = this.#faults.list.length
    const id = this.#check(entry, refuse)
    if (id === undefined) this.#broken.add(entry.number)
    else if (this.#faults.list.length === before && isReversal(entry) && namesNoBucket(entry)) this.#mend(entry)
  }

  /** Answers the transaction's id, or undefined where it is refused. */
  #check(entry: Entry, refuse: Refuse): number | undefined {
    // What is wrong with it was said already; what rests on it would only be said to be wrong too.
    if (entry.lines.length === 0 || entry.account.id === 0 || this.#broken.has(entry.reverses)) return undefined
    const before = this.#faults.list.length
    this.#claim(entry, refuse)
    const reversal = isReversal(entry)
    const original = this.#known.get(entry.reverses)
    if (reversal) reversalFaults(entry, original, this.#lines.codes, refuse)
    else checkEntry(entry, refuse)
    if (this.#faults.list.length > before) return undefined
    const postings = reversal && original ? this.#reverse(entry, original) : this.#lines.post(entry, refuse)
    if (postings.length > MOST_LINES) refuse(entry, 'transaction', `a transaction has at most ${MOST_LINES} postings`)
    if (this.#faults.list.length > before) return undefined
    const id = this.#stage(entry, postings, reversal ? (original?.id ?? null) : null)
    this.#remember(entry, id, postings, reversal)
    return id
  }

  /** What no later line mended: balances below zero, and source keys that two transactions in force claim. */
  end(): void {
    if (!this.#faults.none) return
    for (const [source, [first, second]] of this.#sources) {
      if (first && second)
        this.#faults.add(TRANSACTIONS, second.at, 'source', `transaction ${first.number} has the source key ${source}`)
    }
    for (const { at, reason } of this.books.faults()) this.#faults.add(TRANSACTIONS, at, 'amount', reason)
  }

  #claim(entry: Entry, refuse: Refuse): void {
    const { source, number, reverses, type, receipt } = entry
    const reversal = isReversal(entry)
    if (reversal !== (reverses !== '')) {
      refuse(entry, 'reverses', reversal ? `a ${type} names what it reverses` : `only NSF and Rev reverse, not ${type}`)
    }
    if (/^\d{1,15}$/.test(receipt) && BigInt(receipt) > this.greatestReceipt) this.greatestReceipt = BigInt(receipt)
    if (source === '') return
    if (reversal) refuse(entry, 'source', 'a reversal claims no source key')
    else if (source.startsWith('import/') && source !== `import/${number}`) {
      refuse(entry, 'source', 'keys that start with import/ are those of transactions without a source')
    } else this.#sources.set(source, [...(this.#sources.get(source) ?? []), { number, at: entry.at }])
  }

  #reverse(entry: Entry, original: Known): Posting[] {
    original.reversedBy = entry.number
    const holders = this.#sources.get(original.source)
    if (holders)
      this.#sources.set(
        original.source,
        holders.filter(({ number }) => number !== entry.reverses),
      )
    const postings = reversalPostings(original)
    this.#lines.applyReversal(entry, original, postings)
    return postings
  }

  #remember(entry: Entry, id: number, postings: Posting[], reversal: boolean): void {
    const utility = postings.reduce((sum, posting) => (posting.book === 'utility' ? sum + posting.cents : sum), 0n)
    this.#known.set(entry.number, {
      id,
      account: entry.account.id,
      type: entry.type,
      period: entry.period,
      source: entry.source,
      reversal,
      reversedBy: '',
      utility,
      postings: this.#scan.reversed.has(entry.number) ? postings : undefined,
    })
  }

  #stage(entry: Entry, postings: Posting[], reverses: number | null): number {
    this.#lastId += 1
    this.transactions += 1
    this.postings += postings.length
    const id = this.#lastId
    if (!this.#staging || !this.#faults.none) return id
    const or = (cell: string) => (cell === '' ? null : cell)
    const source = reverses === null ? entry.source || `import/${entry.number}` : null
    this.#staging.header([
      ...[
        id,
        entry.number,
        or(entry.run),
        entry.account.id,
        entry.date,
        entry.period,
        or(entry.dueDate),
        postings.length,
      ],
      ...[entry.type, entry.description, source, reverses, or(entry.method), or(entry.reference), or(entry.receipt)],
      ...[or(entry.link), or(entry.facts), or(entry.recordedAt), or(entry.recordedBy)],
    ])
    for (const [at, posting] of postings.entries()) {
      this.#staging.posting(id, entry.account.id, entry.period, at + 1, posting, centsText(posting.cents))
    }
    return id
  }

  /**
   * A reversal whose lines name no buckets is mended as the product does it: the credit that it leaves in the wrong
   * bucket moves, in a transaction of its own that takes the next free number (product.md 1.1).
   */
  #mend(entry: Entry): void {
    const account = entry.account.number
    if (!this.books.needsMending(account)) return
    const service =
      entry.lines.find((line) => line.service !== '')?.service ?? this.#picture.services.keys().next().value ?? ''
    const moves = mendAccount(this.books.buckets(account), this.books.takeUps(account), {
      service,
      period: entry.period,
    })
    this.#lastNumber += 1n
    const line = (service: string, agesIn: string, amount: bigint): Line => {
      return { at: entry.at, book: 'utility', service, cents: amount, taxYear: null, agesIn, gl: '', deposit: '' }
    }
    const mend: Entry = {
      ...entry,
      number: String(this.#lastNumber),
      type: 'Adj',
      description: 'Credit moved',
      reverses: '',
      source: `move/${entry.number}`,
      facts: '',
      lines: moves.map((move) => line(move.service ?? '', move.period, cents(move.amount))),
    }
    if (mend.lines.length > 0) this.take(mend)
  }
}
