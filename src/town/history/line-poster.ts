import { type Cut, OPEN } from '../../ledger/book.ts'
import { ownSide, type TransactionType } from '../../ledger/other-side.ts'
import { glSettings, type Picture } from '../picture.ts'
import type { Books } from './books.ts'
import { makeCounters, missingSetting, type SideLine } from './counters.ts'
import { type Entry, glSign, type LedgerBook, type Line, type Posting } from './entry.ts'
import type { Known } from './reversals.ts'

type Refuse = (line: { at: number }, column: string, reason: string) => void

// Whose lines above 0.00 on open credit are take-ups, which a reversal may have to give back (product.md 1.1).
const TAKES_UP: TransactionType[] = ['Bill', 'Pen', 'Int', 'Misc', 'Adj', 'Open']
const LEDGER_BOOK = { utility: 'utility', certification: 'certified', deposit: 'deposit', general: 'general' } as const

const isMove = (entry: Pick<Entry, 'source'>) => entry.source.startsWith('move/')

/** Turns a transaction's lines into double entry: own side, buckets, other side. Keeps the books as it goes. */
export class LinePoster {
  readonly #picture: Picture
  readonly #roles: Map<string, string>
  readonly #books: Books
  readonly #own = new Map<string, number | string>()
  readonly #counters: ReturnType<typeof makeCounters>
  /** Service id → code; 0 = none. */
  readonly codes: Map<number, string>
  /** Deposit number → its id and account. */
  readonly deposits = new Map<string, { id: number; account: number }>()

