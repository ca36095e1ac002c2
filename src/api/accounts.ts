import { z } from 'zod'
import { accountView, lookup, transactionsOf } from '../accounts/service.ts'
import { call, ok } from './call.ts'
import { accountAnswer, daySent, foundAnswer, transactionsAnswer } from './schemas.ts'

const one = call({
  method: 'get',
  path: '/accounts/{number}',
  need: 'customers.view',
  summary: 'An account as it stands now, or as of a day, inclusive',
  query: z.strictObject({ asOf: daySent().optional() }),
  answers: { 200: accountAnswer },
  handle: async ({ db, today, params, query }) =>
    ok(await accountView(db, params.number ?? '', { today, asOf: query.asOf })),
})

const limit = z
  .string()
  .regex(/^[1-9]\d{0,5}$/, 'Write a whole number from 1.')
  .optional()

const transactions = call({
  method: 'get',
  path: '/accounts/{number}/transactions',
  need: 'customers.view',
  summary: "An account's transactions, newest first; all unless `limit`",
  query: z.strictObject({ limit }),
  answers: { 200: transactionsAnswer },
  handle: async ({ db, params, query }) => {
    const most = query.limit === undefined ? undefined : Number(query.limit)
    return ok({ transactions: await transactionsOf(db, params.number ?? '', most) })
  },
})

const find = call({
  method: 'get',
  path: '/accounts',
  need: 'customers.view',
  summary: 'Account lookup by number, name, address, phone, meter, parcel or old id; at most 50',
  query: z.strictObject({ query: z.string().max(200).optional() }),
  answers: { 200: foundAnswer },
  handle: async ({ db, query }) => ok(await lookup(db, query.query ?? '')),
})

export const ACCOUNT_CALLS = [find, one, transactions]
