import { z } from 'zod'
import { money } from '../ledger/money.ts'
import { adjust, changeBill } from '../payments/adjust.ts'
import { returnPayment } from '../payments/nsf.ts'
import { refund } from '../payments/refund.ts'
import { transferPayment } from '../payments/transfer.ts'
import { call, created } from './call.ts'
import { amountSent, daySent, transactionAnswer } from './schemas.ts'

const reason = z.string().max(500)
const service = z.string().max(20)
const SIGNED = 'Write an amount with a sign and at most two decimals, like "-10.00".'
const signedSent = () => z.string(SIGNED).regex(/^-?\d{1,7}(\.\d{1,2})?$/, SIGNED)
const NOT_BELOW = 'Write an amount of 0.00 or more with at most two decimals, like "42.50".'
const zeroOrMore = () => z.string(NOT_BELOW).regex(/^\d{1,7}(\.\d{1,2})?$/, NOT_BELOW)

const nsf = call({
  method: 'post',
  path: '/transactions/{id}/nsf',
  need: 'payments.reverse',
  summary: 'A payment came back from the bank: its opposite, and the NSF fee as a charge of its own',
  body: z.strictObject({
    method: z.string().max(20),
    reason,
    date: daySent().optional(),
    fee: zeroOrMore().optional(),
  }),
  answers: { 201: z.object({ transactionId: z.string(), feeTransactionId: z.union([z.string(), z.null()]) }) },
  key: 'posting',
  handle: async ({ params, body, key, ...who }) => {
    const { date = who.today, fee, ...rest } = body
    const input = { ...rest, date, fee: fee === undefined ? undefined : money(fee) }
    return created(await returnPayment(who, params.id ?? '', input, key))
  },
})

const transfer = call({
  method: 'post',
  path: '/transactions/{id}/transfer',
  need: 'payments.transfer',
  summary: 'Moves a payment to another account: a linked pair, the giving account first',
  body: z.strictObject({ toAccount: z.string().max(20), reason, date: daySent().optional() }),
  answers: { 201: z.object({ transactionIds: z.array(z.string()) }) },
  key: 'posting',
  names: { to: 'toAccount' },
  handle: async ({ params, body: { toAccount, ...rest }, key, ...who }) =>
    created(await transferPayment(who, params.id ?? '', { to: toAccount, ...rest }, key)),
})

const adjustment = call({
  method: 'post',
  path: '/transactions/{id}/adjustment',
  need: 'transactions.adjust',
  summary: 'Adjusts a posted charge by service; a change below 0.00 takes off',
  body: z.strictObject({
    lines: z.array(z.strictObject({ service, change: signedSent() })).max(100),
    reason,
    date: daySent().optional(),
  }),
  answers: { 201: transactionAnswer },
  key: 'posting',
  handle: async ({ params, body: { lines, reason: why, date }, key, ...who }) => {
    const changes = lines.map((line) => ({ service: line.service, change: money(line.change) }))
    return created(await adjust(who, params.id ?? '', { changes, reason: why, date: date ?? who.today }, key))
  },
})

const billAdjustment = call({
  method: 'post',
  path: '/transactions/{id}/bill-adjustment',
  need: 'transactions.adjust',
  summary: 'Gives parts of a bill another amount; what is reckoned from them by a percentage follows',
  body: z.strictObject({
    lines: z.array(z.strictObject({ service, amount: zeroOrMore() })).max(100),
    reason,
    date: daySent().optional(),
  }),
  answers: { 201: transactionAnswer },
  key: 'posting',
  handle: async ({ params, body: { lines, reason: why, date }, key, ...who }) => {
    const amounts = lines.map((line) => ({ service: line.service, amount: money(line.amount) }))
    return created(await changeBill(who, params.id ?? '', { amounts, reason: why, date: date ?? who.today }, key))
  },
})

const giveBack = call({
  method: 'post',
  path: '/accounts/{number}/refunds',
  need: 'payments.refund',
  summary: 'Gives credit of an account back, at most what it is below zero',
  body: z.strictObject({ amount: amountSent(), reason, date: daySent().optional() }),
  answers: { 201: transactionAnswer },
  key: 'posting',
  handle: async ({ params, body, key, ...who }) => {
    const input = { amount: money(body.amount), reason: body.reason, date: body.date ?? who.today }
    return created(await refund(who, params.number ?? '', input, key))
  },
})

export const MOVEMENT_CALLS = [nsf, transfer, adjustment, billAdjustment, giveBack]
