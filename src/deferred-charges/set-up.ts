import { sql } from 'drizzle-orm'
import { deferredCharge } from '../db/tables/auto-payment.ts'
import { glAccount } from '../db/tables/organization.ts'
import { type SetupTable, setupTable, usedBy } from '../tables/table.ts'
import { field } from '../web/form.ts'
import {
  checkboxInput,
  codeInput,
  decimalInput,
  linesInput,
  moneyInput,
  optional,
  selectInput,
  textInput,
} from '../web/inputs.ts'
import { editorOf, pressed } from './editor.ts'

const choices = (pairs: Record<string, string>) => Object.entries(pairs).map(([value, label]) => ({ value, label }))
const tick = (label: string, hint?: string) =>
  field(checkboxInput(), { label, input: 'checkbox', ...(hint ? { hint } : {}) })
const amount = (label: string) => field(optional(moneyInput()), { label, input: 'money' })

const FIELDS = {
  code: field(textInput(6), { label: 'Code', size: 'xs', hint: 'At most 6 characters.' }),
  name: field(textInput(), { label: 'Description' }),
  active: tick('Active', 'A charge that is not active is never charged.'),
  signup: field(selectInput(['opt_in', 'opt_out']), {
    label: 'Signup Type',
    input: 'select',
    options: choices({
      opt_in: 'Opt-In: customers act to accept',
      opt_out: 'Opt-Out: customers act to decline',
    }),
    hint: 'Stays as it is once the charge is saved.',
  }),
  trigger: field(selectInput(['overpayment', 'payment']), {
    label: 'Trigger Type',
    input: 'select',
    options: choices({
      overpayment: 'Overpayment: takes up what is overpaid',
      payment: 'Payment: whenever one is made',
    }),
  }),
  onlyIfCovered: tick('Only if fully covered', 'Else an overpayment covers a part of the charge too.'),
  useFixed: tick('Fixed'),
  fixed: amount('Fixed amount'),
  usePercentage: tick('Percentage'),
  percentage: field(optional(decimalInput({ places: 2, max: '100' })), {
    label: 'Per cent of the statement',
    input: 'number',
    size: 'xs',
  }),
  useRoundUp: tick('Round-Up'),
  roundUp: amount('Up to the next multiple of'),
  calculation: field(selectInput(['maximum', 'minimum', 'sum']), {
    label: 'Calculation Type',
    input: 'select',
    size: 'md',
    options: choices({ maximum: 'Maximum Of Checked', minimum: 'Minimum Of Checked', sum: 'Sum Of Checked' }),
  }),
  capped: tick('Never Let Amount Exceed'),
  cap: amount('At most'),
  glId: field(optional(codeInput()), { label: 'GL Code', input: 'select', hint: "Empty = the service's own revenue." }),
  companyOrder: tick('Use Company Payoff Order', 'Organization > Organization > Payment Allocation.'),
  serviceOrder: field(optional(linesInput(2000)), { label: 'Service Apply Order', input: 'hidden' }),
}

/** Organization > Deferred Charges: what waits until a payment comes, in its Apply Order [001]. */
export const deferredCharges = setupTable({
  table: deferredCharge,
  name: 'deferred_charge',
  path: '/organization/deferred-charges',
  menu: 'Organization > Deferred Charges',
  title: 'Deferred Charges',
  singular: 'deferred charge',
  plural: 'deferred charges',
  file: 'deferred_charges.csv',
  inFile: { always: ['active', 'signup', 'trigger'] },
  fields: FIELDS,
  code: 'code',
  codeStays: true,
  stays: ['signup'],
  order: 'sort',
  columns: ['code', 'name', 'active', 'signup', 'trigger', 'calculation'],
  lookup: ['code', 'name'],
  links: { glId: { table: glAccount, code: 'number', label: 'name' } },
  usage: [
    usedBy('deferred_participation', 'deferred_charge_id', 'customer who chose', 'customers who chose'),
    {
      one: 'charge on an account',
      many: 'charges on accounts',
      count: sql`(select count(*) from ledger.live_source u where starts_with(u.source_key, 'deferred/' || r.code || '/'))`,
    },
  ],
  groups: [
    { title: 'Deferred charge', fields: ['code', 'name', 'active', 'signup', 'trigger', 'onlyIfCovered'] },
    {
      title: 'Amount',
      fields: [
        'useFixed',
        'fixed',
        'usePercentage',
        'percentage',
        'useRoundUp',
        'roundUp',
        'calculation',
        'capped',
        'cap',
      ],
    },
    { title: 'Where it is booked', fields: ['glId', 'companyOrder'] },
  ],
  faults: faultsOf,
  template: 'deferred-charges/form',
  more: editorOf,
  attempt: pressed,
  beside: ['statement', 'press'],
  help: 'They are charged with a payment, in this Apply Order, once for each statement.',
} satisfies SetupTable)

const NEEDED = [
  ['useFixed', 'fixed', 'Fixed is ticked: write its amount.'],
  ['usePercentage', 'percentage', 'Percentage is ticked: write the per cent.'],
  ['useRoundUp', 'roundUp', 'Round-Up is ticked: write the multiple.'],
  ['capped', 'cap', 'Never Let Amount Exceed is ticked: write the amount.'],
] as const

/** At least one method, and of each ticked one its value. */
function faultsOf(data: Record<string, unknown>): Record<string, string> {
  const missing = NEEDED.filter(([box, value]) => data[box] === true && (data[value] ?? '') === '')
  const none = ['useFixed', 'usePercentage', 'useRoundUp'].every((box) => data[box] !== true)
  return {
    ...(none ? { useFixed: 'Tick at least one of Fixed, Percentage and Round-Up.' } : {}),
    ...Object.fromEntries(missing.map(([, value, says]) => [value, says])),
  }
}
