import { z } from 'zod'
import { defineForm, type FormData, field } from '../web/form.ts'
import {
  checkboxInput,
  checksInput,
  codeInput,
  numberInput,
  optional,
  optionalEmail,
  optionalText,
  selectInput,
  textInput,
} from '../web/inputs.ts'
import { seenField } from '../web/seen.ts'

const version = () => field(optional(numberInput()), { label: '', input: 'hidden' })
const choice = (label: string) => field(optional(numberInput({ min: 1 })), { label, input: 'select', size: 'md' })
const text = (label: string, max: number, more: object = {}) => field(optionalText(max), { label, ...more })
const tick = (label: string, hint?: string) =>
  field(checkboxInput(), { label, input: 'checkbox', ...(hint ? { hint } : {}) })

const KINDS = [
  { value: 'individual', label: 'Individual' },
  { value: 'profit', label: 'Profit (corporate)' },
  { value: 'non_profit', label: 'Non-Profit' },
  { value: 'government', label: 'Government' },
] as const

/** Customer ID: who it is, and what is taken and done [001]. */
const identity = {
  kind: field(selectInput(['individual', 'profit', 'non_profit', 'government']), {
    label: 'Customer Type',
    input: 'select',
    options: KINDS,
    size: 'md',
  }),
  title: text('Title', 20, { input: 'select', size: 'xs' }),
  firstName: text('First name', 60),
  middleName: text('Middle name', 60, { size: 'xxs' }),
  lastName: text('Last name', 60),
  suffix: text('Suffix', 20, { size: 'xxs' }),
  spouse: text('Spouse', 100),
  businessName: text('Business Name', 100),
  name: text('Name on bills', 100, { hint: 'Empty: made of the name' }),
  customerTypeId: choice("Customer Type (town's list)"),
  altCustomerId: text('Alt Customer ID', 40, { size: 'md' }),
  cosigner: text('Cosigner', 20, { size: 'sm', hint: 'Customer number of who shares responsibility' }),
  collectionCodeId: choice('Collection Code'),
  disallowedPayMethods: field(checksInput(), { label: 'Disallowed Pay Methods', input: 'checks' }),
  active: tick('Active'),
  bankrupt: tick('Bankrupt'),
  doNotAcceptPayments: tick('Do Not Accept Any Payments'),
  badDebt: tick('Bad debt'),
  sentToCollections: tick('Sent to collections'),
  budgetBilling: tick('Budget billing'),
}

/** The primary mailing address, e-mail and notices. */
const address = {
  addressTypeId: choice('Address type'),
  careOf: text('Care of', 100),
  addressLine1: text('Address', 100),
  addressLine2: text('Address, line 2', 100),
  city: text('City', 60),
  state: text('State', 20, { size: 'xxs' }),
  zip: text('Zip', 20, { size: 'xs' }),
  country: text('Country', 60),
  county: text('County', 60),
  geoCode: text('Geo Code', 40, { size: 'xs' }),
  email: field(optionalEmail(), { label: 'Email address', input: 'email' }),
  mailNotices: tick('Mail notices'),
  emailNotices: tick('Email notices'),
}

const phone = {
  phone: text('Phone No.', 40, { input: 'tel', size: 'md' }),
  phoneTypeId: choice('Phone type'),
}

const versions = { version: version(), accountVersion: version(), seen: seenField() }

/** The account's own status stands on the Customer tab; it is needed where it is asked. */
const accountStatus = {
  accountStatusId: field(numberInput({ min: 1 }), { label: 'Account Status', input: 'select' }),
}

/** What a form of a person has beside the fields that all of them have. */
export interface Beside {
  /** Public may be unticked by those who see private customers alone [001-081]. */
  private: boolean
  /** The town offers customer web access (product.md 3.23). */
  web: boolean
  /** The person is the account's customer, not its owner. */
  status: boolean
}

const more = (beside: Beside) => ({
  ...(beside.private ? { public: tick('Public', 'Off: private, shown to administrators only') } : {}),
  ...(beside.web ? { webUser: tick('Web user') } : {}),
})

