import { date, integer, numeric, pgTable, text } from 'drizzle-orm/pg-core'
import { describe, expect, it } from 'vitest'
import { flag, tracked } from '../../db/tables/columns.ts'
import { glAccount } from '../../db/tables/organization.ts'
import { codeAndName } from '../../organization/code-fields.ts'
import { setupTable } from '../../tables/table.ts'
import { field } from '../../web/form.ts'
import {
  checkboxInput,
  codeInput,
  dateInput,
  decimalInput,
  linesInput,
  moneyInput,
  numberInput,
  optional,
  selectInput,
} from '../../web/inputs.ts'
import { SET_UP_FILES } from './index.ts'
import { setUpFile } from './set-up.ts'

const bankCode = pgTable('bank_code', {
  id: integer().primaryKey(),
  code: text().notNull(),
  name: text().notNull(),
  kind: text().notNull().default('checking'),
  depositGlId: integer(),
  since: date({ mode: 'string' }),
  charge: numeric({ precision: 14, scale: 2 }).notNull().default('0'),
  share: numeric({ precision: 12, scale: 6 }),
  quantity: numeric({ precision: 14, scale: 4 }).notNull().default('1'),
  days: integer(),
  active: flag(true),
  sort: integer().notNull().default(0),
  remarks: text(),
  ...tracked,
})

const KINDS = ['checking', 'savings'] as const

const declared = setupTable({
  table: bankCode,
  name: 'bank_code',
  path: '/organization/bank-codes',
  menu: 'Organization > Bank Codes',
  title: 'Bank Codes',
  singular: 'bank code',
  plural: 'bank codes',
  file: 'bank_codes.csv',
  fields: {
    ...codeAndName,
    kind: field(selectInput(KINDS), { label: 'Kind', input: 'select', options: KINDS }),
    depositGlId: field(optional(codeInput()), { label: 'GL account', input: 'select' }),
    since: field(optional(dateInput()), { label: 'Since', input: 'date' }),
    charge: field(moneyInput({ zero: true }), { label: 'Charge', input: 'money' }),
    share: field(optional(decimalInput({ places: 6, max: '1' })), { label: 'Share' }),
    quantity: field(decimalInput(), { label: 'Quantity' }),
    days: field(optional(numberInput({ max: 31 })), { label: 'Days', input: 'number' }),
    active: field(checkboxInput(), { label: 'Active', input: 'checkbox' }),
    remarks: field(optional(linesInput()), { label: 'Remarks', input: 'textarea' }),
  },
  code: 'code',
  order: 'sort',
  columns: ['code', 'name'],
  lookup: ['code', 'name'],
  links: { depositGlId: { table: glAccount, code: 'number', label: 'name' } },
  usage: [],
})

describe('the town file of a set-up table', () => {
  const file = setUpFile(declared)
  const named = (name: string) => file.columns.find((column) => column.name === name)

  it('follows from its declaration: code and name first, then the fields in the order of the form', () => {
    expect(file).toMatchObject({ name: 'bank_codes.csv', table: 'public.bank_code', key: ['code'] })
    expect(file.columns.map(({ name, required, extra, empty }) => [name, required, extra, empty])).toEqual([
      ['code', true, false, ''],
      ['name', true, false, ''],
      ['kind', false, true, 'checking'],
      ['deposit_gl', false, true, ''],
      ['since', false, true, ''],
      ['charge', false, true, '0.00'],
      ['share', false, true, ''],
      ['quantity', false, true, '1'],
      ['days', false, true, ''],
      ['active', false, true, 'yes'],
      ['remarks', false, true, ''],
      ['sort', false, true, '0'],
    ])
    expect(named('deposit_gl')).toMatchObject({
      into: 'deposit_gl_id',
      refers: { table: 'gl_account', by: 'number' },
      select: '(select x.number from public.gl_account x where x.id = t.deposit_gl_id)',
    })
  })

  it.each([
    ['kind', 'savings', 'cash', 'write one of checking, savings'],
    ['since', '2025-01-31', '01/31/2025', 'this is not a date like 2026-10-31'],
    ['charge', '4.50', '-4.50', 'the amount may not be negative'],
    ['charge', '4.50', '4.5', 'this is not an amount like 42.50 or -42.50'],
    ['share', '0.125000', '2', 'at most 1'],
    ['quantity', '2.5', 'two', 'this is not a quantity like 1000 or 2.5'],
    ['days', '31', '32', 'at most 31'],
    ['active', 'no', 'false', 'write yes or no'],
    ['code', 'A B', 'x'.repeat(21), 'a code has at most 20 characters'],
  ])('holds %s to the rule of its field', (name, good, bad, reason) => {
    expect(named(name)?.kind.read(good)).toEqual({ value: good })
    expect(named(name)?.kind.read(bad)).toEqual({ reason })
  })

  it('writes what the database keeps as files have it', () => {
    const written = Object.fromEntries(
      [
        ['quantity', '2.5000'],
        ['share', '0.125000'],
        ['active', 'true'],
      ].map(([name = '', stored = '']) => [name, named(name)?.kind.write(stored)]),
    )
    expect(written).toEqual({ quantity: '2.5', share: '0.125', active: 'yes' })
  })

  it('comes after the files whose rows it names', () => {
    const order = SET_UP_FILES.map(({ name }) => name)
    expect(order.indexOf('services.csv')).toBeGreaterThan(order.indexOf('gl_accounts.csv'))
    expect(new Set(order).size).toBe(order.length)
  })
})
