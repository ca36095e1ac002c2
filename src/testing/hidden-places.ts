import { sql } from 'drizzle-orm'
import { may } from '../auth/permissions.ts'
import { one } from '../db/db.ts'
import type { Route } from '../web/routes.ts'
import type { TestTown } from './database.ts'

/** Who asks: each of them sees public customers only. The first who may use a route asks for it. */
export const ASKERS = ['clerk', 'supervisor', 'auditor'] as const
export type Asker = (typeof ASKERS)[number]

/** The first of the askers who may open a route; undefined = it is the administrators' alone. */
export const askerOf = ({ need }: Route): Asker | undefined =>
  ASKERS.find((role) => need === 'signed-in' || need === 'anyone' || may(role, need))

/**
 * Pieces of an address behind which something private may stand: `contacts/:id`, with the SQL of the hidden one. A route
 * with a piece that is neither here nor in OPEN fails the test that fills them, by its name.
 */
const HIDDEN: Record<string, string> = {
  'accounts/:number': 'account',
  'panel/:number': 'account',
  'final-bill/:number': 'account',
  'payments/:number': 'account',
  'adjustments/:number': 'account',
  'customers/:number': 'customer',
  'contacts/:id': 'select id from contact where customer_id = :customer',
  'codes/:id': 'select id from assigned_code where customer_id = :customer',
  'documents/:id': 'select id from document where customer_id = :customer',
  'addresses/:key': 'select id from customer_address where customer_id = :customer',
  'phones/:key': 'select id from customer_phone where customer_id = :customer',
  'addresses/:id': 'select id from customer_address where customer_id = :customer',
  'phones/:id': 'select id from customer_phone where customer_id = :customer',
  'notes/:id': 'select id from note where customer_id = :customer',
  'attachments/:file':
    'select x.id from note_attachment x join note n on n.id = x.note_id where n.customer_id = :customer',
  'demographics/:id': 'select id from demographic where customer_id = :customer',
  'demographic-variances/:id':
    'select v.id from demographic_variance v join demographic d on d.id = v.demographic_id where d.customer_id = :customer',
  'recurring-items/:id': 'select id from applied_item where customer_id = :customer',
  'special-conditions/:id': 'select id from special_condition where customer_id = :customer',
  'service-orders/:id': 'select id from service_order where customer_id = :customer',
  'new/:draft': 'select d.id from arrangement_draft d where d.account_id = :account',
  'plan/:plan': 'select number from arrangement where account_id = :planned',
  'arrangements/:arrangement': 'select number from arrangement where account_id = :planned',
  'statements/:statement': 'select number from ledger.statement where account_id = :account',
  'transactions/:transaction':
    "select coalesce(number, id::text) from ledger.transaction where account_id = :account and type = 'Bill' order by id desc",
  'transactions/:id':
    "select coalesce(number, id::text) from ledger.transaction where account_id = :account and type = 'Bill' order by id desc",
  'alerts/:id': 'select id from customer_alert where customer_id = :customer',
  'refunds/:transaction':
    "select coalesce(number, id::text) from ledger.transaction where account_id = :account and type = 'Ref'",
  'unposted/:entry': 'select id from ledger.batch_entry where account_id = :account',
  'deposits/:deposit': 'select number from deposit_agreement where account_id = :account',
  'receipts/:receipt': 'select receipt from ledger.transaction where account_id = :account and receipt is not null',
  'master-contacts/:number':
    'select m.number from master_contact m join customer c on c.master_contact_id = m.id where c.id = :customer',
  'certifications/:certification':
    'select coalesce(number, id::text) from ledger.certification where account_id = :planned',
  // that a register has a second one, without them, says that there are some
  'files/:name': "select name from ledger.run_file where name = 'register-public.csv' and run_id = :run",
}

