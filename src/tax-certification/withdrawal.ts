import { sql } from 'drizzle-orm'
import { Conflict, NotFound } from '../errors.ts'
import { answerOnce } from '../ledger/answered.ts'
import type { CertificationChange } from '../ledger/effect.ts'
import { money, sum, text, ZERO } from '../ledger/money.ts'
import { type Document, decideAndPost, type RequestKey } from '../ledger/post.ts'
import { transactionsWithIds } from '../ledger/reversal-facts.ts'
import { opposite } from '../ledger/reverse.ts'
import type { NewTransaction } from '../ledger/transaction.ts'
import { type Certification, certificationsWhere } from './certification-store.ts'
import type { WithdrawalBody } from './forms.ts'
import { accepted } from './posting-parts.ts'
import type { Door } from './service.ts'
import { type TownFacts, townFacts } from './town-facts.ts'
import { changes, feeOf, linesOf, padjOf } from './update-account.ts'
import { type LineReduction, reduceCertification } from './update-rules.ts'
import { movementsOfYear } from './year-store.ts'

/** What a withdrawal left of the certification. */
export interface WithdrawalAnswer {
  certified: string
  withdrawn: boolean
}

/**
 * Withdraws a certification, one service of it or an amount, newest bucket first (product.md 3.12). Not yet updated: the
 * buckets are free again. Updated: PAdj and Fee are reversed and what is left of them is posted anew in the same
 * statement; the fee goes with the last line. Refuses when county payments or adjustments of the tax year rest on it.
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
  const transactions = found.updatedDate === null ? [] : await replacement(door, town, found, reduction, body.reason)
  const left = sum(reduction.lines.map((line) => line.amount))
  return {
    kind: 'certification-withdrawal',
    actor: door.actor,
    request,
    reason: body.reason,
    accounts: [{ id: found.accountId, version: found.version }],
    transactions,
    effects: [
      {
        accountId: found.accountId,
        kind: 'certification',
        target: found.id,
        note: body.reason,
        ...change(town, found, reduction, transactions),
      },
    ],
    answer: { certified: text(left), withdrawn: reduction.lines.length === 0 },
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

/** The reversals of PAdj and Fee, then what is left of them. */
async function replacement(
  door: Door,
  town: TownFacts,
  found: Certification,
  reduction: LineReduction,
  reason: string,
): Promise<NewTransaction[]> {
  const resting = await movementsOfYear(door.db, found.accountId, found.taxYear)
  if (resting.length > 0) {
    throw new Conflict(
      `Certification payments or adjustments of tax year ${found.taxYear} rest on it: ${resting.join(', ')}. Enter a certification adjustment instead.`,
    )
  }
  const ids = [found.padjId, found.feeTransactionId].filter((id) => id !== null)
  const originals = await transactionsWithIds(door.db, ids)
  const reversals = originals.map((original) =>
    opposite(original, { kind: 'Rev', reason, today: door.today }, town.periods),
  )
  const [padj] = reversals
  if (!padj || reduction.lines.length === 0) return reversals
  const description = originals[0]?.description ?? ''
  const posting = { town, date: padj.date, period: padj.period, description, reason, originals: new Map() }
  const total = sum(reduction.lines.map((line) => line.amount))
  const again = padjOf(posting, found, { posted: reduction.lines, total, paidBefore: [] })
  return reduction.fee.gt(ZERO) ? [...reversals, again, feeOf(posting, found, reduction.fee)] : [...reversals, again]
}

function change(town: TownFacts, found: Certification, reduction: LineReduction, transactions: NewTransaction[]) {
  const asIs = { paidBefore: [], fee: found.fee, countyMustBeTold: [] }
  const { old } = changes(town, found.updatedDate ?? '', found, asIs, { padj: null, fee: null })
  const withdrawn = new Map(reduction.withdrawn.map((line) => [`${line.service}/${line.period}`, line.amount]))
  const place = (type: 'PAdj' | 'Fee') => {
    const at = transactions.findIndex((transaction) => transaction.type === type)
    return at === -1 ? null : -1 - at
  }
  const next: CertificationChange = {
    ...(found.updatedDate === null ? {} : { padjId: place('PAdj'), feeTransactionId: place('Fee') }),
    ...(found.countyFile === null ? {} : { countyMustBeTold: true }),
    ...(reduction.lines.length === 0 ? { withdrawn: true } : {}),
    lines: found.lines.map((line) => {
      const more = withdrawn.get(`${town.byId.get(line.serviceId)?.code}/${line.agingPeriod}`) ?? ZERO
      return { serviceId: line.serviceId, agingPeriod: line.agingPeriod, withdrawn: text(line.withdrawn.plus(more)) }
    }),
  }
  return { old, new: next }
}
