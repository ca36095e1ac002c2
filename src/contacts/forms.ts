import { isLicence, isSsn } from '../customers/personal-rules.ts'
import { secret } from '../customers/personal-tab.ts'
import { defineForm, type FormData, field } from '../web/form.ts'
import {
  checkboxInput,
  dateInput,
  emailInput,
  numberInput,
  optional,
  optionalText,
  selectInput,
  textInput,
} from '../web/inputs.ts'
import { seenField } from '../web/seen.ts'

const text = (label: string, max: number, more: object = {}) => field(optionalText(max), { label, ...more })
const needed = (label: string, max: number, more: object = {}) => field(textInput(max), { label, ...more })
const type = (label: string) => field(numberInput({ min: 1 }), { label, input: 'select', size: 'md' })
const primary = (label: string) => field(checkboxInput(), { label, input: 'checkbox' })

/** What stands on all four tabs, and General [001-251, 001-264, 001-265]. */
export const generalForm = defineForm({
  seen: seenField(),
  contactTypeId: type('Contact Type'),
  notices: field(selectInput(['mail', 'email', 'none']), {
    label: 'Notices',
    input: 'radio',
    options: [
      { value: 'mail', label: 'Mail' },
      { value: 'email', label: 'Email' },
      { value: 'none', label: 'None' },
    ],
  }),
  firstName: needed('First name', 60),
  middleName: text('Middle name', 60),
  lastName: needed('Last name', 60),
  suffix: text('Suffix', 20, { size: 'xs' }),
  birthDate: field(optional(dateInput()), { label: 'Birthdate', input: 'date' }),
  licence: secret("Driver's license", isLicence, 'Write letters and digits, at most 30.'),
  ssn: secret('SSN', isSsn, 'Write nine digits, with or without hyphens.'),
})

const addressForm = defineForm({
  seen: seenField(),
  addressTypeId: type('Address type'),
  careOf: text('Care of', 100),
  addressLine1: needed('Street', 100),
  addressLine2: text('Street, line 2', 100),
  city: needed('City', 60),
  state: needed('State', 20, { size: 'xs' }),
  zip: text('Zip', 20, { size: 'sm' }),
  country: needed('Country', 60),
  county: text('County', 60),
  geoCode: text('Geo Code', 40, { size: 'sm' }),
  primary: primary('Primary address'),
})

const emailForm = defineForm({
  seen: seenField(),
  emailTypeId: type('E-mail type'),
  address: field(emailInput(), { label: 'E-mail address', input: 'email' }),
  description: text('Description', 100),
  primary: primary('Primary address'),
})

const phoneForm = defineForm({
  seen: seenField(),
  phoneTypeId: type('Phone type'),
  number: needed('Phone No.', 40, { input: 'tel', size: 'md' }),
  extension: text('Extension', 10, { size: 'xs' }),
  description: text('Description', 100),
  primary: primary('Primary phone No.'),
})

export type GeneralData = FormData<typeof generalForm>

export const PART_KINDS = ['address', 'email', 'phone'] as const
export type PartKind = (typeof PART_KINDS)[number]

type PartData = { seen: string; primary: boolean } & Record<string, unknown>

/** A form of a kind of part as the frame uses it: which fields it has is its own. */
export interface PartForm {
  shape: Record<string, unknown>
  show: typeof generalForm.show
  parse(
    body: unknown,
    options?: Parameters<typeof generalForm.parse>[1],
  ): { ok: true; data: PartData } | { ok: false; view: ReturnType<typeof generalForm.show> }
}

export const PART_FORMS: Record<PartKind, PartForm> = {
  address: addressForm as unknown as PartForm,
  email: emailForm as unknown as PartForm,
  phone: phoneForm as unknown as PartForm,
}
