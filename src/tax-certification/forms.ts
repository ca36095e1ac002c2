import { z } from 'zod'
import { moneyOf, ZERO } from '../ledger/money.ts'

const day = () => z.iso.date('Write a date like 2026-10-31.')
const taxYear = () => z.number('Write a year like 2026.').int().min(1900).max(9999)
const runId = () =>
  z.union([z.string().regex(/^[\w.-]{1,20}$/, 'Name a run by its number.'), z.number().int().positive()])

/** The section Update Customer Accounts, the same on Create Tax Certification Records and Update Customer Balances. */
const accountUpdate = {
  assignCollectionCode: z.string().max(20).optional(),
  replaceExistingCollectionCode: z.boolean().optional(),
  addAlertMessage: z.string().max(200, 'At most 200 characters.').optional(),
  updateCustomersWithExistingAlert: z.boolean().optional(),
  existingAlertMessages: z.enum(['replace', 'append']).optional(),
}

export const createOptions = z.strictObject({
  date: day(),
  taxYear: taxYear(),
  minimumCheck: z.enum(['ignore', 'service', 'delinquent', 'prior', 'current']).optional(),
  ...accountUpdate,
})
export type CreateOptions = z.infer<typeof createOptions>

const include = z.union([
  z.strictObject({ unupdated: z.literal(true) }),
  z.strictObject({ runId: runId() }),
  z.strictObject({ from: day(), to: day() }),
])
export type Include = z.infer<typeof include>

export const updateOptions = z
  .strictObject({
    /** Opens the printed list of what was posted, on screen; the register is made either way. */
    print: z.boolean().optional(),
    date: day(),
    description: z.string().max(100, 'At most 100 characters.').optional(),
    include,
    updateAlreadyUpdated: z.boolean().optional(),
    reason: z.string().max(500).optional(),
    ...accountUpdate,
  })
  .refine((given) => !given.updateAlreadyUpdated || !('unupdated' in given.include), {
    path: ['include'],
    message: 'Choose a run or a range of dates: certifications already updated are replaced for those only.',
  })
  .refine((given) => !given.updateAlreadyUpdated || (given.reason ?? '').trim() !== '', {
    path: ['reason'],
    message: 'Say why they are updated again.',
  })
  .refine((given) => !('from' in given.include) || given.include.from <= given.include.to, {
    path: ['include'],
    message: 'The first date is later than the last.',
  })
export type UpdateOptions = z.infer<typeof updateOptions>

export const noticeOptions = z.strictObject({
  date: day(),
  taxYear: taxYear(),
  /** Only the certifications of this run. */
  runId: runId().optional(),
  /** Default: the organization's. */
  payBy: day().optional(),
  hearing: day().optional(),
  /** Prints those again that were sent a notice already. */
  reprint: z.boolean().optional(),
})
export type NoticeOptions = z.infer<typeof noticeOptions>

export const countyOptions = z.strictObject({ taxYear: taxYear(), layout: z.string().max(20) })
export type CountyOptions = z.infer<typeof countyOptions>

export const importOptions = z.strictObject({
  fileName: z.string().min(1).max(200),
  /** The file as text: a header line, then columns account or parcel, tax year, amount, date, check number, source id. */
  content: z.string().min(1).max(5_000_000, 'The file is larger than 5 MB.'),
})
export type ImportOptions = z.infer<typeof importOptions>

const amountText = () =>
  z.string().refine((written) => {
    const read = moneyOf(written)
    return read.ok && read.value.gt(ZERO) && read.value.lte('9999999.99')
  }, 'Write an amount above 0.00 and at most 9999999.99, like 42.50.')

/** Body of `POST /accounts/{number}/certification-payments`; the amount is the whole balance where it is left out. */
export const certificationPaymentBody = z.strictObject({
  taxYear: taxYear(),
  amount: amountText().optional(),
  date: day(),
  method: z.string().max(20).optional(),
  checkNumber: z.string().max(40).optional(),
  sourceId: z.string().max(40).optional(),
  description: z.string().max(100).optional(),
})
export type CertificationPaymentBody = z.infer<typeof certificationPaymentBody>

/** Body of `POST /accounts/{number}/certification-adjustments`. */
export const certificationAdjustmentBody = z.strictObject({
  taxYear: taxYear(),
  service: z.string().max(20).optional(),
  amount: amountText(),
  reason: z.enum(['removed', 'paid', 'write_off']),
  date: day(),
  /** How a payment at city hall was made. */
  method: z.string().max(20).optional(),
  checkNumber: z.string().max(40).optional(),
  description: z.string().max(100).optional(),
})
export type CertificationAdjustmentBody = z.infer<typeof certificationAdjustmentBody>

/** What of a certification is withdrawn: all of it, one service, or an amount. */
export const withdrawalBody = z.strictObject({
  service: z.string().max(20).optional(),
  amount: amountText().optional(),
  reason: z.string().min(1, 'Say why it is withdrawn.').max(500),
})
export type WithdrawalBody = z.infer<typeof withdrawalBody>
