import { z } from 'zod'
import { agreeDeposit } from '../deposits/agreement.ts'
import { applyDeposit, refundDeposit, transferDeposit } from '../deposits/release.ts'
import { depositList, takeDeposit } from '../deposits/service.ts'
import { money } from '../ledger/money.ts'
import { call, created, ok } from './call.ts'
import { amountSent, daySent, pageSent, transactionAnswer } from './schemas.ts'

const deposit = z.looseObject({
  number: z.string(),
  account: z.string(),
  service: z.string(),
  held: z.string(),
  received: z.string(),
})

const PAGE = 500

const list = call({
  method: 'get',
  path: '/deposits',
  need: 'customers.view',
  summary: 'Deposits: held, to be collected, or all; by number, account, name or address; 500 a page',
  query: z.strictObject({
    show: z.enum(['held', 'collect', 'all']).optional(),
    query: z.string().max(100).optional(),
    page: pageSent(),
  }),
  answers: { 200: z.array(deposit) },
  handle: async ({ db, query }) => {
    const page = { limit: PAGE, offset: (Number(query.page ?? 1) - 1) * PAGE }
    const found = await depositList(db, query.show ?? 'held', query.query ?? '', page)
    return ok(found.map(({ accountId: _account, serviceId: _service, ...row }) => row))
  },
})

const agree = call({
  method: 'post',
  path: '/accounts/{number}/deposit-agreements',
  need: 'customers.edit',
  summary: 'Agrees on a deposit to be collected; posts nothing',
  body: z.strictObject({
    service: z.string().max(20),
    amount: amountSent(),
    installments: z.number().int().min(1).max(24).optional(),
    agreedOn: daySent(),
    description: z.string().max(100).optional(),
  }),
  answers: { 201: z.object({ deposit: z.string() }) },
  key: 'call',
  handle: async ({ params, body, ...who }) => {
    const { installments = 1, description = '', ...rest } = body
    const input = { ...rest, amount: money(body.amount), installments, description }
    return created({ deposit: await agreeDeposit(who, params.number ?? '', input) })
  },
})

const take = call({
  method: 'post',
  path: '/accounts/{number}/deposits',
  need: 'payments.take',
  summary: 'Takes money for deposits of an account, on one receipt',
  body: z.strictObject({
    lines: z
      .array(z.strictObject({ deposit: z.string().max(20), amount: amountSent() }))
      .min(1)
      .max(100),
    date: daySent(),
    method: z.string().max(20),
    checkNumber: z.string().max(40).optional(),
  }),
  answers: { 201: z.object({ transactionIds: z.array(z.string()), receiptNumber: z.string() }) },
  key: 'posting',
  handle: async ({ params, body, key, ...who }) => {
    const lines = body.lines.map((line) => ({ ...line, amount: money(line.amount) }))
    return created(await takeDeposit(who, params.number ?? '', { ...body, lines }, key))
  },
})

const released = z.strictObject({
  amount: amountSent().optional(),
  deposit: z.string().max(20).optional(),
  reason: z.string().max(500),
  date: daySent(),
})
const inputOf = (body: z.infer<typeof released>) => ({
  ...body,
  amount: body.amount === undefined ? undefined : money(body.amount),
})

const apply = call({
  method: 'post',
  path: '/accounts/{number}/deposits/application',
  need: 'payments.take',
  summary: 'Applies deposits to what the account owes',
  body: released,
  answers: { 201: transactionAnswer },
  key: 'posting',
  handle: async ({ params, body, key, ...who }) =>
    created({ transactionId: await applyDeposit(who, params.number ?? '', inputOf(body), key) }),
})

const refund = call({
  method: 'post',
  path: '/accounts/{number}/deposits/refund',
  need: 'payments.refund',
  summary: 'Gives deposits back; the refund stands on the refund list',
  body: released,
  answers: { 201: transactionAnswer },
  key: 'posting',
  handle: async ({ params, body, key, ...who }) =>
    created({ transactionId: await refundDeposit(who, params.number ?? '', inputOf(body), key) }),
})

const transfer = call({
  method: 'post',
  path: '/accounts/{number}/deposits/transfer',
  need: 'payments.transfer',
  summary: 'Moves a deposit to another account, where it gets a number of its own',
  body: released.extend({ deposit: z.string().max(20), to: z.string().max(20) }),
  answers: { 201: z.object({ transactionIds: z.array(z.string()), deposit: z.string() }) },
  key: 'posting',
  handle: async ({ params, body, key, ...who }) => {
    const { deposit: number, to } = body
    return created(await transferDeposit(who, params.number ?? '', { ...inputOf(body), deposit: number, to }, key))
  },
})

export const DEPOSIT_CALLS = [list, agree, take, apply, refund, transfer]
