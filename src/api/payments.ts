import { z } from 'zod'
import { money } from '../ledger/money.ts'
import { previewPayment, reverseTransaction, takePayment } from '../payments/service.ts'
import { call, created, ok } from './call.ts'
import { amountSent, daySent, paymentAnswer, previewAnswer, transactionAnswer } from './schemas.ts'

const preview = call({
  method: 'post',
  path: '/accounts/{number}/payments/preview',
  need: 'payments.take',
  summary: 'Where a payment would go; posts nothing',
  body: z.strictObject({ amount: amountSent(), date: daySent() }),
  answers: { 200: previewAnswer },
  handle: async ({ db, params, body }) =>
    ok(await previewPayment(db, params.number ?? '', { amount: money(body.amount), date: body.date })),
})

const share = z.strictObject({ service: z.string().max(20), amount: amountSent() })

const take = call({
  method: 'post',
  path: '/accounts/{number}/payments',
  need: 'payments.take',
  summary: 'Takes a payment, by the allocation rules or by hand',
  body: z.strictObject({
    amount: amountSent(),
    date: daySent(),
    method: z.string().max(20),
    checkNumber: z.string().max(40).optional(),
    allocations: z.array(share).max(500).optional(),
  }),
  answers: { 201: paymentAnswer },
  key: 'posting',
  handle: async ({ params, body, key, ...who }) => {
    const allocations = body.allocations?.map((each) => ({ ...each, amount: money(each.amount) }))
    const input = { ...body, amount: money(body.amount), allocations }
    const { transactionId, receiptNumber, ...shares } = await takePayment(who, params.number ?? '', input, key)
    return created({ transactionId, receiptNumber, ...shares })
  },
})

const reverse = call({
  method: 'post',
  path: '/transactions/{id}/reversal',
  // which right it takes depends on the transaction; the service asks
  need: 'api.use',
  summary: 'Posts the opposite of a transaction',
  body: z.strictObject({
    reason: z.string().max(500),
    date: daySent().optional(),
    kind: z.enum(['Rev', 'NSF']).optional(),
  }),
  answers: { 201: transactionAnswer },
  key: 'posting',
  handle: async ({ params, body, key, ...who }) => created(await reverseTransaction(who, params.id ?? '', body, key)),
})

export const PAYMENT_CALLS = [preview, take, reverse]
