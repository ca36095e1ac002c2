import { z } from 'zod'
import { usageOf } from '../metering/usage-tab.ts'
import { call, ok } from './call.ts'
import { amount, day, daySent } from './schemas.ts'

const text = z.union([z.string(), z.null()])
const money = z.union([amount, z.null()])

const USAGE = z.object({
  date: day,
  service: z.string(),
  rate: text,
  actual: text.meta({ description: 'What the meters counted, in usage units.' }),
  billed: text.meta({ description: 'The usage that was billed, where it is another.' }),
  adjusted: text,
  minimum: money,
  charge: money,
  estimated: z.boolean(),
})

const usage = call({
  method: 'get',
  path: '/accounts/{number}/usage',
  need: 'customers.view',
  summary: "What the meters at an account's location counted by read date and what was billed for it, newest first",
  query: z.strictObject({ service: z.string().max(20).optional(), asOf: daySent().optional() }),
  answers: { 200: z.object({ usage: z.array(USAGE) }) },
  handle: async ({ db, params, query: { service, asOf }, today }) => {
    const rows = await usageOf(db, params.number ?? '', { today, asOf, service })
    const shown = Object.keys(USAGE.shape) as (keyof (typeof rows)[number])[]
    const answered = rows.map((row) =>
      Object.fromEntries(shown.map((name) => [name, row[name] === '' ? null : row[name]])),
    )
    return ok({ usage: answered })
  },
})

export const USAGE_CALLS = [usage]
