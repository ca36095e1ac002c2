import { sql } from 'drizzle-orm'
import { billed } from '../customers/billed.ts'
import { stored } from '../customers/customers.ts'
import type { serviceForm } from '../customers/forms.ts'
import { refuseUnknownRate } from '../customers/rates.ts'
import { type At, addRow, type Choice, changeRow, removeRow } from '../customers/rows.ts'
import { type Db, one, rows } from '../db/db.ts'
import { accountService } from '../db/tables/customers.ts'
import { NotFound, Refused } from '../errors.ts'
import type { Context } from '../web/context.ts'
import type { FormData } from '../web/form.ts'

type Who = Pick<Context, 'db' | 'actor'>
type ServiceData = FormData<typeof serviceForm>

/** An account, and the services that it may be given. */
export interface Billable {
  id: number
  number: string
  choices: Choice[]
}

/** A service of an account as its form shows it. */
export interface KeptService {
  id: number
  version: number
  code: string
  serviceId: number
  billed: boolean
  values: object
}

const SENTENCES = { account_service_once: ['serviceId', 'The account has this service already.'] as [string, string] }
/** What the form of a new service opens with. */
export const NEW_SERVICE = { quantity: '1', units: '1', frequency: 'monthly' }

/** The account of a number with the services that may be billed, and those that it has. Absent and hidden answer 404 alike. */
export async function billable(db: Db, number: string): Promise<Billable> {
  const found = await one<{ id: number }>(db, sql`select id from account where number = ${number}`)
  if (!found) throw new NotFound('account')
  const choices = await rows<Choice>(
    db,
    sql`select id::text as value, code || ' ' || name as label from service s where id <> 0 and (allow_new_billings and active
      or exists (select from account_service x where x.service_id = s.id and x.account_id = ${found.id})) order by sort, code`,
  )
  return { id: found.id, number, choices }
}

/** The services of an account, in their order; of one code only that one. */
export const servicesOf = (db: Db, of: Billable, code: string | null = null): Promise<KeptService[]> =>
  rows<KeptService>(
    db,
    sql`select x.id, x.version, s.code, s.id as "serviceId", ${billed(sql`x.account_id`, sql`x.service_id`)} as billed, json_build_object('serviceId', x.service_id, 'rate', x.rate, 'quantity', trim_scale(x.quantity)::text,
        'units', trim_scale(x.units)::text, 'frequency', x.frequency, 'connectDate', x.connect_date, 'disconnectDate', x.disconnect_date,
        'version', x.version) as values
      from account_service x join service s on s.id = x.service_id
      where x.account_id = ${of.id} and (${code}::text is null or s.code = ${code}) order by s.sort, s.code`,
  )

export async function serviceOf(db: Db, of: Billable, code: string): Promise<KeptService> {
  const [found] = await servicesOf(db, of, code)
  if (!found) throw new NotFound('service of this account')
  return found
}

/** Gives an account a service. Refuses one that it has, an unknown rate, and a disconnect date before the connect date. */
export async function addService({ db, actor }: Who, of: Billable, data: ServiceData): Promise<void> {
  await refuseUnknownRate(db, data.rate, 'rate')
  await addRow(db, accountService, { accountId: of.id, ...rowOf(data) }, actor.id, SENTENCES)
}

/** Changes a service of an account, as `addService`. One that was billed stays that service; somebody else's change is a Conflict. */
export async function changeService({ db, actor }: Who, kept: KeptService, at: At, data: ServiceData): Promise<void> {
  if (kept.billed && data.serviceId !== kept.serviceId) throw refusedBilled(kept, 'serviceId')
  await refuseUnknownRate(db, data.rate, 'rate')
  await changeRow(db, accountService, at, rowOf(data), actor.id, SENTENCES)
}

/** Takes a service off the account. Refuses one that was billed: it gets a disconnect date instead. */
export async function removeService({ db, actor }: Who, kept: KeptService): Promise<void> {
  if (kept.billed) throw refusedBilled(kept, 'disconnectDate')
  await removeRow(db, accountService, kept, actor.id, 'This service is used. Give it a disconnect date instead.')
}

/** What was billed stays on the account under its service, until a day. */
function refusedBilled({ code }: KeptService, field: string): Refused {
  const sentence = `${code} was billed to this account, so it stays. Give it a disconnect date instead.`
  return new Refused('billed', sentence, { [field]: sentence })
}

function rowOf({ version, seen, quantity, units, ...data }: ServiceData) {
  if (data.disconnectDate && data.connectDate && data.disconnectDate < data.connectDate) {
    const sentence = 'The disconnect date is before the connect date.'
    throw new Refused('dates', sentence, { disconnectDate: sentence })
  }
  return { ...stored(data), quantity: quantity.toFixed(), units: units.toFixed() }
}
