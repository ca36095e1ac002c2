import type { Db } from '../../db/db.ts'
import { type Day, formatDay } from '../../ledger/calendar.ts'
import { type Money, text, ZERO } from '../../ledger/money.ts'
import type { FormView, ShowOptions } from '../../web/form.ts'
import { nextNumber } from '../rows.ts'
import { checkStep } from './checks.ts'
import { STEPS, type Step, type Typed } from './drafts.ts'
import { copiedForm, customerForm, depositsForm, locationForm, metersForm, servicesForm } from './forms.ts'
import { isCopied, type Offer, type Place } from './place.ts'
import { zipRefusal } from './rules.ts'

/** A form whose fields depend on what is offered. */
interface StepForm {
  shape: object
  show(values?: object, errors?: Record<string, string>, options?: ShowOptions): FormView
  parse(body: unknown, options?: ShowOptions): { ok: true; data: unknown } | { ok: false; view: FormView }
}

export interface Given {
  db: Db
  today: Day
  typed: Typed
  place: Place
  lists: ShowOptions
}

/** What was typed on a step, where it was typed for the place as it is now. */
function own(step: Step, { typed, place }: Pick<Given, 'typed' | 'place'>): Record<string, string> | undefined {
  const found = typed[step]
  const depends = step === 'services' || step === 'deposits' || step === 'meters'
  return depends && found?.source !== place.source ? undefined : found
}

/** The services that are ticked: as typed, else as proposed. */
export function tickedOffers(given: Pick<Given, 'typed' | 'place'>): Offer[] {
  const typed = own('services', given)
  return given.place.offers.filter(({ code, ticked }) => (typed ? typed[`on-${code}`] !== undefined : ticked))
}

const takingDeposits = (given: Pick<Given, 'typed' | 'place'>): Offer[] =>
  tickedOffers(given).filter(({ depositAllowed }) => depositAllowed)

/** Metered services that are ticked and have no meter at the location. */
export const withoutMeter = (given: Pick<Given, 'typed' | 'place'>): Offer[] =>
  tickedOffers(given).filter(
    ({ kind, code }) => kind === 'metered' && !given.place.reads.some(({ service }) => service === code),
  )

export function formOf(step: Step, given: Pick<Given, 'typed' | 'place'>): StepForm {
  if (step === 'customer') return customerForm
  if (step === 'location') return isCopied(given.typed) ? copiedForm : locationForm
  if (step === 'services') return servicesForm(given.place.offers)
  if (step === 'deposits') return depositsForm(takingDeposits(given))
  return metersForm(given.place.reads, withoutMeter(given))
}

export const connectOf = ({ typed, today }: Pick<Given, 'typed' | 'today'>): string =>
  typed.location?.connectDate ?? formatDay(today)

/** What a step opens with where nothing was typed on it yet. */
export async function proposed(
  step: Step,
  given: Given,
  town: Record<string, string> = {},
): Promise<Record<string, string>> {
  const { db, place, today } = given
  if (step === 'customer')
    return { number: await nextNumber(db, 'customer'), kind: 'individual', billBy: 'mail', active: 'on' }
  if (step === 'location') {
    const { city = '', state = '', zip = '' } = town
    const at = { placeCity: city, placeState: state, placeZip: zip, connectDate: formatDay(today) }
    return isCopied(given.typed)
      ? { connectDate: formatDay(today) }
      : { kind: 'new', locationNumber: await nextNumber(db, 'location'), ...at }
  }
  const source = { source: place.source }
  if (step === 'services')
    return Object.assign(source, ...place.offers.map((offer) => serviceValues(offer, connectOf(given))))
  if (step === 'deposits') return Object.assign(source, ...takingDeposits(given).map(depositValues))
  return Object.assign(source, ...place.reads.map(({ meterId, reading }) => ({ [`read-${meterId}`]: reading ?? '' })))
}

const serviceValues = (offer: Offer, connect: string): Record<string, string> => ({
  ...(offer.ticked ? { [`on-${offer.code}`]: 'on' } : {}),
  [`rate-${offer.code}`]: offer.rate,
  [`quantity-${offer.code}`]: offer.quantity,
  [`units-${offer.code}`]: offer.units,
  [`frequency-${offer.code}`]: offer.frequency,
  [`connect-${offer.code}`]: connect,
})

const depositValues = ({ code, defaultDeposit }: Offer): Record<string, string> => ({
  [`deposit-${code}`]: defaultDeposit ?? '',
  [`parts-${code}`]: '1',
})

/** The values of a step: as typed, else as proposed. */
export async function valuesOf(
  step: Step,
  given: Given,
  town?: Record<string, string>,
): Promise<Record<string, string>> {
  return own(step, given) ?? (await proposed(step, given, town))
}

export type Checked = { ok: true; data: Record<string, unknown> } | { ok: false; view: FormView }

/** A step as it stands, held to its rules: typed data, or the form with what is wrong. */
export async function checked(step: Step, given: Given): Promise<Checked> {
  const form = formOf(step, given)
  const values = await valuesOf(step, given)
  const known = Object.fromEntries(Object.entries(values).filter(([name]) => Object.hasOwn(form.shape, name)))
  const parsed = form.parse(known, given.lists)
  const zips = zipErrors(known)
  if (!parsed.ok) return { ok: false, view: form.show(known, { ...zips, ...errorsOf(parsed.view) }, given.lists) }
  const errors = { ...zips, ...(await checkStep(step, given, parsed.data as Record<string, unknown>)) }
  if (Object.keys(errors).length > 0) return { ok: false, view: form.show(known, errors, given.lists) }
  return { ok: true, data: parsed.data as Record<string, unknown> }
}

const errorsOf = ({ summary }: FormView) => Object.fromEntries(summary.map(({ name, text }) => [name, text]))

/** A ZIP is held to its country, which is another field: asked beside the form's own rules, for all to be said at once. */
function zipErrors({ zip = '', country, placeZip = '' }: Record<string, string>): Record<string, string> {
  const [mail, place] = [zipRefusal(zip, country), zipRefusal(placeZip)]
  return { ...(mail ? { zip: mail } : {}), ...(place ? { placeZip: place } : {}) }
}

/** What is to be collected in deposits as the draft stands. */
export function toCollect(data: Record<string, unknown>): string {
  const amounts = Object.entries(data).filter(([name, value]) => name.startsWith('deposit-') && value !== undefined)
  return text(amounts.reduce((sum, [, value]) => sum.plus(value as Money), ZERO))
}

export const LABELS: Record<Step, string> = {
  customer: 'Customer',
  location: 'Location',
  services: 'Billing services',
  deposits: 'Deposits',
  meters: 'Meters',
  review: 'Review and save',
}

/** The step after this one; a customer without an account has no services, deposits and meters. */
export function nextStep(step: Step, { typed }: Pick<Given, 'typed'>): Step {
  if (step === 'location' && !isCopied(typed) && typed.location?.kind === 'none') return 'review'
  return STEPS[Math.min(STEPS.indexOf(step) + 1, STEPS.length - 1)] ?? 'review'
}

export const stepBefore = (step: Step): Step => STEPS[Math.max(STEPS.indexOf(step) - 1, 0)] ?? 'customer'
