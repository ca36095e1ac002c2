import type Big from 'big.js'
import type { Day } from '../../ledger/calendar.ts'
import { type Money, ZERO } from '../../ledger/money.ts'
import { STEPS, type Step } from './drafts.ts'
import { isCopied } from './place.ts'
import type { SetUpOrder } from './set-up.ts'
import { checked, type Given, tickedOffers, withoutMeter } from './steps.ts'

type Data = Record<string, unknown>
export type AllSteps = Record<Exclude<Step, 'review'>, Data>

export interface Fault {
  step: Step
  name: string
  text: string
}

const FILLED = STEPS.filter((step): step is Exclude<Step, 'review'> => step !== 'review')

/** All steps, held to their rules: their data, or everything that is wrong with the step it stands on. */
export async function checkAll(given: Given): Promise<{ data: AllSteps; faults: Fault[] }> {
  const data: Partial<AllSteps> = {}
  const faults: Fault[] = []
  for (const step of FILLED) {
    const answer = await checked(step, given)
    if (answer.ok) data[step] = answer.data
    else faults.push(...answer.view.summary.map(({ name, text }) => ({ step, name, text })))
  }
  return { data: data as AllSteps, faults }
}

/** The order that all steps together make. */
export function orderOf(given: Given, data: AllSteps): SetUpOrder {
  const { customer, location } = data
  const optional = (value: unknown) => (value === '' ? undefined : String(value))
  return {
    customer: customerValues(customer),
    cosigner: optional(customer.cosigner),
    masterContact: optional(customer.masterContact),
    location: placeOrder(given, location),
    landlordOf: isCopied(given.typed) ? undefined : optional(location.landlordOf),
    connectDate: location.connectDate as Day,
    services: servicesOf(given, data.services),
    deposits: depositsOf(given, data.deposits),
    reads: given.place.reads.flatMap(({ meterId, number }) => {
      const read = data.meters[`read-${meterId}`] as Big | undefined
      return read === undefined ? [] : [{ meter: number, reading: read.toFixed() }]
    }),
    meters: withoutMeter(given).flatMap(({ code }) => {
      const number = String(data.meters[`meter-${code}`] ?? '')
      const read = data.meters[`begin-${code}`] as Big | undefined
      return number === '' || read === undefined ? [] : [{ number, service: code, reading: read.toFixed() }]
    }),
  }
}

const CUSTOMER = [
  'number',
  'kind',
  'name',
  'title',
  'firstName',
  'middleName',
  'lastName',
  'suffix',
  'collectionCodeId',
] as const
const ADDRESS = ['addressLine1', 'addressLine2', 'city', 'state', 'zip', 'country', 'phone', 'email', 'active'] as const

function customerValues(typed: Data): Data {
  const person = typed.kind === 'individual'
  const names = person
    ? CUSTOMER
    : CUSTOMER.filter((name) => !['title', 'firstName', 'middleName', 'lastName', 'suffix'].includes(name))
  return {
    ...Object.fromEntries([...names, ...ADDRESS].map((name) => [name, typed[name]])),
    ...(person ? {} : { businessName: typed.name }),
    customerTypeId: typed.customerTypeId === 'none' ? undefined : Number(typed.customerTypeId),
    mailNotices: typed.billBy !== 'email',
    emailNotices: typed.billBy !== 'mail',
  }
}

function placeOrder({ typed, place }: Given, data: Data): SetUpOrder['location'] {
  if (isCopied(typed) || data.kind === 'existing') return { existing: place.location?.number ?? '' }
  if (data.kind === 'none') return null
  const { connectDate, kind, location, landlordOf, locationNumber, placeCity, placeState, placeZip, owner, ...values } =
    data
  return {
    new: {
      ...values,
      number: String(locationNumber),
      city: placeCity,
      state: placeState,
      zip: placeZip,
      owner: String(owner ?? ''),
    },
  }
}

const servicesOf = (given: Given, data: Data): SetUpOrder['services'] =>
  tickedOffers(given).map(({ code, copied }) => ({
    service: code,
    copied,
    rate: data[`rate-${code}`] === '' ? null : String(data[`rate-${code}`]),
    quantity: (data[`quantity-${code}`] as Big).toFixed(),
    units: (data[`units-${code}`] as Big).toFixed(),
    frequency: String(data[`frequency-${code}`]),
    connectDate: data[`connect-${code}`] as Day,
  }))

const depositsOf = (given: Given, data: Data): SetUpOrder['deposits'] =>
  tickedOffers(given).flatMap(({ code }) => {
    const amount = data[`deposit-${code}`] as Money | undefined
    if (amount === undefined || amount.lte(ZERO)) return []
    return [{ service: code, amount, installments: Number(data[`parts-${code}`] ?? 1) }]
  })
