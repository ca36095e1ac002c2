import { type AdjustmentReason, type GlSetting, otherSide, type TransactionType } from '../../ledger/other-side.ts'
import type { ServiceInfo } from '../picture.ts'

/** What the other side of a line follows from. */
export interface SideTown {
  services: Map<string, ServiceInfo>
  methods: Map<string, string | null>
  settings: Partial<Record<GlSetting, string>>
}

export interface SideTransaction {
  type: TransactionType
  source: string
  method: string
}

/** A line on a customer's book, in cents as the general ledger sees them. */
export interface SideLine {
  book: 'utility' | 'certification' | 'deposit'
  service: string
  taxYear: number | null
  /** The `gl` column; '' = as the rule has it. */
  gl: string
  cents: bigint
}

/** One posting of the other side: lines are added up by GL account and service or tax year. */
export interface Counter {
  gl: string
  service: string
  taxYear: number | null
  cents: bigint
}

export type Counters = { counters: Counter[] } | { missing: string; line: number }

/** Transactions that are balanced on the customer's books alone: credit that a reversal moved is one (product.md 1.1). */
export const isBalancedAlone = ({ type, source }: SideTransaction): boolean =>
  type === 'PAdj' || type === 'DepApp' || (type === 'Adj' && source.startsWith('move/'))

/**
 * The other side of a transaction's lines (product.md 1.1): one posting per GL account and service or tax year. The
 * service stands on it where the GL account is the service's own revenue, so that revenue is known by service.
 * Answers the setting that is needed and missing, with the place of the line that needs it.
 */
export function makeCounters(town: SideTown) {
  const sides = new Map<string, string | { missing: string }>()
  const revenueOf = servicesByRevenue(town)
  const sideOf = (
    transaction: SideTransaction,
    line: SideLine,
    reason?: { reason: AdjustmentReason; feePart: boolean },
  ) => {
    const key = `${transaction.type}\u0001${transaction.method}\u0001${line.service}\u0001${line.gl}\u0001${reason?.reason ?? ''}`
    const known = sides.get(key)
    if (known !== undefined) return known
    const side = findSide(town, transaction, line, reason)
    sides.set(key, side)
    return side
  }
  return (transaction: SideTransaction, lines: SideLine[]): Counters => {
    if (isBalancedAlone(transaction)) return { counters: [] }
    const wanted = transaction.type === 'CertAdj' ? restOf(lines) : lines
    const counters = new Map<string, Counter>()
    for (const [at, line] of wanted.entries()) {
      const reason = transaction.type === 'CertAdj' ? reasonOf(lines) : undefined
      const gl = sideOf(transaction, line, reason)
      if (typeof gl !== 'string') return { ...gl, line: at }
      addTo(
        counters,
        gl,
        town.services.get(line.service)?.revenueGl === gl ? line.service : (revenueOf.get(gl) ?? ''),
        line,
      )
    }
    return { counters: [...counters.values()].filter((counter) => counter.cents !== 0n) }
  }
}

function addTo(counters: Map<string, Counter>, gl: string, service: string, line: SideLine): void {
  const key = `${gl}\u0001${service}\u0001${line.taxYear ?? ''}`
  const found = counters.get(key)
  if (found) found.cents -= line.cents
  else counters.set(key, { gl, service, taxYear: line.taxYear, cents: -line.cents })
}

function findSide(
  town: SideTown,
  transaction: SideTransaction,
  line: SideLine,
  adjustment: { reason: AdjustmentReason; feePart: boolean } | undefined,
): string | { missing: string } {
  const side = otherSide(transaction.type, {
    settings: town.settings,
    service: line.service === '' ? undefined : town.services.get(line.service),
    method:
      transaction.method === ''
        ? undefined
        : { code: transaction.method, gl: town.methods.get(transaction.method) ?? null },
    adjustment,
    override: line.gl === '' ? null : line.gl,
  })
  if (side.ok && side.value) return side.value.gl
  if (side.ok) throw new Error(`a ${transaction.type} has no other side`)
  return { missing: missingSetting(side.detail) }
}

/** `the setting cash_gl is missing`, as rows that need it are refused. */
export function missingSetting(detail: Record<string, string>): string {
  const { setting = '', service } = detail
  const own = setting === 'revenue_gl' || setting === 'receivable_gl'
  return own
    ? `service ${service ?? ''} has no ${setting}`.replace('service  has', 'a line without a service has')
    : `the setting ${setting} is missing`
}

/** Of a CertAdj only what the utility lines do not take back has another side. */
function restOf(lines: SideLine[]): SideLine[] {
  const first = lines.find((line) => line.book === 'certification')
  const cents = lines.reduce((sum, line) => sum + line.cents, 0n)
  return first && cents !== 0n ? [{ ...first, cents }] : []
}

/** Nothing taken back: written off. Else the rest is the fee, taken off as it was put on; `gl` says otherwise. */
const reasonOf = (lines: SideLine[]): { reason: AdjustmentReason; feePart: boolean } =>
  lines.some((line) => line.book === 'utility')
    ? { reason: 'removed', feePart: true }
    : { reason: 'write_off', feePart: true }

/** The service of a revenue account that is one service's alone: open credit of the account has no service of its own. */
function servicesByRevenue(town: SideTown): Map<string, string> {
  const found = new Map<string, string>()
  for (const { code, revenueGl } of town.services.values())
    if (revenueGl) found.set(revenueGl, found.has(revenueGl) ? '' : code)
  return found
}
