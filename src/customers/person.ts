import { sql } from 'drizzle-orm'
import { type Db, one } from '../db/db.ts'
import { account, customer } from '../db/tables/customers.ts'
import { Refused } from '../errors.ts'
import type { Context } from '../web/context.ts'
import { dropCosigner, keepCosigner } from './cosigner.ts'
import { type PersonFacts, VALUES } from './person-facts.ts'
import { movedSecrets } from './personal.ts'
import { type At, addRow, changeRow, type Sentences } from './rows.ts'
import { missingName, type NameParts, nameAfter, noticesRefusal } from './rules.ts'

type Who = Pick<Context, 'db' | 'actor' | 'today'>
type Values = Record<string, unknown>

const TAKEN: Sentences = { customer_number_unique: ['number', 'This customer number is taken.'] }

/** What a customer's row takes of a form or a call: known fields alone; nothing stands as null. */
function columnsOf(data: Values): Values {
  const known = ['number', ...VALUES].filter((name) => name in data)
  return Object.fromEntries(
    known.map((name) => [name, data[name] === '' || data[name] === undefined ? null : data[name]]),
  )
}

const say = (code: string, field: string, sentence: string) => new Refused(code, sentence, { [field]: sentence })

/** Rules over several fields of a customer: the name that the parts make, e-mail notices [001-118]. */
function checked(before: Values | undefined, typed: Values): Values {
  const whole = { ...before, ...typed } as Values & Parameters<typeof nameAfter>[1]
  const name = nameAfter(before as Parameters<typeof nameAfter>[0], { ...whole, name: String(whole.name ?? '') })
  if (name === '') throw say('no_name', 'name', 'Name is needed.')
  if (name.length > 100) throw say('name_long', 'name', 'At most 100 characters.')
  const notices = noticesRefusal({ email: whole.email as string | null, emailNotices: whole.emailNotices === true })
  if (!notices.ok) throw say('no_email', 'emailNotices', 'Email notices need an e-mail address.')
  return { ...columnsOf(typed), name }
}

/** Refuses, beside the field with the star, a change that leaves a name without its parts [001-113]; see `missingName`. */
export function refuseMissingName(before: PersonFacts, parts: NameParts): void {
  const field = missingName(before.values as Values & NameParts, parts)
  if (field) throw say('no_name', field, `${field === 'lastName' ? 'Last name' : 'Business Name'} is needed.`)
}

/** Adds a customer; gives its id. Refuses a number that is taken, no name, e-mail notices without an e-mail address. */
export function addCustomer({ db, actor }: Who, data: Values): Promise<number> {
  return db.transaction(async (tx) => {
    const id = await addRow(tx, customer, checked(undefined, data), actor.id, TAKEN)
    if (typeof data.cosigner === 'string') await keepCosigner(tx, id, data.cosigner, actor.id)
    return id
  })
}

/** The account whose status is saved with its customer: which state of it the clerk was shown, and the status chosen. */
export interface StatusChange {
  at: At
  statusId: number
}

/**
 * Saves a customer that is still at the version seen, and with it the Account Status of one account, both or neither.
 * A new status sets Date Status Assigned to the town's day [001-077]; one that stays leaves it. Refuses as `addCustomer`;
 * a Conflict where somebody else was quicker.
 */
export async function saveCustomer(
  who: Who,
  seen: At,
  before: PersonFacts,
  data: Values,
  status?: StatusChange,
): Promise<void> {
  const { db, actor } = who
  const values = checked({ ...before.values, number: before.number }, data)
  const number = String(values.number ?? before.number)
  await db.transaction(async (tx) => {
    // protected numbers are sealed for the customer's own number
    const moved = number === before.number ? {} : await movedSecrets({ db: tx }, before.id, before.number, number)
    await changeRow(tx, customer, seen, { ...values, ...moved }, actor.id, TAKEN)
    if (typeof data.cosigner === 'string') await keepCosigner(tx, before.id, data.cosigner, actor.id)
    if (status) await changeStatus({ ...who, db: tx }, status)
  })
}

async function changeStatus({ db, actor, today }: Who, { at, statusId }: StatusChange): Promise<void> {
  const now = await one<{ statusId: number }>(
    db,
    sql`select account_status_id as "statusId" from account where id = ${at.id}`,
  )
  if (now?.statusId === statusId) return
  await changeRow(db, account, at, { accountStatusId: statusId, statusSince: today }, actor.id, {})
}

/** Where the customer's addresses, phones and web login are deleted with it, the audit says by whom. */
export async function ownChildren(db: Db, customerId: number, by: number): Promise<void> {
  await dropCosigner(db, customerId, by)
  for (const table of ['customer_address', 'customer_phone', 'customer_web_login']) {
    await db.execute(sql`update ${sql.raw(table)} set changed_by = ${by} where customer_id = ${customerId}`)
  }
}
