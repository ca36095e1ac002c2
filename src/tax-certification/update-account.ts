import { type Bucket, post } from '../ledger/aging.ts'
import type { BucketKey } from '../ledger/book.ts'
import type { Day } from '../ledger/calendar.ts'
import type { CertificationChange } from '../ledger/effect.ts'
import { type Money, money, sum, text, ZERO } from '../ledger/money.ts'
import type { PostedTransaction } from '../ledger/reversal-facts.ts'
import { opposite } from '../ledger/reverse.ts'
import type { NewPosting, NewTransaction } from '../ledger/transaction.ts'
import type { PreviewLine, Stage } from '../runs/stage.ts'
import type { Certification, Other } from './certification-store.ts'
import type { CertifiedLine } from './rules.ts'
import { needGl, receivableOf, type TownFacts } from './town-facts.ts'
import { type Decided, withYearFees } from './update-fees.ts'
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
 * that is updated already is first reversed, so that its buckets stand open again. `others` are the account's
 * certifications in force that this update leaves alone.
 */
export function stageAccount(
  stage: Stage,
  posting: Posting,
  certifications: Certification[],
  others: Other[],
  adjusted: Map<number, { count: number; total: string }>,
): Done {
  const [first] = certifications
  if (!first) throw new Error('an account without certifications')
  const books: Books = new Map(first.buckets)
  const alone = certifications.map((certification) => decide(posting, certification, books))
  const { decided, effects } = withYearFees(alone, others)
  for (const each of decided) stageOne(stage, posting, each)
  for (const effect of effects) stage.effect(effect)
  stage.account({
    accountId: first.accountId,
    fingerprint: first.fingerprint,
    before: first.balance,
    after: sum([...books.values()].flat().map(({ unpaid }) => unpaid)),
    lines: decided.flatMap((each) => linesShown(posting, each)),
    facts: { certifications: decided.map(factsOf), adjustments: adjusted.get(first.accountId) ?? null },
  })
  return {
    accountId: first.accountId,
    customerId: first.customerId,
    fees: sum(decided.map(({ update }) => update.fee)),
    postsSomething: decided.some(({ update }) => update.total.gt(ZERO)),
  }
}

function move(books: Books, serviceId: number, period: BucketKey, amount: Money): void {
  books.set(serviceId, post(books.get(serviceId) ?? [], [{ period, amount }]))
}

function decide(posting: Posting, certification: Certification, books: Books): Decided {
  const { town, originals, reason, date } = posting
  const ids = [certification.padjId, certification.feeTransactionId]
  const reversals = ids.flatMap((id) => {
    const original = id === null ? undefined : originals.get(id)
    return original ? [opposite(original, { kind: 'Rev', reason, today: date }, town.periods)] : []
  })
  for (const line of reversals.flatMap(utilityOf)) move(books, line.service ?? 0, line.aging ?? 'open', line.amount)
  const update = updateCertification(
    { lines: linesOf(town, certification), fee: certification.fee, inCountyFile: certification.countyFile !== null },
    Object.fromEntries(town.services.map(({ id, code }) => [code, books.get(id) ?? []])),
  )
  for (const line of update.posted) move(books, idOf(town, line.service), line.period, line.amount.times('-1'))
  return { certification, reversals, update, feeTo: null }
}

const utilityOf = ({ postings }: NewTransaction): NewPosting[] => postings.filter(({ book }) => book === 'utility')

function stageOne(stage: Stage, posting: Posting, { certification, reversals, update }: Decided): void {
  for (const reversal of reversals) stage.transaction(reversal)
  const padj = update.total.gt(ZERO) ? stage.transaction(padjOf(posting, certification, update)) : null
  const fee = update.fee.gt(ZERO) ? stage.transaction(feeOf(posting, certification, update.fee)) : null
  const { old, next } = changes(posting.town, posting.date, certification, update, { padj, fee })
  stage.effect({
    accountId: certification.accountId,
    kind: 'certification',
    target: certification.id,
    old,
    new: next,
    note: noteOf(update),
  })
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

function linesShown({ town }: Posting, { certification, reversals, update }: Decided): PreviewLine[] {
  const { taxYear } = certification
  const line = (type: string, service: string | null, amount: Money) => ({
    type,
    service,
    amount: text(amount),
    taxYear,
  })
  return [
    ...reversals.flatMap(utilityOf).map(({ service, amount }) => line('Rev', codeOf(town, service), amount)),
    ...update.padj.map(({ service, amount }) => line('PAdj', service, amount.times('-1'))),
    ...byService(update.paidBefore).map(({ service, amount }) => line('Paid before update', service, amount)),
    ...(update.fee.gt(ZERO) ? [line('Fee', null, update.fee)] : []),
  ]
}

const codeOf = (town: TownFacts, service: number | undefined) => town.byId.get(service ?? 0)?.code ?? null

function factsOf({ certification, update, feeTo }: Decided) {
  return {
    certification: certification.number,
    date: certification.date,
    taxYear: certification.taxYear,
    posted: written(update.posted),
    paidBefore: written(update.paidBefore),
    fee: text(update.fee),
    feeTo,
    replaced: certification.updatedDate,
  }
}
