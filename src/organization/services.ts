import { sql } from 'drizzle-orm'
import { type Db, rows } from '../db/db.ts'
import { glAccount, service } from '../db/tables/organization.ts'
import type { Money } from '../ledger/money.ts'
import { setupTable, usedBy, usedByJournal, usedBySettings } from '../tables/table.ts'
import { field } from '../web/form.ts'
import { checkboxInput, codeInput, moneyInput, numberInput, optional, selectInput, textInput } from '../web/inputs.ts'
import { codeAndName } from './code-fields.ts'
import { FREQUENCIES, FREQUENCY } from './frequencies.ts'

const KINDS = ['metered', 'flat', 'penalty', 'fee'] as const
const KIND_LABELS = ['Metered', 'Not metered, flat', 'Penalty', 'Fee or credit']
const PENALTY_TYPES = [
  '0 Simple',
  '1 Forfeiture of discount',
  '2 Lesser of simple or forfeiture',
  '3 Simple plus forfeiture',
  '4 Extra, additional in the same period',
  '5 Pays current before arrears',
  '6 As 5, credit billings too',
  '7 On loan balance',
  '8 On contract balance',
]

const tick = (label: string, hint?: string) =>
  field(checkboxInput(), { label, input: 'checkbox', ...(hint ? { hint } : {}) })
const amount = (label: string) => field(optional(moneyInput({ zero: true })), { label, input: 'money' })
const periods = (label: string, hint: string) =>
  field(numberInput({ max: 120 }), { label, input: 'number', size: 'xs', hint })
const gl = (label: string) => field(optional(codeInput()), { label, input: 'select' })

const FIELDS = {
  ...codeAndName,
  kind: field(selectInput(KINDS), {
    label: 'Kind',
    input: 'select',
    size: 'md',
    options: KINDS.map((kind, at) => ({ value: kind, label: KIND_LABELS[at] ?? kind })),
  }),
  sort: field(optional(numberInput({ min: -999_999, max: 999_999 })), {
    label: 'Order',
    input: 'number',
    hint: 'Empty = last.',
  }),
  active: tick('Active'),
  allowNewBillings: tick('Allow new billings'),
  defaultRate: field(optional(textInput(20)), { label: 'Default rate', size: 'md' }),
  defaultFrequency: field(selectInput(FREQUENCY), {
    label: 'Default frequency',
    input: 'select',
    size: 'md',
    options: FREQUENCIES,
  }),
  defaultMultiplier: field(numberInput({ min: 1, max: 100_000 }), {
    label: 'Default meter multiplier',
    input: 'number',
  }),
  unitsBase: tick('Activate units base', 'Minimum amount and block widths are multiplied by the units.'),
  minimumRate: amount('Minimum rate'),
  maximumRate: amount('Maximum rate'),
  depositAllowed: tick('Deposit allowed'),
  defaultDeposit: amount('Default deposit'),
  receivableGl: gl('Receivable GL account'),
  revenueGl: gl('Revenue GL account'),
  subjectToCertification: tick('Subject to Tax Certification'),
  certificationPeriods: periods('Certification Periods', 'The newest periods that are not certified.'),
  subjectToPenalty: tick('Subject to penalty'),
  penaltyPeriods: periods('Penalty periods', 'The newest periods that no penalty is billed on.'),
  penaltyType: field(numberInput({ max: 8 }), {
    label: 'Penalty Type',
    input: 'select',
    size: 'md',
    options: PENALTY_TYPES.map((label, at) => ({ value: String(at), label })),
  }),
  billFinalDisconnect: tick('Bill Final Disconnect'),
}

/** Organization > Services: what the town bills, in the order of the screens and of ties (domain.md 2.6). */
export const services = setupTable({
  table: service,
  name: 'service',
  path: '/organization/services',
  menu: 'Organization > Services',
  title: 'Services',
  singular: 'service',
  plural: 'services',
  file: 'services.csv',
  inFile: {
    always: [
      'kind',
      'active',
      'sort',
      'subjectToCertification',
      'certificationPeriods',
      'subjectToPenalty',
      'receivableGl',
      'revenueGl',
    ],
  },
  fields: FIELDS,
  code: 'code',
  codeStays: true,
  order: 'sort',
  columns: [
    'code',
    'name',
    'kind',
    'active',
    'subjectToCertification',
    'certificationPeriods',
    'subjectToPenalty',
    'receivableGl',
    'revenueGl',
  ],
  lookup: ['code', 'name'],
  groups: [
    { title: 'Service', fields: ['code', 'name', 'kind', 'sort', 'active', 'allowNewBillings'] },
    {
      title: 'Billing',
      fields: ['defaultRate', 'defaultFrequency', 'defaultMultiplier', 'minimumRate', 'maximumRate', 'unitsBase'],
    },
    { title: 'Deposit and GL accounts', fields: ['depositAllowed', 'defaultDeposit', 'receivableGl', 'revenueGl'] },
    {
      title: 'Certification and penalty',
      fields: [
        'subjectToCertification',
        'certificationPeriods',
        'subjectToPenalty',
        'penaltyPeriods',
        'penaltyType',
        'billFinalDisconnect',
      ],
    },
  ],
  links: {
    receivableGl: { table: glAccount, code: 'number', label: 'name' },
    revenueGl: { table: glAccount, code: 'number', label: 'name' },
  },
  usage: [
    usedBy('account_service', 'service_id', 'account'),
    usedBy('payment_allocation', 'service_id', 'list of Payment Allocation', 'lists of Payment Allocation'),
    usedBy('rate', 'service_id', 'rate'),
    usedBy('meter', 'service_id', 'meter'),
    usedByJournal('service_id'),
    usedBySettings('nsf\\_service', 'code'),
    {
      one: 'deferred charge',
      many: 'deferred charges',
      count: sql`(select count(*) from deferred_charge u where r.code = any(string_to_array(u.service_order, E'\\n')))`,
    },
  ],
  faults: serviceFaults,
  suggestions: rateCodes,
})

/** Minimum above maximum, and the same GL account as receivable and as revenue. */
function serviceFaults(data: Record<string, unknown>): Record<string, string> {
  const { minimumRate, maximumRate, receivableGl, revenueGl } = data as {
    minimumRate?: Money | null
    maximumRate?: Money | null
    receivableGl?: string | null
    revenueGl?: string | null
  }
  return {
    ...(minimumRate && maximumRate?.lt(minimumRate) ? { maximumRate: 'The maximum is below the minimum.' } : {}),
    ...(receivableGl && receivableGl === revenueGl
      ? { revenueGl: 'This is the receivable already; choose another.' }
      : {}),
  }
}

async function rateCodes(db: Db): Promise<Record<string, string[]>> {
  const found = await rows<{ code: string }>(db, sql`select distinct code from rate order by code limit 500`)
  return { defaultRate: found.map((row) => row.code) }
}
