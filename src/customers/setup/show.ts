import { sql } from 'drizzle-orm'
import type { Request, Response } from 'express'
import type { Db } from '../../db/db.ts'
import { settings } from '../../organization/settings.ts'
import { type Context, context } from '../../web/context.ts'
import type { FormView, ShowOptions } from '../../web/form.ts'
import { view } from '../../web/view.ts'
import { choices } from '../rows.ts'
import { draftsOf, STEPS, type Step, type Typed } from './drafts.ts'
import { FINDERS } from './find.ts'
import { isCopied, placeOf } from './place.ts'
import { reviewOf } from './review.ts'
import { formOf, type Given, LABELS, nextStep, tickedOffers, valuesOf, withoutMeter } from './steps.ts'

export const ROOT = '/setup-new-customers'

type Who = Pick<Context, 'db' | 'actor' | 'today'>

/** Everything that the steps of a draft are shown and decided by. */
export async function givenOf({ db, today }: Who, typed: Typed): Promise<Given> {
  return { db, today, typed, place: await placeOf(db, typed), lists: await listsOf(db) }
}

async function listsOf(db: Db): Promise<ShowOptions> {
  return {
    options: {
      customerTypeId: [{ value: 'none', label: 'None' }, ...(await choices(db, sql`customer_type`))],
      collectionCodeId: await choices(db, sql`collection_code`),
      cycleId: await choices(db, sql`cycle`),
      routeId: await choices(db, sql`route`),
      revenueClassId: await choices(db, sql`revenue_class`),
    },
  }
}

/** What a new draft opens with: the next number; from a move-out, the customer to copy from or the landlord's location. */
export async function openingValues(who: Who, asked: Record<string, string>): Promise<Typed> {
  const given = await givenOf(who, {})
  const customer = await valuesOf('customer', given)
  const { previous = '', landlord = '', connect = '' } = asked
  if (previous !== '') {
    return {
      customer: { ...customer, copy: 'on', previous },
      ...(connect === '' ? {} : { location: { connectDate: connect } }),
    }
  }
  if (landlord === '') return { customer }
  const town = await townOf(who.db)
  const place = await valuesOf('location', given, town)
  return { customer, location: { ...place, kind: 'none', landlordOf: landlord } }
}

async function townOf(db: Db): Promise<Record<string, string>> {
  const { city, state, zip } = await settings(db)
  return { city, state, zip }
}

interface Shown {
  id: number
  typed: Typed
  step: Step
  form?: FormView
  refused?: string
  status?: number
}

/** The page of a step, as typed or as proposed. */
export async function showStep(req: Request, res: Response, shown: Shown): Promise<void> {
  const who = context(res)
  const { id, typed, step } = shown
  const given = await givenOf(who, typed)
  const review = step === 'review' ? await reviewOf(given) : null
  const form = shown.form ?? (step === 'review' ? emptyForm(shown.refused) : await formShown(step, given, who.db))
  const data = {
    title: 'Setup New Customers',
    ...{ id, step, form, review, place: given.place, copied: isCopied(typed), help: 'customers/setup/help.njk' },
    action: id === 0 ? startAddress(req) : `${ROOT}/${id}/${step}`,
    steps: STEPS.map((each, at) => ({ step: each, label: LABELS[each], done: at < STEPS.indexOf(step) })),
    next: LABELS[nextStep(step, given)],
    offers:
      step === 'deposits' ? tickedOffers(given).filter(({ depositAllowed }) => depositAllowed) : given.place.offers,
    without: withoutMeter(given),
    mayAddType: who.may('tables.edit'),
    summary: summaryOf(given),
    details: req.query.details === 'yes' || hasNameErrors(form),
    found: await foundOf(req, who.db, typed[step] ?? {}),
    drafts: step === 'customer' && id === 0 ? (await draftsOf(who.db, who.actor.id)).map(draftShown) : [],
  }
  view(req, res, 'customers/setup/step', data, { status: shown.status ?? 200 })
}

/** What another screen asks to begin with: whom to copy from and since when, or the location to become landlord of. */
export function askedOf({ query }: Request): Record<string, string> {
  const known = ['previous', 'connect', 'landlord'].flatMap((name) => {
    const value = query[name]
    return typeof value === 'string' && value !== '' && value.length <= 40 ? [[name, value]] : []
  })
  return Object.fromEntries(known)
}

const startAddress = (req: Request): string => {
  const asked = new URLSearchParams(askedOf(req)).toString()
  return asked === '' ? ROOT : `${ROOT}?${asked}`
}

const emptyForm = (refused?: string): FormView => ({
  fields: [],
  by: {},
  summary: refused ? [{ name: '', id: '', text: refused }] : [],
})

async function formShown(step: Step, given: Given, db: Db): Promise<FormView> {
  return formOf(step, given).show(await valuesOf(step, given, await townOf(db)), {}, given.lists)
}

const hasNameErrors = (form: FormView): boolean =>
  ['title', 'firstName', 'middleName', 'lastName', 'suffix'].some((name) => form.by[name]?.error !== undefined)

async function foundOf(req: Request, db: Db, typed: Record<string, string>) {
  const name = typeof req.query.find === 'string' ? req.query.find : ''
  const finder = Object.hasOwn(FINDERS, name) ? FINDERS[name] : undefined
  if (!finder) return null
  const words = (typed[name] ?? '').trim()
  return { name, title: finder.title, words, matches: await finder.find(db, words, typed) }
}

/** What a draft is called before it is somebody. */
export const draftName = (typed: Typed): string => typed.customer?.name || 'No name yet'

const draftShown = ({ id, typed, changedAt }: { id: number; typed: Typed; changedAt: string }) => ({
  id,
  changedAt,
  name: draftName(typed),
  number: typed.customer?.number ?? '',
})

/** What stands beside the form: the services that are ticked, with the deposits to be collected. */
function summaryOf(given: Given) {
  const amounts = given.typed.deposits ?? {}
  const deposits = amounts.source === given.place.source ? amounts : undefined
  return tickedOffers(given).map((offer) => ({
    ...offer,
    deposit: offer.depositAllowed ? (deposits?.[`deposit-${offer.code}`] ?? offer.defaultDeposit ?? '') : '',
  }))
}
