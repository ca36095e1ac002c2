import { sql } from 'drizzle-orm'
import { stored, text } from '../ledger/money.ts'

export interface LineRow {
  /** As in files and API. */
  book: 'utility' | 'certification' | 'deposit'
  /** A code; null = the account's own open credit, or a book without services. */
  service: string | null
  /** The change of what the book shows. */
  amount: string
  taxYear: number | null
}

/**
 * What a transaction moved, as the database gives it: a word for each of its postings, the service's id (0 = none) in
 * one text and the amount in the other, '38.50', or with its book and tax year 'deposit:-75.00', 'certified:204.55:2010'.
 * To make an object of each posting costs the database more than to find it.
 */
export interface RawLines {
  services: string | null
  amounts: string | null
}

/** The code of each service by its id, in the order of the services. */
export type ServiceCodes = ReadonlyMap<string, string>

/** What a transaction `t` moved, as `x`, with the change of the account's balance in `x.amount`. */
export const MOVED = sql`lateral (select coalesce(sum(p.amount) filter (where p.subledger = 'utility'), 0)::numeric(14,2) as amount,
    string_agg(coalesce(p.service_id, 0)::text, ' ') as services,
    string_agg(case p.subledger when 'utility' then p.amount::text else concat_ws(':', p.subledger, p.amount, p.tax_year) end, ' ') as amounts
  from ledger.posting p where p.period = t.period and p.transaction_id = t.id and p.subledger <> 'general') x`

/** The pairs of `ServiceCodes`. */
export const SERVICE_CODES = sql`(select json_agg(json_build_array(s.id::text, s.code) order by s.sort, s.code) from service s)`

/** The sum of two amounts as the database gives them. */
export const added = (a: string, b: string): string => text(stored(a).plus(stored(b)))

type See = (service: string, book: LineRow['book'], amount: string, taxYear: string) => void

/** Calls `see` with each posting's service, book, change and tax year ('' = none). */
export function eachPosting({ services, amounts }: RawLines, see: See): void {
  if (services === null || amounts === null) return
  const words = amounts.split(' ')
  const ids = services.split(' ')
  // most postings are of the utility book; lists of transactions have hundreds
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? ''
    if (word.includes(':')) ofBook(ids[at] ?? '0', word, see)
    else see(ids[at] ?? '0', 'utility', word, '')
  }
}

function ofBook(service: string, word: string, see: See): void {
  const [book, amount = '', taxYear = ''] = word.split(':')
  // a deposit is a liability: more of it is a credit posting
  if (book === 'deposit') see(service, 'deposit', text(stored(amount).neg()), taxYear)
  else see(service, 'certification', amount, taxYear)
}

/** What a transaction did to each book: summed per service and tax year, whatever buckets it moved. */
export function linesOf(raw: RawLines, codes: ServiceCodes): LineRow[] {
  const lines = new Map<string, LineRow>()
  eachPosting(raw, (id, book, amount, taxYear) => {
    const key = `${book} ${id} ${taxYear}`
    const known = lines.get(key)
    if (known) known.amount = added(known.amount, amount)
    else
      lines.set(key, { book, service: codes.get(id) || null, amount, taxYear: taxYear === '' ? null : Number(taxYear) })
  })
  return inOrder([...lines.values()], codes)
}

/** By book, service and tax year. */
function inOrder(lines: LineRow[], codes: ServiceCodes): LineRow[] {
  const places = [...codes.values()]
  const placeOf = ({ service }: LineRow) => places.indexOf(service ?? '')
  const byBook = (a: LineRow, b: LineRow) => BOOKS.indexOf(a.book) - BOOKS.indexOf(b.book)
  return lines.sort((a, b) => byBook(a, b) || placeOf(a) - placeOf(b) || (a.taxYear ?? 0) - (b.taxYear ?? 0))
}

const BOOKS: LineRow['book'][] = ['utility', 'certification', 'deposit']
