import type Big from 'big.js'
import { defineForm, type FieldMeta, type FormData, field } from '../web/form.ts'
import {
  checkboxInput,
  checksInput,
  codeInput,
  dateInput,
  decimalInput,
  moneyInput,
  numberInput,
  optional,
  optionalText,
  selectInput,
  textInput,
} from '../web/inputs.ts'
import { billingForm } from './billing-form.ts'
import { directPayForm } from './direct-pay-form.ts'
import { securityForm } from './security-form.ts'
import { METHODS, MINIMUM_CHECKS, OVERPAYMENT_METHODS, readSetting } from './settings.ts'

const minimum = (label: string, hint: string) => field(moneyInput({ zero: true }), { label, hint, input: 'money' })
const periods = (label: string) => field(numberInput({ min: 1, max: 120 }), { label, input: 'number', size: 'xxs' })
const gl = (label: string, more: Partial<FieldMeta> = {}) =>
  field(optional(codeInput()), { label, input: 'select', ...more })
const tick = (label: string, hint?: string) =>
  field(checkboxInput(), { label, input: 'checkbox', ...(hint ? { hint } : {}) })
const date = (label: string) => field(optional(dateInput()), { label, input: 'date' })
const choices = (values: readonly string[], labels: readonly string[]) =>
  values.map((value, at) => ({ value, label: labels[at] ?? value }))

/** What the clerk was shown: only what differs from it is a change. */
const seen = field(optionalText(20_000), { label: '', input: 'hidden' })

const timezone = textInput(60).refine((typed) => readSetting('timezone', typed).ok, 'There is no such timezone.')

/** The four minimum balances and two period counts [002]; also what the counts beside them are asked with. */
const MINIMUMS = {
  penaltyMinimumBalance: minimum('Penalty Minimum Balance', 'Smallest past-due amount that can be billed a penalty.'),
  shutoffMinimumBalance: minimum('Shutoff Minimum Balance', 'Smallest past-due amount before service can be shut off.'),
  shutoffPeriods: periods('Shutoff Periods'),
  delinquentMinimumBalance: minimum(
    'Delinquent Minimum Balance',
    'Smallest past-due amount before service is delinquent.',
  ),
  delinquentPeriods: periods('Delinquent Periods'),
  utilityBillMinimumBalance: minimum('Utility Bill Minimum Balance', 'Smallest amount due for which a bill is sent.'),
}

/** Organization > Organization > General. */
export const generalForm = defineForm({
  name: field(textInput(), { label: 'Name' }),
  addressLine1: field(optionalText(), { label: 'Address' }),
  addressLine2: field(optionalText(), { label: 'Address, line 2' }),
  city: field(optionalText(), { label: 'City' }),
  state: field(optionalText(20), { label: 'State', size: 'xxs' }),
  zip: field(optionalText(20), { label: 'ZIP', size: 'xs' }),
  phone: field(optionalText(30), { label: 'Telephone', input: 'tel' }),
  timezone: field(timezone, {
    label: 'Timezone',
    suggestions: [
      'America/New_York',
      'America/Chicago',
      'America/Denver',
      'America/Phoenix',
      'America/Los_Angeles',
      'America/Anchorage',
      'Pacific/Honolulu',
    ],
  }),
  ...MINIMUMS,
  currentPeriod: field(optional(dateInput()), {
    label: 'Current period',
    input: 'select',
    hint: 'Age is counted back from it.',
  }),
  dueDays: field(numberInput({ max: 365 }), {
    label: 'Days until due',
    input: 'number',
    hint: 'Unless the cycle has its own.',
  }),
  nsfFee: field(moneyInput({ zero: true }), { label: 'Returned check fee', input: 'money' }),
  nsfService: field(optional(codeInput()), { label: 'Fee is billed on', input: 'select' }),
  noChecksAfter: field(numberInput({ max: 99 }), {
    label: 'No checks after',
    input: 'number',
    hint: 'Returned checks in twelve months.',
  }),
  customerWebAccess: tick('Customer web access', 'Shows web logins of customers, and their reset.'),
  mapSite: field(optionalText(200), {
    label: 'Map site',
    hint: 'Address of a map page, with {address} in it. Empty: no map button.',
  }),
  cashGl: gl('Cash'),
  openCreditGl: gl('Open credit'),
  adjustmentGl: gl('Adjustments', { hint: 'Empty = revenue of the service.' }),
  refundGl: gl('Refunds', { hint: 'Empty = cash.' }),
  transferGl: gl('Transfers'),
  depositGl: gl('Deposits held'),
  writeOffGl: gl('Write-offs'),
  openingGl: gl('Opening balances'),
  seen,
})

/** What the counts are asked with while somebody types. */
export const thresholdForm = defineForm({ ...MINIMUMS })