type More = { public?: boolean; webUser?: boolean; accountStatusId?: number; accountVersion?: number | undefined }

const MAKERS = {
  /** Modify Existing Customers, and a new customer: the whole record. */
  record: (beside: Beside) =>
    defineForm({
      ...versions,
      number: field(codeInput(), { label: 'Customer Number', size: 'sm', autofocus: true }),
      ...identity,
      ...more(beside),
      ...address,
      ...phone,
    }),
  /** Customer tab with its first inner tab, Address. */
  person: (beside: Beside) =>
    defineForm({ ...versions, ...identity, ...more(beside), ...(beside.status ? accountStatus : {}), ...address }),
  /** Customer ID alone, above the other inner tabs. */
  identity: (beside: Beside) =>
    defineForm({
      ...versions,
      inner: text('', 60, { input: 'hidden' }),
      ...identity,
      ...more(beside),
      ...(beside.status ? accountStatus : {}),
    }),
}

type FormKind = keyof typeof MAKERS
type Made = { [kind in FormKind]: ReturnType<(typeof MAKERS)[kind]> }

const made = new Map<string, Made[FormKind]>()

/** The form of a kind with what stands beside; each is declared once. */
export function personForm<K extends FormKind>(kind: K, beside: Beside): Made[K] {
  const key = JSON.stringify([kind, beside])
  const found = (made.get(key) ?? MAKERS[kind](beside)) as Made[K]
  made.set(key, found)
  return found
}

export type RecordData = FormData<Made['record']> & More
export type PersonData = FormData<Made['person']> & More
export type IdentityData = FormData<Made['identity']> & More

const monthDay = () =>
  optional(
    textInput(5).transform((typed, context) => {
      const [, month = '', day = ''] = /^(\d{1,2})[/-](\d{1,2})$/.exec(typed) ?? []
      const written = `${month.padStart(2, '0')}-${day.padStart(2, '0')}`
      if (Number(day) >= 1 && Number(day) <= (DAYS[Number(month) - 1] ?? 0)) return written
      context.addIssue({ code: 'custom', message: 'Write a day of the year like 11/15.' })
      return written
    }),
  )

/** Which new one is saved: the same form sent twice adds one. */
const requestId = () => field(optional(z.uuid()), { label: '', input: 'hidden' })

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const season = (label: string, hint: string) => field(monthDay(), { label, hint, size: 'xs' })

/** A further address: with a season it takes the primary address' place for mail, every year. */
export const addressForm = defineForm({
  version: version(),
  seen: seenField(),
  requestId: requestId(),
  addressTypeId: field(numberInput({ min: 1 }), {
    label: 'Address type',
    input: 'select',
    size: 'md',
    autofocus: true,
  }),
  careOf: address.careOf,
  addressLine1: field(textInput(100), { label: 'Address' }),
  addressLine2: address.addressLine2,
  city: address.city,
  state: text('State', 20, { size: 'xs' }),
  zip: text('Zip', 20, { size: 'sm' }),
  country: address.country,
  county: address.county,
  geoCode: text('Geo Code', 40, { size: 'sm' }),
  mailFrom: season('Mail goes here from', 'MM/DD, every year. Empty: no mail goes here'),
  mailTo: season('until', 'MM/DD, that day included'),
  primary: tick('Primary mailing Address', 'It changes places with the one that is primary now'),
})

/** Setup Phone No. [001-121]. */
export const phoneForm = defineForm({
  version: version(),
  seen: seenField(),
  requestId: requestId(),
  phoneTypeId: field(numberInput({ min: 1 }), { label: 'Phone type', input: 'select', size: 'md', autofocus: true }),
  number: field(
    textInput(40).refine((typed) => /\d/.test(typed), 'Write the digits of the number.'),
    {
      label: 'Phone No.',
      input: 'tel',
      size: 'md',
    },
  ),
  primary: tick('Primary phone No.', 'The number used first'),
})
