import { sql } from 'drizzle-orm'
import { glAccount, paymentMethod } from '../db/tables/organization.ts'
import { setupTable } from '../tables/table.ts'
import { field } from '../web/form.ts'
import { checkboxInput, codeInput, optional, selectInput } from '../web/inputs.ts'
import { codeAndName } from './code-fields.ts'

const KINDS = ['cash', 'check', 'card', 'money_order', 'ach', 'county', 'other'] as const
const LABELS = ['Cash', 'Check', 'Card', 'Money order', 'ACH', 'County', 'Other']
const ALWAYS: readonly unknown[] = ['cash', 'check', 'card', 'money_order', 'ach']

/** Organization > Payment Methods: what a payment is made with, and the GL account it goes to (contract.md 2). */
export const paymentMethods = setupTable({
  table: paymentMethod,
  name: 'payment_method',
  path: '/organization/payment-methods',
  menu: 'Organization > Payment Methods',
  title: 'Payment Methods',
  singular: 'payment method',
  plural: 'payment methods',
  file: 'payment_methods.csv',
  inFile: { always: ['kind', 'glId', 'active', 'referenceRequired'] },
  fields: {
    ...codeAndName,
    kind: field(selectInput(KINDS), {
      label: 'Kind',
      input: 'select',
      size: 'sm',
      options: KINDS.map((kind, at) => ({ value: kind, label: LABELS[at] ?? kind })),
    }),
    glId: field(optional(codeInput()), {
      label: 'GL account',
      input: 'select',
      hint: "Empty = the organization's cash account.",
    }),
    active: field(checkboxInput(), { label: 'Active', input: 'checkbox' }),
    referenceRequired: field(checkboxInput(), {
      label: 'Number required',
      input: 'checkbox',
      hint: 'A check number or another reference must be entered.',
    }),
  },
  code: 'code',
  codeStays: true,
  columns: ['code', 'name', 'kind', 'glId', 'active', 'referenceRequired'],
  lookup: ['code', 'name'],
  links: { glId: { table: glAccount, code: 'number', label: 'name' } },
  usage: [
    {
      one: 'transaction',
      many: 'transactions',
      count: sql`(select count(*) from ledger.transaction u where u.method = r.code)`,
    },
    {
      one: 'customer who may not pay by it',
      many: 'customers who may not pay by it',
      count: sql`(select count(*) from customer u where r.code = any(u.disallowed_pay_methods))`,
    },
  ],
  kept: (row) =>
    ALWAYS.includes(row.code)
      ? {
          says: 'This payment method always exists. It can be renamed, made inactive or given a GL account.',
          fields: ['code', 'kind'],
        }
      : undefined,
})
