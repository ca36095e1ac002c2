import { defineForm, field } from '../web/form.ts'
import {
  checkboxInput,
  codeInput,
  dateInput,
  decimalInput,
  linesInput,
  numberInput,
  optional,
  optionalText,
  selectInput,
  textInput,
} from '../web/inputs.ts'

const version = field(optional(numberInput()), { label: '', input: 'hidden' })
const idInput = () => numberInput({ min: 1 })
const choice = (label: string) => field(optional(idInput()), { label, input: 'select', size: 'md' })
const text = (label: string, max: number, more: object = {}) => field(optionalText(max), { label, ...more })
const tick = (label: string, hint?: string) =>
  field(checkboxInput(), { label, input: 'checkbox', ...(hint ? { hint } : {}) })

export const CUSTOMER_KINDS = [
  { value: 'individual', label: 'Individual' },
  { value: 'profit', label: 'Profit (corporate)' },
  { value: 'non_profit', label: 'Non-Profit' },
  { value: 'government', label: 'Government' },
] as const

const customerFields = {
  version,
  number: field(codeInput(), { label: 'Customer Number', size: 'sm' }),
  kind: field(selectInput(['individual', 'profit', 'non_profit', 'government']), {
    label: 'Kind',
    input: 'select',
    options: CUSTOMER_KINDS,
    size: 'md',
  }),
  name: field(textInput(100), {
    label: 'Name',
    hint: 'As on bills; an individual is a person, else the business name',
    autofocus: true,
  }),
  customerTypeId: choice('Customer Type'),
  title: text('Title', 20, { size: 'sm' }),
  firstName: text('First name', 60),
  middleName: text('Middle name', 60),
  lastName: text('Last name', 60),
  suffix: text('Suffix', 20, { size: 'sm' }),
  businessName: text('Business Name', 100),
  altCustomerId: text('Alt Customer ID', 40, { size: 'md', hint: 'The number in an earlier system' }),
  collectionCodeId: choice('Collection Code'),
  addressLine1: text('Address Line 1', 100),
  addressLine2: text('Address Line 2', 100),
  city: text('City', 60),
  state: text('State', 20, { size: 'xs' }),
  zip: text('Zip', 20, { size: 'sm' }),
  phone: text('Phone No.', 40, { input: 'tel', size: 'md' }),
  email: text('Email address', 200, { input: 'email' }),
  mailNotices: tick('Mail notices'),
  emailNotices: tick('Email notices'),
  active: tick('Active'),
  bankrupt: tick('Bankrupt'),
  doNotAcceptPayments: tick('Do Not Accept Any Payments'),
}

/** Customer, for those who may not make private ones. */
export const customerForm = defineForm(customerFields)

/** Customer, for administrators: Public ticked off makes it private, for administrators only, on every surface. */
export const customerFormPrivate = defineForm({
  ...customerFields,
  public: tick('Public', 'Off: private, shown to administrators only'),
})

export const locationForm = defineForm({
  version,
  number: field(codeInput(), { label: 'Location Number', size: 'sm' }),
  serviceAddress: field(textInput(100), { label: 'Service Address', autofocus: true }),
  city: text('City', 60),
  state: text('State', 20, { size: 'xs' }),
  zip: text('Zip', 20, { size: 'sm' }),
  parcelNumber: text('Parcel No.', 50, { size: 'md' }),
  cycleId: choice('Cycle'),
  routeId: choice('Route'),
  readSequence: text('Read sequence', 20, { size: 'sm' }),
  revenueClassId: choice('Revenue Class'),
  description: text('Location desc.', 100),
  region: text('Region/Subdivision', 100),
  crossStreet: text('Cross Street', 100),
  altLocationId: text('Alt Location ID', 40, { size: 'md' }),
  owner: text('Owner', 20, { size: 'sm', hint: 'Customer number of the owner, when it is not the customer' }),
  rental: tick('Rental'),
  outOfTown: tick('Out of town'),
})

export const accountForm = defineForm({
  version,
  number: field(codeInput(), { label: 'Account Number', size: 'sm' }),
  customer: field(codeInput(), { label: 'Customer Number', size: 'sm' }),
  location: field(codeInput(), { label: 'Location Number', size: 'sm' }),
  activityStatus: field(selectInput(['Current', 'Waiting', 'Final']), {
    label: 'Activity status',
    input: 'select',
    options: ['Current', 'Waiting', 'Final'],
    size: 'sm',
    hint: 'Waiting connects in the future; Final is disconnected and its final bill posted',
  }),
  accountStatusId: field(idInput(), { label: 'Account Status', input: 'select', size: 'md' }),
  connectDate: field(optional(dateInput()), { label: 'Connect date', input: 'date' }),
  disconnectDate: field(optional(dateInput()), { label: 'Disconnect date', input: 'date' }),
})

export const serviceForm = defineForm({
  version,
  serviceId: field(idInput(), { label: 'Service', input: 'select', size: 'md' }),
  rate: text('Rate', 20, { size: 'sm' }),
  quantity: field(decimalInput({ places: 4 }), { label: 'Quantity', size: 'sm' }),
  units: field(decimalInput({ places: 4 }), { label: 'Unit/shares', size: 'sm' }),
  frequency: field(selectInput(['monthly', 'bimonthly', 'quarterly', 'semiannual', 'annual']), {
    label: 'Frequency',
    input: 'select',
    options: ['monthly', 'bimonthly', 'quarterly', 'semiannual', 'annual'].map((value) => ({
      value,
      label: (value[0] ?? '').toUpperCase() + value.slice(1),
    })),
    size: 'md',
  }),
  connectDate: field(optional(dateInput()), { label: 'Connect date', input: 'date' }),
  disconnectDate: field(optional(dateInput()), { label: 'Disconnect date', input: 'date' }),
})

export const alertForm = defineForm({
  text: field(textInput(200), { label: 'Alert Message', hint: 'Shown whenever the customer is looked up' }),
})

export const noteForm = defineForm({
  level: field(selectInput(['account', 'customer', 'location']), {
    label: 'Note Level',
    input: 'radio',
    options: [
      { value: 'account', label: 'Account' },
      { value: 'customer', label: 'Customer, at all locations' },
      { value: 'location', label: 'Location, whoever lives there' },
    ],
  }),
  noteTypeId: field(idInput(), { label: 'Note Type', input: 'select', size: 'md' }),
  subject: text('Note Subject', 100, { hint: 'Empty: the beginning of the note', autofocus: true }),
  text: field(linesInput(4000), { label: 'Note', input: 'textarea', rows: 5 }),
  messageCenter: tick('Message Center'),
  paymentCenter: tick('Payment Center'),
  graceDate: field(optional(dateInput()), { label: 'Grace Date', input: 'date', hint: 'The last day of grace' }),
})
