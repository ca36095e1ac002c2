import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { addRow, changeRow } from '../customers/rows.ts'
import { type Db, one } from '../db/db.ts'
import { autoPayment } from '../db/tables/auto-payment.ts'
import { Conflict, Forbidden, NotFound, Refused } from '../errors.ts'
import type { Day } from '../ledger/calendar.ts'
import { type Money, text } from '../ledger/money.ts'
import { fieldKeys } from '../secrets/keys.ts'
import { typedSecret } from '../secrets/rules.ts'
import { openField, placeOf } from '../secrets/seal.ts'
import { sealedColumns } from '../secrets/typed.ts'
import { saveRow } from '../tables/service.ts'
import type { Context } from '../web/context.ts'
import { bankCodes } from './bank-codes.ts'
import { DRAFT_FACTS, draftFactsOf, type RawDraft } from './facts.ts'
import type { AutoPaymentData } from './form.ts'
import { afterSave, type DraftFacts } from './rules.ts'
import { type Kept, keptFacts, masksOf } from './tab.ts'

type Who = Pick<Context, 'db' | 'actor' | 'today' | 'may'>
type Secret = 'bankAccount' | 'token'

/** A customer's automatic payment; undefined without one. */
export async function readAutoPayment(db: Db, customerId: number): Promise<Kept | undefined> {
  const found = await one<{ kept: Kept | null }>(db, sql`select ${keptFacts(sql`${customerId}`)} as kept`)
  return found?.kept ?? undefined
}

/** What drafting an account asks on a day; for the runs that draft. */
export async function draftFacts(db: Db, account: string, day: Day): Promise<DraftFacts> {
  const found = await one<{ raw: RawDraft }>(
    db,
    sql`select ${DRAFT_FACTS} as raw from account a where a.number = ${account}`,
  )
  if (!found) throw new NotFound('account')
  return draftFactsOf(found.raw, day)
}

/**
 * Saves how a customer pays automatically. Bank account and token are sealed; left empty they stay, a hyphen takes them
 * away. Refuses a draft without bank, account or account type, a card without a token, a Maximum or Fixed Amount without
 * its amount, and a routing number that is no bank code yet and has no bank's name beside it.
 */
export async function saveAutoPayment(who: Who, customerId: number, data: AutoPaymentData): Promise<void> {
  if (!who.may('customers.edit')) throw new Forbidden('customers.edit')
  const before = await readAutoPayment(who.db, customerId)
  if ((before?.version ?? 0) !== (data.version ?? 0))
    throw new Conflict('This was changed meanwhile. Nothing was saved.')
  if (data.type === 'none' && !before) return
  const masks = masksOf(before ?? null)
  const typed = {
    bankAccount: typedSecret(data.bankAccount, masks.bankAccount),
    token: typedSecret(data.token, masks.token),
  }
  const has = (field: Secret) => (typed[field] === undefined ? masks[field] !== '' : typed[field] !== null)
  const routing = data.routing || data.newRouting
  refuseMissing(data, { routing, bankAccount: has('bankAccount'), token: has('token') })
  await who.db.transaction(async (tx) => {
    const bankId = data.type === 'draft' ? await bankOf(tx, routing, data, who.actor.id) : undefined
    const reference = before?.reference ?? randomUUID()
    const bankChanged =
      data.type === 'draft' &&
      (typed.bankAccount !== undefined || routing !== before?.routing || data.accountType !== before?.accountType)
    const chosen = {
      type: data.type,
      state: data.state ?? before?.state ?? 'pending',
      bankChanged,
      hasToken: has('token'),
    }
    const values = {
      ...{ customerId, reference, type: data.type, special: data.special ?? 'balance' },
      ...(data.type === 'none' ? {} : { notifyInAdvance: data.notifyInAdvance }),
      ...(data.type === 'draft' ? { accountType: data.accountType ?? null, bankCodeId: bankId ?? null } : {}),
      ...{ maximum: amountOf(data.maximum), fixed: amountOf(data.fixed) },
      ...afterSave(before, chosen, who.today),
      ...sealedColumns(placeOf('auto_payment', reference, 'bank_account'), 'bankAccount', typed.bankAccount),
      ...sealedColumns(placeOf('auto_payment', reference, 'token'), 'token', typed.token),
    }
    if (before) await changeRow(tx, autoPayment, before, values, who.actor.id, {})
    else await addRow(tx, autoPayment, values, who.actor.id, { auto_payment_customerId_unique: TWICE })
  })
}

const TWICE: [string, string] = ['type', 'Somebody else set this up meanwhile: reload the page to see it.']

const amountOf = (amount: Money | undefined): string | null => (amount ? text(amount) : null)

function refuseMissing(
  { type, accountType, special, maximum, fixed }: AutoPaymentData,
  has: { routing: string; bankAccount: boolean; token: boolean },
): void {
  const errors: Record<string, string> = {
    ...(type === 'draft' && !accountType ? { accountType: 'Choose Checking or Savings Account.' } : {}),
    ...(type === 'draft' && !has.routing ? { routing: 'A draft needs the bank routing number.' } : {}),
    ...(type === 'draft' && !has.bankAccount ? { bankAccount: 'A draft needs the account number.' } : {}),
    ...(type !== 'none' && special === 'maximum' && !maximum ? { maximum: 'Write the maximum amount.' } : {}),
    ...(type !== 'none' && special === 'fixed' && !fixed ? { fixed: 'Write the fixed amount.' } : {}),
  }
  const [first] = Object.values(errors)
  if (first) throw new Refused('auto_payment', first, errors)
}

/** The bank's row; one that is new is added with the name typed for it. */
async function bankOf(db: Db, routing: string, { newRouting, newBank }: AutoPaymentData, by: number): Promise<number> {
  const found = await one<{ id: number }>(db, sql`select id from bank_code where code = ${routing}`)
  if (found) return found.id
  if (newRouting !== routing || !newBank) {
    const sentence = `There is no bank code ${routing} yet: write it and its bank under New Bank Code.`
    throw new Refused('bank_unknown', sentence, { routing: sentence })
  }
  return addBankCode(db, routing, newBank, by)
}

/** New Bank Code: refuses one that is there already and what the set-up table refuses. */
export async function addBankCode(db: Db, code: string, name: string, by: number): Promise<number> {
  const saved = await saveRow(db, bankCodes, { data: { code, name }, by })
  return saved.row.id
}

/** Deletes the payment token: cards are not charged any more [001-180]. */
export async function deleteToken(who: Who, customerId: number, version: number): Promise<void> {
  if (!who.may('customers.edit')) throw new Forbidden('customers.edit')
  const kept = await readAutoPayment(who.db, customerId)
  if (!kept || kept.tokenLast4 === null) throw new NotFound('payment token')
  const ended = kept.type === 'card' ? { state: 'pending', stateSince: who.today } : {}
  await changeRow(
    who.db,
    autoPayment,
    { id: kept.id, version },
    { tokenSealed: null, tokenLast4: null, ...ended },
    who.actor.id,
    {},
  )
}

/** The bank account number itself. The caller has written down who looks at it. */
export async function openBankAccount({ db }: Pick<Who, 'db'>, customerId: number): Promise<string> {
  const found = await one<{ reference: string; sealed: string | null }>(
    db,
    sql`select reference, bank_account_sealed as sealed from auto_payment where customer_id = ${customerId}`,
  )
  if (!found?.sealed) throw new NotFound('value')
  return openField(fieldKeys(), placeOf('auto_payment', found.reference, 'bank_account'), found.sealed)
}
