import type { Day } from '../ledger/calendar.ts'
import { type Money, money, text, ZERO } from '../ledger/money.ts'
import type { PostedTransaction } from '../ledger/reversal-facts.ts'
import { opposite } from '../ledger/reverse.ts'
import type { NewPosting, NewTransaction } from '../ledger/transaction.ts'
import type { Certification } from './certification-store.ts'
import type { CertifiedLine } from './rules.ts'
import { needGl, receivableOf, type TownFacts } from './town-facts.ts'
import type { CertificationUpdate } from './update-rules.ts'

/** What all postings of one update, or of one withdrawal, share. */
export interface Posting {
  town: TownFacts
  date: Day
  period: Day
  description: string
  reason: string
  /** PAdj and Fee of earlier updates that this one may replace, by transaction id. */
  originals: Map<number, PostedTransaction>
}

type Named = Pick<Certification, 'id' | 'number' | 'accountId' | 'taxYear'>

/** What of a certification is (or was) to be posted: certified less withdrawn, per service and bucket. */
export function linesOf(town: TownFacts, certification: Certification): CertifiedLine[] {
  return certification.lines
    .map((line) => ({
      service: town.byId.get(line.serviceId)?.code ?? '',
      period: line.agingPeriod,
      amount: money(line.certified.minus(line.withdrawn)),
    }))
    .filter((line) => line.amount.gt(ZERO))
}

export const idOf = (town: TownFacts, code: string): number =>
  town.services.find((service) => service.code === code)?.id ?? 0

/** The opposite of a PAdj or Fee that an earlier update posted; none where there is none. */
export function reversalOf({ originals, reason, date, town }: Posting, id: number | null): NewTransaction[] {
  const original = id === null ? undefined : originals.get(id)
  return original ? [opposite(original, { kind: 'Rev', reason, today: date }, town.periods)] : []
}

/** The PAdj of a certification: off each bucket it names, together onto the certification balance of its tax year. */
export function padjOf(
  posting: Posting,
  certification: Certification,
  update: Pick<CertificationUpdate, 'posted' | 'total' | 'paidBefore'>,
): NewTransaction {
  const { town } = posting
  const utility = update.posted.map((line): NewPosting => {
    const service = town.byId.get(idOf(town, line.service))
    if (!service) throw new Error(`no service ${line.service}`)
    const amount = line.amount.times('-1')
    return { gl: receivableOf(service), book: 'utility', service: service.id, aging: line.period, amount }
  })
  const certified = certifiedLine(posting, certification, update.total)
  const facts = {
    certification: certification.number,
    lines: written(update.posted),
    paidBefore: written(update.paidBefore),
  }
  return { ...header(posting, certification, 'padj'), type: 'PAdj', facts, postings: [...utility, certified] }
}

/** The Fee stands on the certification balance only, never on the utility balance (product.md 3.8). */
export function feeOf(posting: Posting, certification: Named, fee: Money): NewTransaction {
  const gl = needGl(posting.town, 'certification_fee_gl')
  const postings: NewPosting[] = [
    certifiedLine(posting, certification, fee),
    { gl, book: 'general', amount: fee.times('-1') },
  ]
  return {
    ...header(posting, certification, 'fee'),
    type: 'Fee',
    facts: { certification: certification.number },
    postings,
  }
}

const certifiedLine = (posting: Posting, { taxYear }: Named, amount: Money): NewPosting => {
  return { gl: needGl(posting.town, 'certification_receivable_gl'), book: 'certified', taxYear, amount }
}

const header = (posting: Posting, { id, accountId }: Named, part: 'padj' | 'fee') => ({
  accountId,
  date: posting.date,
  period: posting.period,
  description: posting.description,
  sourceKey: `certification/${id}/${part}`,
})

export const written = (lines: CertifiedLine[]) =>
  lines.map(({ service, period, amount }) => ({ service, period, amount: text(amount) }))
