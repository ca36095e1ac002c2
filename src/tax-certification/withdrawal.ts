import { sql } from 'drizzle-orm'
import type { Db } from '../db/db.ts'
import { Conflict, NotFound } from '../errors.ts'
import { answerOnce } from '../ledger/answered.ts'
import { periodOf } from '../ledger/calendar.ts'
import type { CertificationChange, Effect } from '../ledger/effect.ts'
import { money, sum, text, ZERO } from '../ledger/money.ts'
import { type Document, decideAndPost, type RequestKey } from '../ledger/post.ts'
import { reversalDate } from '../ledger/reversal.ts'
import type { PostedTransaction } from '../ledger/reversal-facts.ts'
import type { NewTransaction } from '../ledger/transaction.ts'
import { type Certification, certificationsWhere, originalsOf, othersInForce } from './certification-store.ts'
import type { WithdrawalBody } from './forms.ts'
import { accepted } from './posting-parts.ts'
import type { Door } from './service.ts'
import { type TownFacts, townFacts } from './town-facts.ts'
import { changes } from './update-account.ts'
import { type Bearer, bearFee } from './update-fees.ts'
import { feeOf, linesOf, padjOf, reversalOf } from './update-postings.ts'
import { type LineReduction, reduceCertification, yearFees } from './update-rules.ts'
import { movementsOfYear } from './year-store.ts'

/** What a withdrawal left of the certification. */
export interface WithdrawalAnswer {
  certified: string
  withdrawn: boolean
}

/**
 * Withdraws a certification, one service of it or an amount, newest bucket first (product.md 3.12). Not yet updated: the
 * buckets are free again. Updated: PAdj and Fee are reversed and what is left of them is posted anew in the same
 * statement. The fee is the tax year's: with the last line it goes to another certification of the year that stands
 * (`yearFees`), with the year's last line it drops. Refuses when county payments or adjustments of the tax year rest on it.
 */
export async function withdrawCertification(
  door: Door,
  number: string,
  body: WithdrawalBody,
  request?: RequestKey,
): Promise<WithdrawalAnswer> {
  const posted = await answerOnce(door.db, door.actor, request, () =>
    decideAndPost(door.db, () => withdrawalDocument(door, number, body, request)),
  )
  const { certified, withdrawn } = posted.answer
  return { certified: String(certified), withdrawn: withdrawn === true }
}

async function withdrawalDocument(
  door: Door,
  number: string,
  body: WithdrawalBody,
  request?: RequestKey,
): Promise<Document> {
  const [found] = await certificationsWhere(door.db, sql`coalesce(c.number, c.id::text) = ${number}`)
  if (!found) throw new NotFound('certification')
  if (found.withdrawn) throw new Conflict(`Certification ${number} is withdrawn already.`)
  const town = await townFacts(door.db)
  const standing = { lines: standingLines(town, found), fee: found.fee }
  const amount = body.amount === undefined ? undefined : money(body.amount)
  const reduction = accepted(reduceCertification(standing, { service: body.service, amount }))
  if (found.updatedDate !== null) await refuseResting(door.db, found)
  const whole = reduction.lines.length === 0
  const bearer = whole ? await bearerOf(door.db, found) : undefined
  const posted = await replacement(door, town, found, reduction, bearer, body.reason)
  const left = sum(reduction.lines.map((line) => line.amount))
  return {
    kind: 'certification-withdrawal',
    actor: door.actor,
    request,
    reason: body.reason,
    accounts: [{ id: found.accountId, version: found.version }],
    transactions: posted.transactions,
    effects: [
      {
        accountId: found.accountId,
        kind: 'certification',
        target: found.id,
        note: body.reason,
        ...change(town, found, reduction, posted, body.reason),
      },
      ...posted.effects,
    ],
    answer: { certified: text(left), withdrawn: whole },
  }
}

/** Certified less paid before the update and withdrawn: what stands of it. */
function standingLines(town: TownFacts, certification: Certification) {
  const paid = new Map(
    certification.lines.map((line) => [`${town.byId.get(line.serviceId)?.code}/${line.agingPeriod}`, line.paidBefore]),
  )
  return linesOf(town, certification)
    .map((line) => ({ ...line, amount: money(line.amount.minus(paid.get(`${line.service}/${line.period}`) ?? ZERO)) }))
    .filter((line) => line.amount.gt(ZERO))
}

