import { FREQUENCIES, FREQUENCY } from '../../organization/frequencies.ts'
import { defineForm, field } from '../../web/form.ts'
import {
  checkboxInput,
  codeInput,
  dateInput,
  decimalInput,
  moneyInput,
  numberInput,
  optional,
  optionalEmail,
  optionalText,
  selectInput,
  textInput,
} from '../../web/inputs.ts'
import { unitsInput } from '../forms.ts'
import type { Offer } from './place.ts'

const text = (label: string, max: number, more: object = {}) => field(optionalText(max), { label, ...more })
const tick = (label: string, hint?: string) =>
  field(checkboxInput(), { label, input: 'checkbox', ...(hint ? { hint } : {}) })
const choice = (label: string) => field(optional(numberInput({ min: 1 })), { label, input: 'select', size: 'md' })

/** Step 1: who it is, where the location is copied from, mailing address and telephone. */
export const customerForm = defineForm({
  number: field(codeInput(), {
    label: 'Customer number',
    size: 'sm',
    hint: 'Next available. You may type another.',
    autofocus: true,
  }),
  customerTypeId: field(selectTyped('Choose a customer type, or None.'), { label: 'Customer type', input: 'select' }),
  name: field(textInput(100), { label: 'Name' }),
  kind: field(selectInput(['individual', 'profit', 'non_profit', 'government']), {
    label: 'The name is of',
    input: 'select',
    options: [
      { value: 'individual', label: 'a person' },
      { value: 'profit', label: 'a company' },
      { value: 'non_profit', label: 'a non-profit' },
      { value: 'government', label: 'a government body' },
    ],
    size: 'md',
  }),
  title: text('Title', 20, { size: 'xs' }),
  firstName: text('First name', 60),
  middleName: text('Middle name', 60),
  lastName: text('Last name', 60),
  suffix: text('Suffix', 20, { size: 'xs' }),
  cosigner: text('Cosigner', 100),
  masterContact: text('Master contact', 100),
  collectionCodeId: choice('Collection code'),
  copy: tick('Copy From a Previous Customer', 'Brings the location, services and meters with it.'),
  previous: text('Previous customer number', 100),
  addressLine1: text('Address line 1', 100),
  addressLine2: text('Address line 2', 100),
  city: text('City', 60),
  state: text('State', 20, { size: 'xxs' }),
  zip: text('ZIP', 20, { size: 'sm' }),
  country: text('Country', 60, { hint: 'Empty = United States' }),
  phone: text('Primary phone', 40, { input: 'tel', size: 'md' }),
  email: field(optionalEmail(), { label: 'Email', input: 'email' }),
  billBy: field(selectInput(['mail', 'email', 'both']), {
    label: 'Bill by',
    input: 'select',
    options: [
      { value: 'mail', label: 'Mail' },
      { value: 'email', label: 'Email' },
      { value: 'both', label: 'Mail and email' },
    ],
    size: 'md',
  }),
  active: tick('Active'),
})

/** A type's id or 'none': something must be chosen. */
function selectTyped(message: string) {
  return textInput(10).refine((typed) => typed === 'none' || /^[1-9]\d*$/.test(typed), message)
}

const connectDate = field(dateInput(), {
  label: 'Connect date',
  input: 'date',
  hint: 'In the future: the account waits until then',
})

/** Step 2 after a copy: the location is known. */
export const copiedForm = defineForm({ connectDate })

/** Step 2 without: a new location, an existing one, or none. */
export const locationForm = defineForm({
  kind: field(selectInput(['new', 'existing', 'none']), {
    label: 'Location',
    input: 'radio',
    options: [
      { value: 'new', label: 'New location and service address' },
      { value: 'existing', label: 'Existing location, nothing copied' },
      { value: 'none', label: 'No account: this customer owns property (landlord)' },
    ],
  }),
  connectDate,
  location: text('Existing location', 100),
  landlordOf: text('Landlord of location', 20, { size: 'sm', hint: 'This customer becomes its owner; it is rented' }),
  locationNumber: text('Location number', 20, { size: 'sm', hint: 'Next available. You may type another.' }),
  serviceAddress: text('Service address', 100),
  placeCity: text('City', 60),
  placeState: text('State', 20, { size: 'xxs' }),
  placeZip: text('Zip', 20, { size: 'sm' }),
  cycleId: choice('Cycle'),
  routeId: choice('Route'),
  readSequence: text('Read sequence', 20, { size: 'sm' }),
  revenueClassId: choice('Revenue Class'),
  parcelNumber: text('Parcel No.', 50, { size: 'md' }),
  description: text('Location desc.', 100),
  region: text('Region/Subdivision', 100),
  crossStreet: text('Cross Street', 100),
  altLocationId: text('Alt Location ID', 40, { size: 'md' }),
  owner: text('Owner', 20, { size: 'sm', hint: 'Customer number of the landlord of a rental' }),
  rental: tick('Rental'),
  outOfTown: tick('Out of town'),
})

const decimal = (label: string) => field(decimalInput({ places: 4 }), { label, size: 'xs' })

/** The fields of one service: Billing Service Details. */
const serviceFields = ({ code, name }: Offer) => ({
  [`on-${code}`]: tick(`${code} ${name}`),
  [`rate-${code}`]: text(`Rate of ${name}`, 20, { size: 'sm' }),
  [`quantity-${code}`]: decimal(`Quantity of ${name}`),
  [`units-${code}`]: field(unitsInput(), { label: `Unit/shares of ${name}`, size: 'xs' }),
  [`frequency-${code}`]: field(selectInput(FREQUENCY), {
    label: `Frequency of ${name}`,
    input: 'select',
    options: FREQUENCIES,
  }),
  [`connect-${code}`]: field(dateInput(), { label: `Connect date of ${name}`, input: 'date' }),
})

/** Step 3: a check box for each service that is offered, with its details. */
export const servicesForm = (offers: readonly Offer[]) =>
  defineForm(Object.assign({ source: text('', 60, { input: 'hidden' }) }, ...offers.map(serviceFields)))

/** Step 4: what is to be collected for each service; blank = no deposit. */
export const depositsForm = (offers: readonly Offer[]) =>
  defineForm(
    Object.assign(
      { source: text('', 60, { input: 'hidden' }) },
      ...offers.map(({ code, name }) => ({
        [`deposit-${code}`]: field(optional(moneyInput({ zero: true })), {
          label: `Deposit for ${name}`,
          input: 'money',
        }),
        [`parts-${code}`]: field(optional(numberInput({ min: 1 })), {
          label: `Instalments of the deposit for ${name}`,
          input: 'number',
        }),
      })),
    ),
  )

/** Step 5: the read that each meter begins with, and a meter for each metered service that has none there. */
export const metersForm = (meters: readonly { meterId: number; number: string }[], without: readonly Offer[]) =>
  defineForm(
    Object.assign(
      { source: text('', 60, { input: 'hidden' }) },
      ...meters.map(({ meterId, number }) => ({
        [`read-${meterId}`]: field(optional(decimalInput({ places: 4 })), {
          label: `Beginning read of meter ${number}`,
          size: 'sm',
        }),
      })),
      ...without.map(({ code, name }) => ({
        [`meter-${code}`]: text(`Meter number for ${name}`, 20, { size: 'sm' }),
        [`begin-${code}`]: field(optional(decimalInput({ places: 4 })), {
          label: `Beginning read for ${name}`,
          size: 'sm',
        }),
      })),
    ),
  )