  constructor(picture: Picture, roles: Map<string, string>, books: Books) {
    this.#picture = picture
    this.#roles = roles
    this.#books = books
    this.#counters = makeCounters({
      services: picture.services,
      methods: picture.methods,
      settings: glSettings(picture),
    })
    this.codes = new Map([
      [0, ''],
      ...[...picture.services.values()].map((service) => [service.id, service.code] as const),
    ])
  }

  post(entry: Entry, refuse: Refuse): Posting[] {
    const own = entry.lines.flatMap((line) => this.#ownPostings(entry, line, refuse))
    return [...own, ...this.#otherSide(entry, own, refuse)]
  }

  /** What a reversal does to the books: the buckets of the original, and the credit that it had taken up. */
  applyReversal(entry: Entry, original: Known, postings: Posting[]): void {
    const account = entry.account.number
    for (const posting of postings) {
      const service = this.codes.get(posting.service ?? 0) ?? ''
      const bucket = posting.aging === 'infinity' ? OPEN : (posting.aging ?? '')
      if (posting.book === 'utility') this.#books.post(entry.at, account, service, bucket, posting.cents)
      if (posting.book === 'certified') this.#books.certify(entry.at, account, posting.taxYear ?? 0, posting.cents)
      if (posting.book === 'deposit')
        this.#books.hold(entry.at, this.#depositNumber(posting.deposit), service, -posting.cents)
      const gaveBack = posting.book === 'utility' && bucket === OPEN && posting.cents < 0n
      if (gaveBack && TAKES_UP.includes(original.type) && !isMove(original)) {
        this.#books.takeUp(account, service, service || this.#serviceOf(postings), original.period, posting.cents)
      }
    }
  }

  #ownPostings(entry: Entry, line: Line, refuse: Refuse): Posting[] {
    const gl = line.book === 'general' ? this.#generalGl(line, refuse) : this.#ownGl(line, refuse)
    if (gl === undefined) return []
    const service = line.service === '' ? null : (this.#picture.services.get(line.service)?.id ?? null)
    const base = {
      gl,
      book: LEDGER_BOOK[line.book] as LedgerBook,
      service,
      aging: null,
      taxYear: line.taxYear,
      deposit: null,
    }
    if (line.book === 'utility') {
      return this.#cut(entry, line).map(({ period, cents }) => {
        const aging = period === OPEN ? 'infinity' : period
        return { gl, book: 'utility', service: service ?? 0, aging, taxYear: null, deposit: null, cents }
      })
    }
    if (line.book === 'deposit') {
      const deposit = this.#deposit(entry, line, refuse)
      this.#books.hold(line.at, line.deposit, line.service, line.cents)
      return [{ ...base, deposit, cents: -line.cents }]
    }
    if (line.book === 'certification') this.#books.certify(line.at, entry.account.number, line.taxYear ?? 0, line.cents)
    return [{ ...base, cents: line.cents }]
  }

  #cut(entry: Entry, line: Line): Cut[] {
    const account = entry.account.number
    const cuts =
      line.agesIn === ''
        ? this.#books.age(line.at, account, line.service, entry.period, line.cents)
        : [this.#books.post(line.at, account, line.service, line.agesIn, line.cents)]
    for (const cut of cuts) this.#noteTakeUp(entry, line, cut)
    return cuts
  }

  #noteTakeUp(entry: Entry, line: Line, cut: Cut): void {
    if (cut.cents <= 0n || !TAKES_UP.includes(entry.type)) return
    const account = entry.account.number
    const service = line.service || (entry.lines.find((other) => other.service !== '')?.service ?? '')
    if (isMove(entry)) {
      if (cut.period !== OPEN) this.#books.takeUp(account, line.service, service, cut.period, -cut.cents)
    } else if (cut.period === OPEN) this.#books.takeUp(account, line.service, service, entry.period, cut.cents)
  }

  #serviceOf(postings: Posting[]): string {
    const first = postings.find((posting) => posting.book === 'utility' && posting.service !== 0)
    return this.codes.get(first?.service ?? 0) ?? ''
  }

  /** The receivable or liability that the line stands on. */
  #ownGl(line: Line, refuse: Refuse): number | undefined {
    if (line.book === 'general') return undefined
    const key = `${line.book}\u0001${line.service}`
    const known = this.#own.get(key) ?? this.#findOwnGl(line.book, line.service)
    this.#own.set(key, known)
    if (typeof known === 'number') return known
    refuse(line, line.service === '' ? 'amount' : 'service', known)
    return undefined
  }

  #findOwnGl(book: 'utility' | 'certification' | 'deposit', service: string): number | string {
    const settings = glSettings(this.#picture)
    const side = ownSide(book, {
      settings,
      service: book === 'utility' ? this.#picture.services.get(service) : undefined,
    })
    if (!side.ok) return missingSetting(side.detail)
    return this.#picture.gl.get(side.value.gl)?.id ?? `there is no GL account ${side.value.gl}`
  }

  #generalGl(line: Line, refuse: Refuse): number | undefined {
    const role = this.#roles.get(line.gl) ?? 'general'
    if (role !== 'general') refuse(line, 'gl', `GL account ${line.gl} is kept by the customers' books`)
    return role === 'general' ? this.#picture.gl.get(line.gl)?.id : undefined
  }

  #deposit(entry: Entry, line: Line, refuse: Refuse): number {
    const known = this.deposits.get(line.deposit)
    if (known && known.account !== entry.account.id)
      refuse(line, 'deposit', `deposit ${line.deposit} is another account's`)
    const deposit = known ?? { id: this.deposits.size + 1, account: entry.account.id }
    this.deposits.set(line.deposit, deposit)
    return deposit.id
  }

  #depositNumber(id: number | null): string {
    return [...this.deposits].find(([, deposit]) => deposit.id === id)?.[0] ?? ''
  }

  /** What stands against the lines. Lines that bring their own general ledger postings are balanced by them. */
  #otherSide(entry: Entry, own: Posting[], refuse: Refuse): Posting[] {
    if (entry.lines.some((line) => line.book === 'general')) {
      if (own.reduce((sum, posting) => sum + posting.cents, 0n) !== 0n)
        refuse(entry, 'amount', 'the postings do not sum to 0.00')
      return []
    }
    const found = this.#counters(entry, entry.lines.map(sideLine))
    if ('missing' in found) {
      refuse(entry.lines[found.line] ?? entry, 'type', found.missing)
      return []
    }
    return found.counters.flatMap((counter) => {
      const gl = this.#generalGl({ ...(entry.lines[0] as Line), gl: counter.gl }, refuse)
      if (gl === undefined) return []
      const service = counter.service === '' ? null : (this.#picture.services.get(counter.service)?.id ?? null)
      return [
        {
          gl,
          book: 'general' as const,
          service,
          aging: null,
          taxYear: counter.taxYear,
          deposit: null,
          cents: counter.cents,
        },
      ]
    })
  }
}

const sideLine = (line: Line): SideLine => {
  if (line.book === 'general') throw new Error('a general ledger line is not a line on a customer’s book')
  return { book: line.book, service: line.service, taxYear: line.taxYear, gl: line.gl, cents: glSign(line) }
}
