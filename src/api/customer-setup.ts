import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { orderFromCall } from '../customers/setup/from-call.ts'
import { zipRefusal } from '../customers/setup/rules.ts'
import { setUpCustomer } from '../customers/setup/set-up.ts'
import { one } from '../db/db.ts'
import { NotFound } from '../errors.ts'
import { reconnectLandlord, saveProperty } from '../landlords/agreement.ts'
import { moveOutNow, mustBeLeaving } from '../landlords/move-out.ts'
import { undoMoveOut } from '../landlords/undo.ts'
import { isAddress } from '../mail/rules.ts'
import { FREQUENCY } from '../organization/frequencies.ts'
import { asSent, call, created, ok } from './call.ts'
import { amountSent, daySent } from './schemas.ts'

const number = () => z.string().min(1).max(20)
const text = (most: number) => z.string().max(most).optional()
const quantity = () => z.string().regex(/^\d{1,10}(\.\d{1,4})?$/)

const emailSent = () => text(200).refine((sent) => !sent || isAddress(sent), 'Write one e-mail address.')

function zipHeld(
  { zip = '', country }: { zip?: string | undefined; country?: string | undefined },
  seen: z.RefinementCtx,
) {
  const message = zipRefusal(zip, country)
  if (message) seen.addIssue({ code: 'custom', path: ['zip'], message })
}

const person = z
  .strictObject({
    number: number().optional(),
    kind: z.enum(['individual', 'profit', 'non_profit', 'government']).optional(),
    name: z.string().min(1).max(100),
    customerType: text(20),
    collectionCode: text(20),
    ...{ title: text(20), firstName: text(60), middleName: text(60), lastName: text(60), suffix: text(20) },
    ...{ addressLine1: text(100), addressLine2: text(100), city: text(60), state: text(20) },
    ...{ zip: text(20), country: text(60), phone: text(40), email: emailSent() },
    mailNotices: z.boolean().optional(),
    emailNotices: z.boolean().optional(),
    active: z.boolean().optional(),
  })
  .superRefine(zipHeld)

/** What Setup New Customers takes in one call. */
const setUpBody = z.strictObject({
  customer: person,
  cosigner: number().optional(),
  masterContact: number().optional(),
  /** Account or customer number of the last occupant: location, services and meters come along. */
  copyFrom: number().optional(),
  location: number().optional(),
  newLocation: z
    .strictObject({
      number: number(),
      serviceAddress: z.string().min(1).max(100),
      city: text(60),
      state: text(20),
      zip: text(20),
      parcelNumber: text(50),
      rental: z.boolean().optional(),
      owner: number().optional(),
    })
    .superRefine(zipHeld)
    .optional(),
  landlordOf: number().optional(),
  connectDate: daySent(),
  services: z
    .array(
      z.strictObject({
        service: number(),
        rate: text(20),
        quantity: quantity().optional(),
        units: quantity().regex(/[1-9]/, 'Above zero.').optional(),
        frequency: z.enum(FREQUENCY).optional(),
        connectDate: daySent().optional(),
      }),
    )
    .max(100)
    .optional(),
  deposits: z
    .array(
      z.strictObject({
        service: number(),
        amount: amountSent(),
        installments: z.number().int().min(1).max(24).optional(),
      }),
    )
    .max(100)
    .optional(),
  reads: z
    .array(z.strictObject({ meter: number(), reading: quantity() }))
    .max(100)
    .optional(),
})

const setUp = call({
  method: 'post',
  path: '/customers-setup',
  need: 'customers.edit',
  summary: 'Sets up a customer with location, account, services, agreed deposits and beginning reads: all or nothing',
  body: setUpBody,
  answers: { 201: z.object({ customer: z.string(), account: z.string().nullable(), location: z.string().nullable() }) },
  key: 'call',
  handle: async ({ body, ...who }) => {
    const { order, names } = await orderFromCall(who.db, body)
    const made = await setUpCustomer(who, order).catch((error: unknown) => {
      throw asSent(error, names)
    })
    return created(made)
  },
})

const finalBill = call({
  method: 'post',
  path: '/accounts/{number}/final-bill',
  need: 'customers.edit',
  summary: 'Final bills an account: last reads, services disconnected, deposit applied, final statement, status Final',
  body: z.strictObject({
    date: daySent(),
    reads: z
      .array(z.strictObject({ meter: number(), reading: quantity() }))
      .max(100)
      .optional(),
    applyDeposit: z.boolean().optional(),
    statement: z.boolean().optional(),
    requestId: z.uuid(),
  }),
  answers: { 200: z.looseObject({ activityStatus: z.string(), balance: z.string(), held: z.string() }) },
  handle: async ({ params, body, ...who }) => {
    const account = params.number ?? ''
    const { version } = await mustBeLeaving(who.db, account)
    const { reads = [], applyDeposit = false, statement = false, requestId, date } = body
    await moveOutNow(who, account, { date, version, reads, applyDeposit, statement }, requestId)
    const { activityStatus, balance, held, disconnectDate } = await mustBeLeaving(who.db, account)
    return ok({ account, activityStatus, disconnectDate, balance, held })
  },
})

const undo = call({
  method: 'post',
  path: '/accounts/{number}/final-bill/undo',
  need: 'customers.edit',
  summary: 'Takes a final bill back while nothing was posted since',
  answers: { 200: z.looseObject({ activityStatus: z.string() }) },
  key: 'call',
  handle: async ({ params, ...who }) => {
    await undoMoveOut(who, params.number ?? '')
    return ok({ activityStatus: (await mustBeLeaving(who.db, params.number ?? '')).activityStatus })
  },
})

const landlord = call({
  method: 'put',
  path: '/landlords/{location}',
  need: 'customers.edit',
  summary: 'Who owns a location, whether it is rented, and what was agreed with the landlord',
  body: z.strictObject({
    rental: z.boolean(),
    landlord: z.string().max(20),
    autoConnect: z.boolean(),
    noticeCopies: z.boolean(),
    since: daySent().optional(),
  }),
  answers: { 200: z.object({ location: z.string() }) },
  key: 'call',
  handle: async ({ params, body, ...who }) => {
    const location = params.location ?? ''
    const at = await one<{ version: number }>(who.db, sql`select version from location where number = ${location}`)
    if (!at) throw new NotFound('location')
    await saveProperty(who, location, { ...body, version: at.version })
    return ok({ location })
  },
})

const reconnect = call({
  method: 'post',
  path: '/landlords/{location}/reconnect',
  need: 'customers.edit',
  summary: 'Gives an empty rental back to its landlord: a new account with the same services',
  answers: { 201: z.object({ account: z.string() }) },
  key: 'call',
  handle: async ({ params, ...who }) => created({ account: await reconnectLandlord(who, params.location ?? '') }),
})

export const CUSTOMER_SETUP_CALLS = [setUp, finalBill, undo, landlord, reconnect]
