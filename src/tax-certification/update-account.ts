import { type Bucket, post } from '../ledger/aging.ts'
import type { BucketKey } from '../ledger/book.ts'
import type { Day } from '../ledger/calendar.ts'
import type { CertificationChange } from '../ledger/effect.ts'
import { type Money, money, sum, text, ZERO } from '../ledger/money.ts'
import type { NewPosting, NewTransaction } from '../ledger/transaction.ts'
import type { PreviewLine, Stage } from '../runs/stage.ts'
import type { Certification, Other } from './certification-store.ts'
import type { TownFacts } from './town-facts.ts'
import { type Bearer, bearFee, type Decided, withYearFees } from './update-fees.ts'
import { feeOf, idOf, linesOf, type Posting, padjOf, reversalOf, written } from './update-postings.ts'
import { byService, type CertificationUpdate, updateCertification } from './update-rules.ts'

type Books = Map<number, Bucket[]>

/** What an update comes to for one account. */
export interface DecidedAccount {
  first: Certification
  decided: Decided[]
  bearers: Bearer[]
  after: Money
}

/**
 * Decides the update of one account: its certifications in order, each on the buckets that those before it left. One
 * that is updated already is first reversed, so that its buckets stand open again. `others` are the account's
 * certifications in force that this update leaves alone.
 */
export function decideAccount(posting: Posting, certifications: Certification[], others: Other[]): DecidedAccount {
  const [first] = certifications
  if (!first) throw new Error('an account without certifications')
  const books: Books = new Map(first.buckets)
  const alone = certifications.map((certification) => decide(posting, certification, books))
  const after = sum([...books.values()].flat().map(({ unpaid }) => unpaid))
  return { first, after, ...withYearFees(alone, others, posting.town) }
}

/** Stages what was decided of one account; answers the fees that it adds, and whether anything is posted. */
export function stageAccount(
  stage: Stage,
  posting: Posting,
  { first, decided, bearers, after }: DecidedAccount,
  adjusted: Map<number, { count: number; total: string }>,
): { fees: Money; postsSomething: boolean } {
  for (const each of decided) stageOne(stage, posting, each)
  for (const bearer of bearers) stageBearer(stage, posting, bearer)
  const again = bearers.filter(({ other }) => other.posted)
  stage.account({
    accountId: first.accountId,
    fingerprint: first.fingerprint,
    before: first.balance,
    after,
    lines: [...decided.flatMap((each) => linesShown(posting, each)), ...again.map(feeShown)],
    facts: { certifications: decided.map(factsOf), adjustments: adjusted.get(first.accountId) ?? null },
  })
  return {
    fees: sum([...decided.map(({ update }) => update.fee), ...again.map(moreOf)]),
    postsSomething: decided.some(({ update }) => update.total.gt(ZERO)),
  }
}

function move(books: Books, serviceId: number, period: BucketKey, amount: Money): void {
  books.set(serviceId, post(books.get(serviceId) ?? [], [{ period, amount }]))
}

function decide(posting: Posting, certification: Certification, books: Books): Decided {
  const { town } = posting
  const ids = [certification.padjId, certification.feeTransactionId]
  const reversals = ids.flatMap((id) => reversalOf(posting, id))
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

function stageBearer(stage: Stage, posting: Posting, bearer: Bearer): void {
  const { transactions, effect } = bearFee(posting, bearer)
  const [place = null] = transactions.map((transaction) => stage.transaction(transaction)).slice(-1)
  stage.effect(effect(place))
}

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

/** What an updated certification beside this update bears more than before. */
const moreOf = ({ other, fee }: Bearer): Money => money(fee.minus(other.fee))

const feeShown = (bearer: Bearer): PreviewLine => {
  return { type: 'Fee', service: null, amount: text(moreOf(bearer)), taxYear: bearer.other.taxYear }
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
