import { z } from 'zod'
import { planShown } from '../arrangements/present.ts'
import { FREQUENCIES } from '../arrangements/rules.ts'
import {
  cancelArrangement,
  deleteArrangement,
  makeArrangement,
  planOf,
  plansOfAccount,
} from '../arrangements/service.ts'
import { money } from '../ledger/money.ts'
import { call, created, type Given, ok } from './call.ts'
import { amount, amountSent, day, daySent } from './schemas.ts'

const ARRANGEMENT = z.looseObject({
  number: z.string(),
  state: z.enum(['current', 'completed', 'broken', 'cancelled']),
  madeOn: day,
  amount,
  paid: amount,
  left: amount,
  payments: z.array(z.looseObject({ due: day, amount, paid: amount, left: amount, state: z.string() })),
})

const PATH = '/accounts/{number}/arrangements'

const shown = async ({ db, params, today }: Given<unknown, unknown>, number: string) =>
  planShown(await planOf(db, params.number ?? '', number), today)

const list = call({
  method: 'get',
  path: PATH,
  need: 'customers.view',
  summary: 'Payment arrangements of an account with their payments, the newest first',
  answers: { 200: z.array(ARRANGEMENT) },
  handle: async ({ db, params, today }) =>
    ok((await plansOfAccount(db, params.number ?? '')).map((plan) => planShown(plan, today))),
})

const show = call({
  method: 'get',
  path: `${PATH}/{arrangement}`,
  need: 'customers.view',
  summary: 'A payment arrangement',
  answers: { 200: ARRANGEMENT },
  handle: async (given) => ok(await shown(given, given.params.arrangement ?? '')),
})

const make = call({
  method: 'post',
  path: PATH,
  need: 'accounts.terms',
  summary: 'Makes a payment arrangement: with frequency and startDate, or due with regular billing',
  body: z.strictObject({
    description: z.string().trim().min(1).max(100).default('Payment arrangement'),
    services: z.array(z.string().max(20)).min(1).max(100),
    amount: amountSent(),
    payments: z.int().min(1).max(120),
    regularBilling: z.boolean().default(false),
    frequency: z.enum(FREQUENCIES).optional(),
    startDate: daySent().optional(),
  }),
  answers: { 201: ARRANGEMENT },
  key: 'call',
  handle: async (given) => {
    const { amount: sent, regularBilling, ...rest } = given.body
    const order = { ...rest, amount: money(sent), regular: regularBilling }
    const number = await makeArrangement(given, given.params.number ?? '', order)
    return created(await shown(given, number))
  },
})

const cancel = call({
  method: 'post',
  path: `${PATH}/{arrangement}/cancel`,
  need: 'accounts.terms',
  summary: 'Cancels a current arrangement',
  body: z.strictObject({ reason: z.string().trim().min(1).max(500) }),
  answers: { 200: ARRANGEMENT },
  key: 'call',
  handle: async (given) => {
    const plan = await planOf(given.db, given.params.number ?? '', given.params.arrangement ?? '')
    await cancelArrangement(given, plan, plan.version, given.body.reason)
    return ok(await shown(given, plan.number))
  },
})

const remove = call({
  method: 'delete',
  path: `${PATH}/{arrangement}`,
  need: 'accounts.terms',
  summary: 'Deletes an arrangement on which nothing was paid',
  answers: { 200: z.object({ deleted: z.string() }) },
  key: 'call',
  handle: async (given) => {
    const plan = await planOf(given.db, given.params.number ?? '', given.params.arrangement ?? '')
    await deleteArrangement(given, plan, plan.version)
    return ok({ deleted: plan.number })
  },
})

export const ARRANGEMENT_CALLS = [list, show, make, cancel, remove]