const CHECKS = [
  'Ignore minimum',
  'Delinquent balance by service',
  'Total delinquent balance',
  'Prior account balance',
  'Current account balance',
]

/** Organization > Organization > Certification. The rate is typed in per cent and stored as a fraction. */
export const certificationForm = defineForm({
  certificationIdNumber: field(optionalText(30), {
    label: 'ID Number',
    size: 'md',
    hint: 'Given by the county; stands in its file.',
  }),
  certificationChargeCode: field(optionalText(20), {
    label: 'Charge code',
    size: 'md',
    hint: "The county's code for these charges.",
  }),
  certificationMinimumBalance: field(moneyInput({ zero: true }), {
    label: 'Minimum balance',
    input: 'money',
    hint: 'Equal to it is certified.',
  }),
  certificationMinimumCheck: field(selectInput(MINIMUM_CHECKS), {
    label: 'Compared with',
    input: 'select',
    options: choices(MINIMUM_CHECKS, CHECKS),
  }),
  certificationFeeAmount: field(moneyInput({ zero: true }), { label: 'Fee Amount', input: 'money' }),
  certificationFeeRate: field(decimalInput({ places: 4, max: '100' }), {
    label: 'Fee Rate, per cent',
    size: 'sm',
    hint: 'Of the certified amount, on top of the fee amount.',
  }),
  certificationReceivableGl: gl('Certified receivable'),
  certificationFeeGl: gl('Certification fees'),
  certifyBankrupt: tick('Certify bankrupt customers'),
  certifyWithArrangement: tick('Certify accounts with a current arrangement'),
  certifyWithCondition: tick('Certify accounts with a special condition'),
  certifyTenantDebt: tick(
    "Certify a tenant's debt to the parcel",
    'Unticked: only what the owner of the location owes.',
  ),
  certificationNoticeDate: date('Notice date'),
  certificationPayByDate: date('Pay-by date'),
  certificationHearingDate: date('Hearing date'),
  certificationResolutionDate: date('Council resolution date'),
  certificationCountyDeadline: date('County deadline'),
  seen,
})

const METHOD_LABELS = ['percentage', 'listed order']
const method = (label: string) =>
  field(selectInput(METHODS), { label, input: 'select', size: 'sm', options: choices(METHODS, METHOD_LABELS) })
const listField = (label: string, hint?: string) =>
  field(optionalText(20_000), { label, input: 'hidden', ...(hint ? { hint } : {}) })

/** Organization > Organization > Payment Allocation: the lists as JSON while they are being changed, and the picker. */
export const allocationForm = defineForm({
  first: listField('First Priority Services'),
  firstPriorityMethod: method('First Priority Services are paid'),
  second: listField('Second Priority Services'),
  secondPriorityMethod: method('Second Priority Services are paid'),
  third: listField('Third Priority Services'),
  thirdPriorityMethod: method('Third Priority Services are paid'),
  payPastDueFirst: tick('Pay past-due amounts of all lists before current ones of any'),
  overpaymentMethod: field(selectInput(OVERPAYMENT_METHODS), {
    label: 'An overpayment goes',
    input: 'radio',
    options: choices(OVERPAYMENT_METHODS, [
      'to a single service: the first of Allocate Overpayments to These Services that the account has',
      "by percentage of the customer's payment history",
      'to all services except Exclude These Services, by payment history',
      'to open credit of the account',
    ]),
  }),
  overpayment: listField(
    'Overpayment Service Allocation Order',
    'Allocate Overpayments to These Services, in this order.',
  ),
  exclude: listField(
    'Exclude These Services',
    'These never receive an overpayment. A service cannot be in both lists.',
  ),
  open: listField(''),
  picked: listField(''),
  available: field(checksInput(), { label: 'Available', input: 'checks' }),
  chosen: field(checksInput(), { label: 'Chosen', input: 'checks' }),
  amount: field(optionalText(14), { label: 'A payment of', input: 'money' }),
  account: field(optionalText(20), { label: 'on account', size: 'xs' }),
  do: listField(''),
  seen,
})

export type AllocationData = FormData<typeof allocationForm>

const FORMS = [generalForm, allocationForm, certificationForm, directPayForm, billingForm, securityForm]

/** A setting's label on its tab; used wherever a change is told. */
export function settingLabel(name: string): string {
  for (const form of FORMS) {
    const shape = form.shape as Record<string, { meta(): { label?: unknown } | undefined }>
    const label = shape[name]?.meta()?.label
    if (typeof label === 'string' && label !== '') return label
  }
  return name
}

/** 0.025 → '2.5', and back. */
export const inPerCent = (fraction: Big): string => fraction.times('100').toFixed()
export const fromPerCent = (perCent: Big): Big => perCent.div('100')
