import { type Bucket, post } from '../ledger/aging.ts'
import type { BucketKey } from '../ledger/book.ts'
import type { Day } from '../ledger/calendar.ts'
import type { CertificationChange } from '../ledger/effect.ts'
import { type Money, money, sum, text, ZERO } from '../ledger/money.ts'
import type { PostedTransaction } from '../ledger/reversal-facts.ts'
import { opposite } from '../ledger/reverse.ts'
import type { NewPosting, NewTransaction } from '../ledger/transaction.ts'
import type { PreviewLine, Stage } from '../runs/stage.ts'
import type { Certification } from './certification-store.ts'
import type { CertifiedLine } from './rules.ts'
import { needGl, receivableOf, type TownFacts } from './town-facts.ts'
import { byService, type CertificationUpdate, updateCertification } from './update-rules.ts'

/** What all postings of one update share. */
export interface Posting {
  town: TownFacts
  date: Day
  period: Day
  description: string
  reason: string
  /** PAdj and Fee of certifications that are updated again, by transaction id. */
  originals: Map<number, PostedTransaction>
}

interface Done {
  accountId: number
  customerId: number
  fees: Money
  postsSomething: boolean
}

type Books = Map<number, Bucket[]>

/**
 * Stages the update of one account: its certifications in order, each on the buckets that those before it left. One
 * that is updated already is first reversed, so that its buckets stand open again.
 */
export function stageAccount(
  stage: Stage,
  posting: Posting,
  certifications: Certification[],
  adjusted: Map<number, { count: number; total: string }>,
): Done {
  const [first] = certifications
  if (!first) throw new Error('an account without certifications')
  const books: Books = new Map(first.buckets)
  const lines: PreviewLine[] = []
  const facts: object[] = []
  let fees = ZERO
  let posted = ZERO
  for (const certification of certifications) {
    lines.push(...stageReversal(stage, posting, certification, books))
    const update = stageOne(stage, posting, certification, books)
    lines.push(...updateLines(certification, update))
    facts.push(factsOf(certification, update))
    fees = money(fees.plus(update.fee))
    posted = money(posted.plus(update.total))
  }
  stage.account({
    accountId: first.accountId,
    fingerprint: first.fingerprint,
    before: first.balance,
    after: sum([...books.values()].flat().map(({ unpaid }) => unpaid)),
    lines,
    facts: { certifications: facts, adjustments: adjusted.get(first.accountId) ?? null },
  })
  return { accountId: first.accountId, customerId: first.customerId, fees, postsSomething: posted.gt(ZERO) }
}

function move(books: Books, serviceId: number, period: BucketKey, amount: Money): void {
  books.set(serviceId, post(books.get(serviceId) ?? [], [{ period, amount }]))
}

function stageReversal(stage: Stage, posting: Posting, certification: Certification, books: Books): PreviewLine[] {
  const ids = [certification.padjId, certification.feeTransactionId]
  const originals = ids.flatMap((id) => (id === null ? [] : (posting.originals.get(id) ?? [])))
  return originals.flatMap((original) => {
    const order = { kind: 'Rev' as const, reason: posting.reason, today: posting.date }
    const reversal = opposite(original, order, posting.town.periods)
    stage.transaction(reversal)
    const utility = reversal.postings.filter((line) => line.book === 'utility')
    for (const line of utility) move(books, line.service ?? 0, line.aging ?? 'open', line.amount)
    return utility.map((line) => ({
      type: 'Rev',
      service: posting.town.byId.get(line.service ?? 0)?.code ?? null,
      amount: text(line.amount),
      taxYear: certification.taxYear,
    }))
  })
}

function stageOne(stage: Stage, posting: Posting, certification: Certification, books: Books): CertificationUpdate {
  const { town } = posting
  const update = updateCertification(
    { lines: linesOf(town, certification), fee: certification.fee, inCountyFile: certification.countyFile !== null },
    Object.fromEntries(town.services.map(({ id, code }) => [code, books.get(id) ?? []])),
  )
  for (const line of update.posted) move(books, idOf(town, line.service), line.period, line.amount.times('-1'))
  const padj = update.total.gt(ZERO) ? stage.transaction(padjOf(posting, certification, update)) : null
  const fee = update.fee.gt(ZERO) ? stage.transaction(feeOf(posting, certification, update.fee)) : null
  const { old, next } = changes(town, posting.date, certification, update, { padj, fee })
  const note = noteOf(update)
  stage.effect({
    accountId: certification.accountId,
    kind: 'certification',
    target: certification.id,
    old,
    new: next,
    note,
  })
  return update
}

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