/** Pieces that stand for what everybody may know, with one of them. */
const OPEN: Record<string, string> = {
  'runs/:id': 'select :run',
  'batches/:run': "select id from ledger.run where kind = 'payments.batch' order by id desc",
  'locations/:number': 'select n.number from location n join account a on a.location_id = n.id where a.id = :account',
  'landlords/:location': 'select n.number from location n join account a on a.location_id = n.id where a.id = :account',
  'meters/:number':
    'select m.number from meter m join account a on a.location_id = m.location_id where a.id = :account',
  'installations/:meter':
    'select m.id from meter m join account a on a.location_id = m.location_id where a.id = :account',
  'reads/:id':
    'select r.id from reading r join meter m on m.id = r.meter_id join account a on a.location_id = m.location_id where a.id = :account',
  'permits/:id': 'select 1',
  'services/:service': "select 'WA'",
  'explain/:service': "select 'WA'",
  ':service/:bucket': "select '2026-09-30'",
  'certified/:taxYear': 'select 2026',
  'cases/:year': 'select 2026',
  'layouts/:code': "select 'csv'",
  'menu/:name': "select 'customers'",
  ':id/:step': "select 'customer'",
  'setup-new-customers/:id': 'select 1',
  'recurring-items/:item': "select 'SEN'",
  'county-layouts/:code': "select 'csv'",
}
// set-up and what is one's own, by numbers that mean something else elsewhere
const OWN = /^\/(organization|service-orders|me)\//
// a row of a set-up table
const SET_UP = /^\/api\/v1\/[\w-]+\/:(code|number|name|item)$/

export interface Target {
  account: number
  accountNumber: string
  customer: number
  customerNumber: string
  /** An account with a payment plan. */
  planned: number
  plannedNumber: string
  run: number
}

/** `/panel/:number/notes/:id` → `panel/:number`, `notes/:id`. */
const pieces = (path: string): string[] => {
  const all = path.split('/').slice(1)
  return all.flatMap((piece, at) => (piece.startsWith(':') ? [`${all[at - 1]}/${piece}`] : []))
}

const keyOf = (path: string, piece: string): 'hidden' | 'open' | 'unknown' => {
  if (OWN.test(path)) return 'open'
  if (Object.hasOwn(HIDDEN, piece)) return 'hidden'
  return Object.hasOwn(OPEN, piece) || SET_UP.test(path) ? 'open' : 'unknown'
}

/** Pieces of a route that nobody here knows how to fill. */
export const unknownPieces = ({ path }: Route): string[] =>
  pieces(path).filter((piece) => keyOf(path, piece) === 'unknown')

export const hidesSomething = ({ path }: Route): boolean =>
  pieces(path).some((piece) => keyOf(path, piece) === 'hidden')

async function hiddenValue(town: TestTown, path: string, piece: string, target: Target): Promise<string | undefined> {
  const plan = /plan\/|arrangements?\/:|certifications\//.test(path)
  const asked = HIDDEN[piece] ?? OPEN[piece]
  if (asked === 'account') return plan ? target.plannedNumber : target.accountNumber
  if (asked === 'customer') return target.customerNumber
  if (asked === undefined) return undefined
  const filled = asked.replace(/(?<!:):(\w+)/g, (_, name: keyof Target) => `${target[name]}`)
  return (await one<{ value: string }>(town.db, sql.raw(`select x.value::text from (${filled} limit 1) x(value)`)))
    ?.value
}

const ABSENT: Record<string, string> = { account: '99999.01', customer: '99999' }

/** Something of the same form that does not exist. */
const absentOf = (piece: string): string =>
  ABSENT[HIDDEN[piece] ?? ''] ?? (/:(id|key|file|draft|entry)$/.test(piece) ? '99999999' : 'Zq-none')

export interface Filled {
  /** With what is hidden. */
  address: string
  /** The same with what does not exist. */
  absent: string
  /** What to take out of both answers before they are compared. */
  written: string[]
}

/**
 * A route's address with hidden values; `within`: behind the first piece of somebody who is seen, where the route has a
 * second one that is hidden. Nothing where the route has none such, or the town no such row: `missing` says which.
 */
export async function filledWith(
  town: TestTown,
  route: Route,
  hidden: Target,
  within?: Target,
): Promise<Filled | { missing: string } | undefined> {
  const named = pieces(route.path)
  const behind = named.filter((piece, at) => keyOf(route.path, piece) === 'hidden' && (within === undefined || at > 0))
  if (behind.length === 0) return undefined
  let [address, absent] = [route.path, route.path]
  const written: string[] = []
  for (const piece of named) {
    const isHidden = behind.includes(piece)
    const value = await hiddenValue(town, route.path, piece, isHidden || !within ? hidden : within)
    if (value === undefined) return { missing: piece }
    const param = piece.slice(piece.indexOf('/') + 1)
    const put = (into: string, what: string) => into.replace(new RegExp(`${param}(?=/|$)`), encodeURIComponent(what))
    address = put(address, value)
    absent = put(absent, isHidden ? absentOf(piece) : value)
    if (isHidden) written.push(value, absentOf(piece))
  }
  return { address, absent, written }
}
