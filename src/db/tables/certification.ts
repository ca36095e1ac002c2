import { sql } from 'drizzle-orm'
import { bigint, check, index, integer, primaryKey, smallint, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core'
import { amount, day, flag } from './columns.ts'
import { ledgerSchema } from './ledger.ts'

const id = () => bigint({ mode: 'number' })
const moment = () => timestamp({ withTimezone: true, mode: 'string' })

/** Taken when a certification is staged, so that posting copies rows as they are. */
export const certificationId = ledgerSchema.sequence('certification_id')

/** One account's certification of one run. Lines are by service and bucket; the fee is the account's and tax year's. */
const certificationColumns = () => ({
  accountId: integer().notNull(),
  taxYear: smallint().notNull(),
  date: day().notNull(),
  fee: amount().notNull(),
  parcelNumber: text(),
})

export const certification = ledgerSchema.table(
  'certification',
  {
    id: integer().primaryKey(),
    number: text(),
    runId: id().notNull(),
    runNumber: text(),
    ...certificationColumns(),
    noticeDate: day(),
    updatedDate: day(),
    updatedRunId: id(),
    padjId: id(),
    feeTransactionId: id(),
    countyFile: text(),
    countyRunId: id(),
    countyMustBeTold: flag(false),
    withdrawnAt: moment(),
    /** Why it, or a part of it, was withdrawn by hand; each withdrawal on a line of its own. */
    withdrawalReason: text(),
    version: integer().notNull().default(1),
    changedBy: integer().notNull().default(0),
  },
  (t) => [
    index('certification_account').on(t.accountId, t.taxYear),
    index('certification_run').on(t.runId),
    uniqueIndex('certification_number').on(t.number).where(sql`${t.number} is not null`),
  ],
)

/** certified = paid before update + withdrawn + what is (or will be) posted. */
export const certificationLine = ledgerSchema.table(
  'certification_line',
  {
    certificationId: integer()
      .notNull()
      .references(() => certification.id),
    serviceId: smallint().notNull(),
    agingPeriod: day().notNull(),
    certified: amount().notNull(),
    paidBefore: amount().notNull().default('0'),
    withdrawn: amount().notNull().default('0'),
  },
  (t) => [
    primaryKey({ columns: [t.certificationId, t.serviceId, t.agingPeriod] }),
    check(
      'certification_line_whole',
      sql`${t.certified} > 0 and ${t.paidBefore} >= 0 and ${t.withdrawn} >= 0 and ${t.paidBefore} + ${t.withdrawn} <= ${t.certified}`,
    ),
  ],
)

/** A bucket that is certified and not yet updated belongs to one certification: it is not certified again. */
export const certificationClaim = ledgerSchema.table(
  'certification_claim',
  {
    accountId: integer().notNull(),
    serviceId: smallint().notNull(),
    agingPeriod: day().notNull(),
    certificationId: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.serviceId, t.agingPeriod] }),
    index('certification_claim_certification').on(t.certificationId),
  ],
)

export const stagedCertification = ledgerSchema.table(
  'staged_certification',
  {
    runId: id().notNull(),
    id: integer().notNull().default(sql`nextval('ledger.certification_id')`),
    ...certificationColumns(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.id] })],
)

export const stagedCertificationLine = ledgerSchema.table(
  'staged_certification_line',
  {
    runId: id().notNull(),
    certificationId: integer().notNull(),
    serviceId: smallint().notNull(),
    agingPeriod: day().notNull(),
    certified: amount().notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.certificationId, t.serviceId, t.agingPeriod] })],
)