const idOf = (town: TownFacts, code: string): number => town.services.find((service) => service.code === code)?.id ?? 0

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
export function feeOf(posting: Posting, certification: Certification, fee: Money): NewTransaction {
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

const certifiedLine = (posting: Posting, { taxYear }: Certification, amount: Money): NewPosting => {
  return { gl: needGl(posting.town, 'certification_receivable_gl'), book: 'certified', taxYear, amount }
}

const header = (posting: Posting, { id, accountId }: Certification, part: 'padj' | 'fee') => ({
  accountId,
  date: posting.date,
  period: posting.period,
  description: posting.description,
  sourceKey: `certification/${id}/${part}`,
})

const written = (lines: CertifiedLine[]) =>
  lines.map(({ service, period, amount }) => ({ service, period, amount: text(amount) }))

/** The certification's columns before and after: what must still be so at GO, and what the update sets. */
export function changes(
  town: TownFacts,
  date: Day,
  certification: Certification,
  update: Pick<CertificationUpdate, 'paidBefore' | 'fee' | 'countyMustBeTold'>,
  ids: { padj: number | null; fee: number | null },
): { old: CertificationChange; next: CertificationChange } {
  const old: CertificationChange = {
    updatedDate: certification.updatedDate,
    updatedRunId: certification.updatedRunId,
    padjId: certification.padjId,
    feeTransactionId: certification.feeTransactionId,
    countyMustBeTold: certification.countyMustBeTold,
    fee: text(certification.fee),
    withdrawn: certification.withdrawn,
    lines: certification.lines.map(({ serviceId, agingPeriod, paidBefore, withdrawn }) => {
      return { serviceId, agingPeriod, paidBefore: text(paidBefore), withdrawn: text(withdrawn) }
    }),
  }
  const paid = new Map(update.paidBefore.map((line) => [`${line.service}/${line.period}`, line.amount]))
  const next: CertificationChange = {
    updatedDate: date,
    updatedRunId: 0,
    padjId: ids.padj,
    feeTransactionId: ids.fee,
    countyMustBeTold: certification.countyMustBeTold || update.countyMustBeTold.length > 0,
    fee: text(update.fee),
    lines: certification.lines.map(({ serviceId, agingPeriod }) => {
      const amount = paid.get(`${town.byId.get(serviceId)?.code ?? ''}/${agingPeriod}`) ?? ZERO
      return { serviceId, agingPeriod, paidBefore: text(amount) }
    }),
  }
  return { old, next }
}

function noteOf(update: CertificationUpdate): string {
  if (update.paidBefore.length === 0) return ''
  const paid = `${text(sum(update.paidBefore.map(({ amount }) => amount)))} paid before update`
  return update.countyMustBeTold.length > 0 ? `${paid}; the county must be told` : paid
}

function updateLines({ taxYear }: Certification, update: CertificationUpdate): PreviewLine[] {
  const line = (type: string, service: string | null, amount: Money) => ({
    type,
    service,
    amount: text(amount),
    taxYear,
  })
  return [
    ...update.padj.map(({ service, amount }) => line('PAdj', service, amount.times('-1'))),
    ...byService(update.paidBefore).map(({ service, amount }) => line('Paid before update', service, amount)),
    ...(update.fee.gt(ZERO) ? [line('Fee', null, update.fee)] : []),
  ]
}

function factsOf(certification: Certification, update: CertificationUpdate) {
  return {
    certification: certification.number,
    date: certification.date,
    taxYear: certification.taxYear,
    posted: written(update.posted),
    paidBefore: written(update.paidBefore),
    fee: text(update.fee),
    replaced: certification.updatedDate,
  }
}
