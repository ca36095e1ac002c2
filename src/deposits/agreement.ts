import { sql } from 'drizzle-orm'
import { addRow, changeRow, removeRow, takeNumber } from '../customers/rows.ts'
import { type Db, one } from '../db/db.ts'
import { depositAgreement } from '../db/tables/setup.ts'
import { NotFound, Refused } from '../errors.ts'
import type { Day } from '../ledger/calendar.ts'
import { type Money, money, text, ZERO } from '../ledger/money.ts'
import { settings } from '../organization/settings.ts'
import { atField, demandRight, type Who } from '../payments/door.ts'
import { installments } from './rules.ts'
import { depositNamed, isPosted } from './store.ts'

export interface AgreementInput {
  /** Code of the service that it stands for. */
  service: string
  amount: Money
  installments: number
  description: string
  agreedOn: Day
}

/**
 * Agrees on a deposit; gives its number. Nothing is posted: the money is taken by Take deposit. Refuses a service that
 * takes no deposits, and more instalments than the town allows.
 */
export async function agreeDeposit(who: Who, account: string, input: AgreementInput): Promise<string> {
  demandRight(who, 'customers.edit')
  const found = await one<{ id: number }>(who.db, sql`select id from account where number = ${account}`)
  if (!found) throw new NotFound('account')
  return addAgreement(who.db, found.id, input, who.actor.id)
}

/** The same inside a transaction of set-up data. */
export async function addAgreement(db: Db, accountId: number, input: AgreementInput, by: number): Promise<string> {
  const service = await one<{ id: number; name: string; allowed: boolean }>(
    db,
    sql`select id, name, deposit_allowed as allowed from service where code = ${input.service} and id <> 0`,
  )
  if (!service) throw atField('deposit', 'service', `There is no service ${input.service}.`)
  if (!service.allowed)
    throw atField('deposit', 'service', `${service.name} takes no deposit (Organization > Services).`)
  await refuseParts(db, input)
  const { amount, installments: parts, description, agreedOn } = input
  const values = { accountId, serviceId: service.id, amount: text(amount), installments: parts, agreedOn }
  return db.transaction(async (tx) => {
    const number = await takeNumber(tx, 'deposit_agreement')
    await addRow(tx, depositAgreement, { ...values, number, description: description || null }, by, {})
    return number
  })
}

type Parts = Pick<AgreementInput, 'amount' | 'installments'>

/** Why a deposit may not come in so many instalments: more than the town allows, or one below 0.01. Undefined where it may. */
export async function partsRefusal(db: Db, { amount, installments: parts }: Parts): Promise<string | undefined> {
  const { maximumDepositInstallments: most } = await settings(db)
  const split = installments(amount, parts, most)
  if (split.ok) return undefined
  const says = {
    too_many_installments: `At most ${most} instalments (Organization > Organization > Billing).`,
    installment_too_small: `${text(amount)} in ${parts} instalments: one would be less than 0.01.`,
  }
  return says[split.refusal as keyof typeof says]
}

async function refuseParts(db: Db, given: Parts): Promise<void> {
  const sentence = await partsRefusal(db, given)
  if (sentence) throw atField('deposit', 'installments', sentence)
}

/** Changes amount, instalments or description; not below what was received. A changed one is a Conflict. */
export async function changeAgreement(
  who: Who,
  number: string,
  input: Pick<AgreementInput, 'amount' | 'installments' | 'description'> & { version: number },
): Promise<void> {
  demandRight(who, 'customers.edit')
  const at = await mustHave(who.db, number)
  const [row] = await depositNamed(who.db, number)
  if (row && input.amount.lt(row.received))
    throw atField('deposit', 'amount', `${row.received} was received already; it cannot be less.`)
  await refuseParts(who.db, input)
  const { version, amount, installments: parts, description } = input
  const values = { amount: text(amount), installments: parts, description: description || null }
  await changeRow(who.db, depositAgreement, { id: at.id, version }, values, who.actor.id, {})
}

/** Takes an agreement back for which nothing was ever posted. */
export async function dropAgreement(who: Who, number: string, version: number): Promise<void> {
  demandRight(who, 'customers.edit')
  const at = await mustHave(who.db, number)
  const used = 'Something was posted for this deposit: it stays. Lower its amount to what was received instead.'
  if (await isPosted(who.db, number)) throw new Refused('in_use', used)
  await removeRow(who.db, depositAgreement, { id: at.id, version }, who.actor.id, used)
}

async function mustHave(db: Db, number: string): Promise<{ id: number }> {
  const found = await one<{ id: number }>(db, sql`select id from deposit_agreement where number = ${number}`)
  if (!found) throw new NotFound('deposit')
  return found
}

/** What is still to be collected of a deposit. */
export const toCollect = ({ amount, received }: { amount: string | null; received: string }): Money => {
  const left = money(amount ?? '0').minus(received)
  return left.lt(ZERO) ? ZERO : left
}
