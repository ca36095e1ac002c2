import { z } from 'zod'
import { NOT_SHOWN } from '../customers/owner-change.ts'
import { mustBeProperty, type PropertyRow, properties, propertyCount, SHOWN } from '../landlords/agreement.ts'
import { call, ok } from './call.ts'
import { day, pageSent } from './schemas.ts'

const PAGE = 100
const text = z.union([z.string(), z.null()])
const someDay = z.union([day, z.null()])

const PROPERTY = z.object({
  location: z.string(),
  address: z.string(),
  rental: z.boolean(),
  landlord: text.meta({ description: 'Customer number, or "not shown".' }),
  landlordName: text,
  autoConnect: z.boolean(),
  noticeCopies: z.boolean(),
  since: someDay,
  account: text,
  resident: text,
  residentIsLandlord: z.boolean(),
  occupied: z.boolean(),
  waiting: text,
  waitingName: text,
  waitingDate: someDay,
  last: text,
  lastName: text,
  lastDate: someDay,
  lastIsLandlord: z.boolean(),
})

/** As the screen says it: a landlord who is not shown is told as such, his number is not. */
function answerOf(row: PropertyRow) {
  const landlord = row.hidden ? NOT_SHOWN : row.landlord
  return Object.fromEntries(Object.keys(PROPERTY.shape).map((name) => [name, { ...row, landlord }[name as 'location']]))
}

const list = call({
  method: 'get',
  path: '/landlords',
  need: 'customers.view',
  summary: `Rentals and owned locations with landlord, resident and who comes next; ${PAGE} a page`,
  query: z.strictObject({
    query: z.string().max(100).optional(),
    show: z.enum(SHOWN, `Write one of ${SHOWN.join(', ')}.`).optional(),
    page: pageSent(),
  }),
  answers: { 200: z.object({ count: z.int(), properties: z.array(PROPERTY) }) },
  handle: async ({ db, query }) => {
    const { query: words = '', show: which = 'rental', page } = query
    const found = await properties(db, which, words, PAGE, (Number(page ?? 1) - 1) * PAGE)
    return ok({ count: await propertyCount(db, which, words), properties: found.map(answerOf) })
  },
})

const show = call({
  method: 'get',
  path: '/landlords/{location}',
  need: 'customers.view',
  summary: 'Who owns a location, whether it is rented, and what was agreed with the landlord',
  answers: { 200: PROPERTY },
  handle: async ({ db, params }) => ok(answerOf(await mustBeProperty(db, params.location ?? ''))),
})

export const LANDLORD_CALLS = [list, show]
