import { FREQUENCY } from '../organization/frequencies.ts'
import { defineForm, field } from '../web/form.ts'
import {
  checkboxInput,
  codeInput,
  dateInput,
  decimalInput,
  numberInput,
  optional,
  optionalText,
  selectInput,
  textInput,
} from '../web/inputs.ts'
import { seenField } from '../web/seen.ts'

const version = field(optional(numberInput()), { label: '', input: 'hidden' })
const idInput = () => numberInput({ min: 1 })
const choice = (label: string) => field(optional(idInput()), { label, input: 'select', size: 'md' })
const text = (label: string, max: number, more: object = {}) => field(optionalText(max), { label, ...more })
const tick = (label: string, hint?: string) =>
  field(checkboxInput(), { label, input: 'checkbox', ...(hint ? { hint } : {}) })

export const locationForm = defineForm({
  version,
  seen: seenField(),
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
  onLien: tick('On Lien'),
})

export const accountForm = defineForm({
  version,
  seen: seenField(),
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
  disconnectDate: field(optional(dateInput()), {
    label: 'Disconnect date',
    input: 'date',
    hint: 'The last day of service',
  }),
})

/** Units or shares of a service: above zero, at most four decimals; with none it would bill nothing. */
export const unitsInput = () => decimalInput({ places: 4, min: '0.0001' })

export const serviceForm = defineForm({
  version,
  seen: seenField(),
  serviceId: field(idInput(), { label: 'Service', input: 'select', size: 'md' }),
  rate: text('Rate', 20, { size: 'sm' }),
  quantity: field(decimalInput({ places: 4 }), { label: 'Quantity', size: 'sm' }),
  units: field(unitsInput(), { label: 'Unit/shares', size: 'sm' }),
  frequency: field(selectInput(FREQUENCY), {
    label: 'Frequency',
    input: 'select',
    options: FREQUENCY.map((value) => ({
      value,
      label: (value[0] ?? '').toUpperCase() + value.slice(1),
    })),
    size: 'md',
  }),
  connectDate: field(optional(dateInput()), { label: 'Connect date', input: 'date' }),
  disconnectDate: field(optional(dateInput()), {
    label: 'Disconnect date',
    input: 'date',
    hint: 'The last day of service',
  }),
})

export const alertForm = defineForm({
  text: field(textInput(200), { label: 'Alert Message', hint: 'Shown whenever the customer is looked up' }),
})
