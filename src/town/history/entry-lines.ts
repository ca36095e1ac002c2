import type { Column } from '../columns.ts'
import { isBalancedAlone, makeCounters, type SideLine, type SideTown } from './counters.ts'
import { centsText, type EntryHeader } from './entry.ts'

/** A transaction as the ledger has it, with the town's numbers. */
export interface Header extends EntryHeader {
  account: string
}

export interface LedgerPosting {
  book: 'general' | 'utility' | 'certified' | 'deposit'
  service: string
  amount: string
  taxYear: number | null
  agesIn: string
  gl: string
  deposit: string
}

type Gl = (line: LedgerPosting) => string

const toCents = (amount: string): bigint => BigInt(amount.replace('.', ''))

/**
 * A posted transaction as lines of transactions.csv: a line per posting on a customer's book, and in `gl` or lines of
 * their own what the other side is where type and settings do not lead to it. `columns`: those of the file.
 */
export function makeEntryLines(town: SideTown, columns: readonly Column[]) {
  const counters = makeCounters(town)
  const revenues = new Set([...town.services.values()].map((service) => service.revenueGl))
  return (header: Header, postings: LedgerPosting[]): string[][] => {
    const own = postings.filter((line) => line.book !== 'general')
    const gl = header.reverses === '' ? glColumn(counters, revenues, header, own, postings) : () => ''
    const lines = gl ? own : postings
    return lines.map((line, at) =>
      cells(columns, header, line, gl ? gl(line) : line.book === 'general' ? line.gl : '', at === 0),
    )
  }
}

/** The `gl` column with which an import would find these very postings; undefined when none does. */
function glColumn(
  counters: ReturnType<typeof makeCounters>,
  revenues: Set<string | null>,
  header: Header,
  own: LedgerPosting[],
  postings: LedgerPosting[],
): Gl | undefined {
  const general = postings.filter((line) => line.book === 'general')
  const wanted = sums(
    general.map((line) => ({ ...line, cents: toCents(line.amount) })),
    revenues,
  )
  if (own.length === 0) return undefined
  const fits = (gl: Gl): boolean => {
    const found = counters(
      header,
      own.map((line) => sideLine(line, gl(line))),
    )
    return 'counters' in found && equal(sums(found.counters, revenues), wanted)
  }
  const asRule: Gl = () => ''
  if (fits(asRule)) return asRule
  if (isBalancedAlone(header)) return undefined
  const only = general[0]?.gl ?? ''
  const same: Gl = () => only
  if (only !== '' && fits(same)) return same
  const ofService: Gl = (line) => general.find((other) => other.service === line.service)?.gl ?? only
  return fits(ofService) ? ofService : undefined
}

const sideLine = (line: LedgerPosting, gl: string): SideLine => {
  const book = line.book === 'certified' ? 'certification' : line.book === 'deposit' ? 'deposit' : 'utility'
  return { book, service: line.service, taxYear: line.taxYear, gl, cents: toCents(line.amount) }
}

/** By GL account, and by service where the GL account is revenue: elsewhere the journal does not tell services apart. */
function sums(
  lines: { gl: string; service: string; cents: bigint }[],
  revenues: Set<string | null>,
): Map<string, bigint> {
  const found = new Map<string, bigint>()
  for (const { gl, service, cents } of lines) {
    const key = revenues.has(gl) ? `${gl}\u0001${service}` : gl
    found.set(key, (found.get(key) ?? 0n) + cents)
  }
  return new Map([...found].filter(([, cents]) => cents !== 0n))
}

const equal = (a: Map<string, bigint>, b: Map<string, bigint>): boolean =>
  a.size === b.size && [...a].every(([key, cents]) => b.get(key) === cents)

/** A line's cells. Facts can be long: they stand on the transaction's first line. */
function cells(columns: readonly Column[], header: Header, line: LedgerPosting, gl: string, first: boolean): string[] {
  const byName: Record<string, string> = {
    transaction: header.number,
    account_number: header.account,
    date: header.date,
    period: header.period,
    type: header.type,
    description: header.description,
    service: line.service,
    amount: line.book === 'deposit' ? centsText(-toCents(line.amount)) : line.amount,
    tax_year: line.taxYear === null ? '' : String(line.taxYear),
    reverses: header.reverses,
    ages_in: line.agesIn,
    due_date: header.dueDate,
    method: header.method,
    reference: header.reference,
    receipt: header.receipt,
    run: header.run,
    gl,
    book: line.book === 'deposit' || line.book === 'general' ? line.book : '',
    deposit: line.deposit,
    source: header.source === `import/${header.number}` ? '' : header.source,
    link: header.link,
    facts: first ? header.facts : '',
    recorded_at: header.recordedAt,
    recorded_by: first ? header.recordedBy : '',
  }
  return columns.map((column) => byName[column.name] ?? '')
}