async function refuseResting(db: Db, { accountId, taxYear }: Certification): Promise<void> {
  const resting = await movementsOfYear(db, accountId, taxYear)
  if (resting.length === 0) return
  throw new Conflict(
    `Certification payments or adjustments of tax year ${taxYear} rest on it: ${resting.join(', ')}. Enter a certification adjustment instead.`,
  )
}

/** The certification that bears the fee of the tax year when this one is withdrawn whole; undefined when it drops. */
async function bearerOf(db: Db, found: Certification): Promise<Bearer | undefined> {
  const beside = (await othersInForce(db, [found])).get(found.accountId) ?? []
  const fees = yearFees([{ id: found.id, fee: found.fee, stands: false }], beside)
  const other = beside.find(({ id }) => fees.has(id))
  return other && { other, fee: fees.get(other.id) ?? other.fee }
}

interface Replacement {
  transactions: NewTransaction[]
  /** Where the new PAdj and Fee of the certification stand among them, as effects name them; null = there is none. */
  padj: number | null
  fee: number | null
  /** What changes of the certification that bears its fee. */
  effects: Effect[]
}

/** The reversals of PAdj and Fee, then what is left of them, then the Fee of the certification that bears it. */
async function replacement(
  door: Door,
  town: TownFacts,
  found: Certification,
  reduction: LineReduction,
  bearer: Bearer | undefined,
  reason: string,
): Promise<Replacement> {
  const originals = await originalsOf(door.db, bearer ? [found, bearer.other] : [found])
  const posting = { ...dated(door, town, originals), town, reason, originals }
  const { lines, fee } = reduction
  const reversals = [found.padjId, found.feeTransactionId].flatMap((id) => reversalOf(posting, id))
  const total = sum(lines.map((line) => line.amount))
  const updated = found.updatedDate !== null
  const padj = updated && total.gt(ZERO) ? [padjOf(posting, found, { posted: lines, total, paidBefore: [] })] : []
  const again = updated && fee.gt(ZERO) ? [feeOf(posting, found, fee)] : []
  const borne = bearer && bearFee(posting, bearer)
  const transactions = [...reversals, ...padj, ...again, ...(borne?.transactions ?? [])]
  const place = (transaction: NewTransaction | undefined) =>
    transaction ? -1 - transactions.indexOf(transaction) : null
  const effects = borne ? [borne.effect(place(borne.transactions.at(-1)))] : []
  return { transactions, padj: place(padj[0]), fee: place(again[0]), effects }
}

/** The day and words of what is posted anew: those of the first of the originals while its period is open, else today. */
function dated({ today }: Door, town: TownFacts, originals: Map<number, PostedTransaction>) {
  const [first] = originals.values()
  const date = first ? reversalDate(first.date, first.periodOpen, today) : today
  return { date, period: periodOf(date, town.periods), description: first?.description ?? '' }
}

function change(
  town: TownFacts,
  found: Certification,
  reduction: LineReduction,
  { padj, fee }: Replacement,
  reason: string,
) {
  const asIs = { paidBefore: [], fee: found.fee, countyMustBeTold: [] }
  const { old } = changes(town, found.updatedDate ?? '', found, asIs, { padj: null, fee: null })
  const withdrawn = new Map(reduction.withdrawn.map((line) => [`${line.service}/${line.period}`, line.amount]))
  const next: CertificationChange = {
    ...(found.updatedDate === null ? {} : { padjId: padj, feeTransactionId: fee }),
    ...(found.countyFile === null ? {} : { countyMustBeTold: true }),
    ...(reduction.lines.length === 0 ? { withdrawn: true } : {}),
    withdrawalReason: found.withdrawalReason === null ? reason : `${found.withdrawalReason}\n${reason}`,
    lines: found.lines.map((line) => {
      const more = withdrawn.get(`${town.byId.get(line.serviceId)?.code}/${line.agingPeriod}`) ?? ZERO
      return { serviceId: line.serviceId, agingPeriod: line.agingPeriod, withdrawn: text(line.withdrawn.plus(more)) }
    }),
  }
  return { old, new: next }
}
