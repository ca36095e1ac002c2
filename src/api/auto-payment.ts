import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { autoPaymentForm } from '../auto-payment/form.ts'
import { draftFacts, readAutoPayment, saveAutoPayment } from '../auto-payment/service.ts'
import { autoPaymentView, explainedDraft } from '../auto-payment/view.ts'
import { type Db, one } from '../db/db.ts'
import { offeredFor, refuseSwitchedOff, saveParticipation } from '../deferred-charges/participation.ts'
import { takesPart } from '../deferred-charges/rules.ts'
import { NotFound } from '../errors.ts'
import { refusedForm, refusedInput } from '../web/refused.ts'
import { call, ok } from './call.ts'
import { amount, day } from './schemas.ts'

const maybe = <T extends z.ZodType>(schema: T) => z.union([schema, z.null()])

const autoPaymentAnswer = z.object({
  type: z.enum(['none', 'draft', 'card']),
  status: z.string(),
  since: maybe(day),
  notifyInAdvance: z.boolean(),
  accountType: maybe(z.string()),
  bankRoutingNo: maybe(z.string()),
  bank: maybe(z.string()),
  accountNo: z.string().meta({ description: 'Masked.' }),
  paymentToken: z.string().meta({ description: 'Masked.' }),
  specialOption: z.string(),
  maximum: maybe(amount),
  fixed: maybe(amount),
  draft: z.object({ amount, why: z.string() }),
})

async function customerOf(db: Db, number: string): Promise<number> {
  const found = await one<{ id: number }>(db, sql`select customer_id as id from account where number = ${number}`)
  if (!found) throw new NotFound('account')
  return found.id
}

const read = call({
  method: 'get',
  path: '/accounts/{number}/auto-payment',
  need: 'customers.view',
  summary: "How the account's customer pays automatically, and what would be drafted of the account now",
  answers: { 200: autoPaymentAnswer },
  handle: async ({ db, params, today }) => {
    const number = params.number ?? ''
    const kept = await readAutoPayment(db, await customerOf(db, number))
    return ok({ ...autoPaymentView(kept), draft: explainedDraft(kept, await draftFacts(db, number, today)) })
  },
})

const SENT = z.record(z.string().max(60), z.union([z.string().max(20_000), z.boolean(), z.null()]))
const FIELDS = Object.keys(autoPaymentForm.shape).filter((name) => name !== 'seen' && name !== 'version')

const save = call({
  method: 'put',
  path: '/accounts/{number}/auto-payment',
  need: 'customers.edit',
  summary: `Sets it up; fields: ${FIELDS.join(', ')}. A field left out stays as it is`,
  body: SENT,
  answers: { 200: autoPaymentAnswer.omit({ draft: true }) },
  key: 'call',
  handle: async ({ params, body, ...who }) => {
    const id = await customerOf(who.db, params.number ?? '')
    const kept = await readAutoPayment(who.db, id)
    await saveAutoPayment(who, id, parsed({ ...kept, ...body }, body, kept?.version ?? 0))
    return ok(autoPaymentView(await readAutoPayment(who.db, id)))
  },
})

/** What is there with what was sent over it, read by the form. */
function parsed(values: Record<string, unknown>, body: object, version: number) {
  const unknown = Object.keys(body).find((name) => !FIELDS.includes(name))
  if (unknown !== undefined) throw refusedInput({ [unknown]: 'There is no such field.' })
  const known = Object.entries(values).filter(([name, value]) => FIELDS.includes(name) && value !== false)
  const typed = Object.fromEntries(known.map(([name, value]) => [name, value === true ? 'on' : String(value ?? '')]))
  const form = autoPaymentForm.parse({ type: 'none', ...typed, version: String(version) })
  if (form.ok) return form.data
  throw refusedForm(form.view)
}

const participations = z.object({
  deferredCharges: z.array(
    z.object({ code: z.string(), name: z.string(), signup: z.string(), trigger: z.string(), takesPart: z.boolean() }),
  ),
})

const list = call({
  method: 'get',
  path: '/accounts/{number}/deferred-charges',
  need: 'customers.view',
  summary: "Deferred charges in use and whether the account's customer takes part",
  answers: { 200: participations },
  handle: async ({ db, params }) => {
    await refuseSwitchedOff(db)
    return ok(await listed(db, await customerOf(db, params.number ?? '')))
  },
})

async function listed(db: Db, customerId: number) {
  const offered = await offeredFor(db, customerId)
  return {
    deferredCharges: offered.map(({ code, name, signup, trigger, chosen }) => ({
      ...{ code, name, signup, trigger },
      takesPart: takesPart(signup, chosen),
    })),
  }
}

const choose = call({
  method: 'put',
  path: '/accounts/{number}/deferred-charges',
  need: 'customers.edit',
  summary: 'Whether the customer takes part, by code of the charge; charges left out stay as they are',
  body: z.strictObject({ takesPart: z.record(z.string().max(6), z.boolean()) }),
  answers: { 200: participations },
  key: 'call',
  handle: async ({ params, body, ...who }) => {
    await refuseSwitchedOff(who.db)
    const id = await customerOf(who.db, params.number ?? '')
    const offered = await offeredFor(who.db, id)
    const unknown = Object.keys(body.takesPart).find((code) => !offered.some((each) => each.code === code))
    if (unknown !== undefined) throw refusedInput({ [unknown]: 'There is no such deferred charge in use.' })
    const wanted = offered.flatMap(({ id: charge, code }): [number, boolean][] => {
      const part = body.takesPart[code]
      return part === undefined ? [] : [[charge, part]]
    })
    await saveParticipation(who, id, new Map(wanted))
    return ok(await listed(who.db, id))
  },
})

export const AUTO_PAYMENT_CALLS = [read, save, list, choose]
