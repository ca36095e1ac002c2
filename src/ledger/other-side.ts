import { accept, type Result, refuse } from './result.ts'

/** Transaction types, with the exact labels of the sources where they have one. */
export type TransactionType =
  | ('Bill' | 'Pen' | 'Int' | 'Misc' | 'Pmt' | 'Adj' | 'PAdj' | 'Fee' | 'CertPmt' | 'CertAdj')
  | ('Dep' | 'DepApp' | 'DepRef' | 'Ref' | 'WriteOff' | 'Open' | 'Xfer' | 'NSF' | 'Rev')

/** Settings of the organization that name a GL account. */
export type GlSetting =
  | ('cash_gl' | 'certification_receivable_gl' | 'certification_fee_gl' | 'adjustment_gl' | 'write_off_gl')
  | ('refund_gl' | 'transfer_gl' | 'deposit_gl' | 'opening_gl' | 'open_credit_gl')

export type AdjustmentReason = 'removed' | 'paid' | 'write_off'

export type SideFacts = {
  settings: Partial<Record<GlSetting, string | null>>
  service?: { code: string; receivableGl: string | null; revenueGl: string | null } | undefined
  method?: { code: string; gl: string | null } | undefined
  /** Of a CertAdj: its reason, and whether this is the part of it that was the fee. */
  adjustment?: { reason: AdjustmentReason; feePart: boolean } | undefined
  /** A GL number that stands in for what the rule would choose (a file's `gl` column). */
  override?: string | null | undefined
}

/** A GL number and the setting or column it comes from. */
export type Side = { gl: string; from: string }

type Candidate = GlSetting | 'method' | 'revenue_gl'

// In order: the first that is set is used. An empty list is balanced in itself: both lines are on customers' books, or
// the postings are another transaction's, turned round.
const CANDIDATES: Record<Exclude<TransactionType, 'CertAdj'>, Candidate[]> = {
  Bill: ['revenue_gl'],
  Pen: ['revenue_gl'],
  Int: ['revenue_gl'],
  Misc: ['revenue_gl'],
  Pmt: ['method', 'cash_gl'],
  Adj: ['adjustment_gl', 'revenue_gl'],
  PAdj: [],
  Fee: ['certification_fee_gl'],
  CertPmt: ['method', 'cash_gl'],
  Dep: ['method', 'cash_gl'],
  DepApp: [],
  DepRef: ['refund_gl', 'cash_gl'],
  Ref: ['refund_gl', 'cash_gl'],
  WriteOff: ['write_off_gl'],
  Open: ['opening_gl'],
  Xfer: ['transfer_gl'],
  NSF: [],
  Rev: [],
}

/**
 * The GL account against which a posting on a customer's book stands (the table of product.md 1.1), or null where the
 * transaction is balanced in itself. Refuses a setting that is needed and missing, and names it.
 */
export function otherSide(type: TransactionType, facts: SideFacts): Result<Side | null> {
  const candidates = type === 'CertAdj' ? adjustmentCandidates(facts) : CANDIDATES[type]
  if (candidates.length === 0) return accept(null)
  if (facts.override) return accept({ gl: facts.override, from: 'gl' })
  for (const candidate of candidates) {
    const gl = numberOf(candidate, facts)
    if (gl) return accept({ gl, from: candidate })
  }
  const setting = candidates.findLast((candidate) => candidate !== 'method') ?? 'cash_gl'
  return refuse('setting_missing', { setting, type, ...(facts.service ? { service: facts.service.code } : {}) })
}

export type Book = 'utility' | 'certification' | 'deposit'

/**
 * The receivable or liability that a book's own line stands on. A utility line without a service is the open credit of
 * the account. Refuses a setting that is needed and missing, and names it.
 */
export function ownSide(book: Book, facts: Pick<SideFacts, 'settings' | 'service'>): Result<Side> {
  if (book === 'utility' && facts.service) {
    const { code, receivableGl } = facts.service
    if (receivableGl) return accept({ gl: receivableGl, from: 'receivable_gl' })
    return refuse('setting_missing', { setting: 'receivable_gl', service: code })
  }
  const setting = OWN[book]
  const gl = facts.settings[setting]
  return gl ? accept({ gl, from: setting }) : refuse('setting_missing', { setting })
}

const OWN = {
  utility: 'open_credit_gl',
  certification: 'certification_receivable_gl',
  deposit: 'deposit_gl',
} as const satisfies Record<Book, GlSetting>

// What goes back to the utility book is balanced in itself. The fee part of what was paid at city hall is cash.
function adjustmentCandidates({ adjustment }: SideFacts): Candidate[] {
  if (adjustment === undefined) throw new Error('a certification adjustment has a reason')
  if (adjustment.reason === 'write_off') return ['write_off_gl']
  if (!adjustment.feePart) return []
  return adjustment.reason === 'paid' ? ['method', 'cash_gl'] : ['certification_fee_gl']
}

function numberOf(candidate: Candidate, facts: SideFacts): string | null | undefined {
  if (candidate === 'method') return facts.method?.gl
  if (candidate === 'revenue_gl') return facts.service?.revenueGl
  return facts.settings[candidate]
}
