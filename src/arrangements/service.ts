import { sql } from 'drizzle-orm'
import { changeRow, removeRow } from '../customers/rows.ts'
import { type Db, databaseFault, one, rows } from '../db/db.ts'
import { arrangement, arrangementInstalment } from '../db/tables/arrangements.ts'
import { NotFound, Refused } from '../errors.ts'
import { type Day, dayIn } from '../ledger/calendar.ts'
import { text } from '../ledger/money.ts'
import { settings } from '../organization/settings.ts'
import { type ArrangementFacts, arrangementFacts } from './facts.ts'
import { type PlanRow, planJson, plansOf } from './plans.ts'
import { type Terms, type Typed, termsOf } from './rules.ts'
import { standing } from './standing-rules.ts'
import { againstWords, refusedTerms } from './words.ts'

export interface Who {
  db: Db
  actor: { id: number }
  today: Day
}

export interface Order extends Typed {
  description: string
}

/** The terms that an order comes to now; refuses in words, by field, and where something stands against a plan. */
export function decideTerms(facts: ArrangementFacts, order: Order): Terms {
  demandNothingAgainst(facts)
  const decided = termsOf(facts.owed, order, facts.billing, facts.today)
  if (!decided.ok) throw refusedTerms(decided)
  return decided.value
}

export function demandNothingAgainst(facts: ArrangementFacts): void {
  const [first] = againstWords(facts)
  if (first) throw new Refused(facts.against[0] ?? 'against', againstWords(facts).join(' '))
}

/** Makes a plan without the wizard: the same terms, all at once. Gives its number. */
export async function makeArrangement(who: Who, account: string, order: Order): Promise<string> {
  const facts = await arrangementFacts(who.db, account, who.today)
  const terms = decideTerms(facts, order)
  return who.db.transaction((tx) => storeArrangement(tx, who, facts, order, terms))
}

/**
 * Stores a plan with the terms agreed and the next Arrangement No.; plans that are over by then are ended in the same
 * transaction. That an account has one unfinished plan is the table's own constraint.
 */
export async function storeArrangement(
  db: Db,
  who: Who,
  facts: ArrangementFacts,
  order: Order,
  terms: Terms,
): Promise<string> {
  const by = who.actor.id
  await endThoseOver(db, facts.plans, who.today, by)
  // numbers are given one after another
  await db.execute(sql`select pg_advisory_xact_lock(hashtext('arrangement'))`)
  const { arrangementGraceDays: graceDays, arrangementPaymentOrder: paymentOrder } = facts.settings
  const agreed = {
    number: sql<string>`next_number('arrangement')`,
    ...{
      accountId: facts.accountId,
      madeOn: who.today,
      madeAt: sql<string>`clock_timestamp()`,
      description: order.description,
    },
    ...{ accountBalance: text(terms.accountBalance), amount: text(terms.amount), regularBilling: order.regular },
    frequency: order.regular ? null : (order.frequency ?? null),
    startDate: order.regular ? null : (order.startDate ?? null),
    ...{ graceDays, paymentOrder, changedBy: by },
  }
  const made = await inWords(() =>
    db.insert(arrangement).values(agreed).returning({ id: arrangement.id, number: arrangement.number }),
  )
  const { id = 0, number = '' } = made[0] ?? {}
  for (const { code, balance } of terms.services) {
    await db.execute(sql`insert into arrangement_service (arrangement_id, service_id, balance)
      select ${id}, s.id, ${text(balance)}::numeric from service s where s.code = ${code}`)
  }
  const instalments = terms.instalments.map(({ due, amount }, place) => ({
    ...{ arrangementId: id, position: place + 1, dueDate: due, amount: text(amount) },
  }))
  await db.insert(arrangementInstalment).values(instalments)
  return number
}

async function inWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (databaseFault(error)?.constraint_name !== 'arrangement_unfinished') throw error
    throw new Refused('unfinished', 'The account has an arrangement that is not finished yet.')
  }
}

/** Writes down of plans that are over that they are: completed ones too, so that their account may have a new one. */
async function endThoseOver(db: Db, plans: readonly PlanRow[], today: Day, by: number): Promise<number> {
  let ended = 0
  for (const plan of plans.filter(({ endedOn }) => endedOn === null)) {
    const { state, ended: on, reason } = standing(plan, today)
    if (state === 'current') continue
    const done =
      await db.execute(sql`update arrangement set ended_on = ${on ?? today}, ended_as = ${state}, ended_reason = ${reason || null},
      changed_by = ${by}, version = version + 1 where id = ${plan.id} and ended_on is null returning id`)
    ended += done.length
  }
  return ended
}

/** Marks every plan broken whose instalment is overdue beyond its grace days; the audit trail is the log. Gives how many. */
export async function markBroken(db: Db, today?: Day): Promise<number> {
  const day = today ?? dayIn((await settings(db)).timezone)
  const found = await rows<{ plan: PlanRow }>(
    db,
    sql`select ${planJson} as plan from arrangement r where r.ended_on is null order by r.id`,
  )
  const broken = found.map(({ plan }) => plan).filter((plan) => standing(plan, day).state === 'broken')
  return endThoseOver(db, broken, day, 0)
}

/** All plans of an account, the newest first; absent and hidden accounts answer 404 alike. */
export async function plansOfAccount(db: Db, account: string): Promise<PlanRow[]> {
  const found = await one<{ plans: PlanRow[] }>(
    db,
    sql`select ${plansOf} as plans from account a where a.number = ${account}`,
  )
  if (!found) throw new NotFound('account')
  return found.plans
}

export async function planOf(db: Db, account: string, number: string): Promise<PlanRow> {
  const plan = (await plansOfAccount(db, account)).find((each) => each.number === number)
  if (!plan) throw new NotFound('arrangement')
  return plan
}

/** Whether anything was paid on it, taken back or not: such a plan is cancelled, not deleted (domain.md A8). */
export const hasPayments = ({ payments }: PlanRow): boolean => payments.length > 0

/** Ends a current plan with a reason. */
export async function cancelArrangement(who: Who, plan: PlanRow, version: number, reason: string): Promise<void> {
  const { state } = standing(plan, who.today)
  if (state !== 'current') throw new Refused('over', `Arrangement ${plan.number} is ${state} already.`)
  const ended = { endedOn: who.today, endedAs: 'cancelled', endedReason: reason }
  await changeRow(who.db, arrangement, { id: plan.id, version }, ended, who.actor.id, {})
}

/** Takes a plan away on which nothing was paid. */
export async function deleteArrangement(who: Who, plan: PlanRow, version: number): Promise<void> {
  if (hasPayments(plan)) {
    throw new Refused('has_payments', `Something was paid on arrangement ${plan.number}: it is cancelled, not deleted.`)
  }
  await removeRow(who.db, arrangement, { id: plan.id, version }, who.actor.id, 'Something refers to this arrangement.')
}
