import { z } from 'zod'
import { moneyOf, ZERO } from '../ledger/money.ts'

const SENT = /^\d{1,10}(\.\d{1,2})?$/
const WRITE = 'Write an amount above 0.00 and at most 9999999.99 with at most two decimals, like "42.50".'

const isSendable = (written: string): boolean => {
  const read = moneyOf(written)
  return read.ok && read.value.gt(ZERO) && read.value.lte('9999999.99')
}

/** An amount as it is sent: text of digits with at most two decimals, above 0.00 and at most 9999999.99. */
export const amountSent = () => z.string(WRITE).regex(SENT, WRITE).refine(isSendable, WRITE)

/** A day as it is sent. */
export const daySent = () => z.iso.date('Write a date like 2026-10-31.')

/** The number of a page as it is sent: 1 is the first. */
export const pageSent = () =>
  z
    .string()
    .regex(/^[1-9]\d{0,5}$/, 'Write a whole number from 1.')
    .optional()

// What is answered. Amounts and ids are text, tax years numbers, a missing value null.
export const amount = z.string().meta({ examples: ['204.55', '-3.00'] })
export const day = z.string().meta({ format: 'date' })
const number = z.string()
const maybe = <T extends z.ZodType>(schema: T) => z.union([schema, z.null()])

export const accountAnswer = z.object({
  accountNumber: number,
  customerNumber: number,
  customerName: z.string(),
  locationNumber: number,
  serviceAddress: z.string(),
  activityStatus: z.enum(['Current', 'Waiting', 'Final']),
  balance: amount,
  pastDue: amount,
  customerBalance: amount,
  collectionCode: maybe(z.string()),
  alertMessages: z.array(z.string()),
  services: z.array(
    z.object({ service: z.string(), balance: amount, periods: z.array(z.object({ period: day, unpaid: amount })) }),
  ),
  openCredit: amount,
  certifications: z.array(
    z.object({ taxYear: z.int(), balance: amount, certified: amount, fee: amount, notUpdated: amount }),
  ),
  deposits: amount,
})

export const foundAnswer = z.array(
  z.object({
    accountNumber: number,
    customerNumber: number,
    customerName: z.string(),
    locationNumber: number,
    serviceAddress: z.string(),
    activityStatus: z.string(),
    balance: amount,
  }),
)

const lineAnswer = z.object({
  book: z.enum(['utility', 'certification', 'deposit']),
  service: maybe(z.string()),
  amount,
  taxYear: maybe(z.int()),
})

export const transactionsAnswer = z.object({
  transactions: z.array(
    z.object({
      id: z.string(),
      date: day,
      period: day,
      type: z.string(),
      description: z.string(),
      amount,
      runId: maybe(z.string()),
      reverses: maybe(z.string()),
      reversedBy: maybe(z.string()),
      lines: z.array(lineAnswer),
    }),
  ),
})

const shares = z.array(z.object({ service: maybe(z.string()), amount }))
export const previewAnswer = z.object({
  allocations: shares,
  overpayment: shares,
  deferredCharges: z
    .array(z.object({ code: z.string(), name: z.string(), service: z.string(), amount }))
    .optional()
    .meta({ description: 'Charges that waited for a payment and come with this one; absent where none does.' }),
  balanceAfter: amount,
})
export const paymentAnswer = z.object({
  transactionId: z.string(),
  receiptNumber: z.string(),
  ...previewAnswer.shape,
})
export const certifiedAnswer = z.object({ transactionId: z.string(), certificationBalance: amount })
export const transactionAnswer = z.object({ transactionId: z.string() })

export const runState = z.object({ runId: z.string(), state: z.string() })
const previewLine = z.object({ type: z.string(), service: maybe(z.string()), amount, taxYear: maybe(z.int()) })
const testAnswer = z.object({ test: z.string(), value: z.string(), threshold: z.string(), passed: z.boolean() })

export const runAnswerSchema = z.object({
  runId: z.string(),
  kind: z.string(),
  state: z.enum(['preparing', 'prepared', 'posting', 'posted', 'reversed', 'cancelled', 'failed']),
  options: z.unknown(),
  criteria: z.unknown(),
  previewHash: maybe(z.string()),
  count: z.int(),
  total: amount,
  fees: amount,
  posted: z.int(),
  postedAt: maybe(z.string().meta({ format: 'date-time' })),
  outsideCriteria: z.int(),
  accounts: z.array(z.object({ accountNumber: number, before: amount, after: amount, lines: z.array(previewLine) })),
  excluded: z.array(z.object({ accountNumber: number, reasons: z.array(testAnswer) })),
  progress: z.object({ done: z.int(), total: z.int() }).meta({
    description:
      'Accounts; who does not see private customers gets percent while the run is preparing, and then count and excluded.',
  }),
  register: maybe(z.string()),
  reversedBy: maybe(z.string()),
  reverses: maybe(z.string()),
  failure: maybe(z.string()),
})

export const kindsAnswer = z.array(
  z.object({ kind: z.string(), menu: z.string(), title: z.string(), options: z.record(z.string(), z.unknown()) }),
)

export const filesAnswer = z.array(
  z.object({ name: z.string(), mediaType: z.string(), bytes: z.int(), sha256: z.string() }),
)

export const checksAnswer = z.object({
  ok: z.boolean(),
  checks: z.array(z.object({ name: z.string(), title: z.string(), faults: z.int(), accounts: z.array(z.string()) })),
})

const list = z.array(z.string())
export const organizationAnswer = z
  .object({
    services: z.array(z.object({ code: z.string(), name: z.string() }).loose()),
    paymentAllocation: z.object({ first: list, second: list, third: list, overpayment: list, exclude: list }),
    counts: z.object({ delinquent: z.int(), shutoff: z.int(), certifiable: z.int() }),
  })
  .catchall(z.union([z.string(), z.int(), z.boolean(), z.null()]))
  .meta({ description: 'Each setting of organization.csv by its name, as dueDays for due_days.' })

export const problem = z
  .object({
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z.record(z.string(), z.string()).optional(),
    id: z.string().optional(),
  })
  .loose()
