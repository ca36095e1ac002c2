import Big from 'big.js'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { BadRequest } from '../errors.ts'
import { defineForm, field } from './form.ts'
import {
  checkboxInput,
  checksInput,
  codeInput,
  dateInput,
  moneyInput,
  optional,
  optionalText,
  textInput,
} from './inputs.ts'

const form = defineForm({
  id: field(z.string().default(''), { label: '', input: 'hidden' }),
  name: field(textInput(10), { label: 'Name', hint: 'As on the bill' }),
  amount: field(moneyInput(), { label: 'Amount', input: 'money' }),
  day: field(optional(dateInput()), { label: 'Day', input: 'date' }),
  note: field(optionalText(20), { label: 'Note' }),
  active: field(checkboxInput(), { label: 'Active', input: 'checkbox' }),
  cycle: field(optional(codeInput()), { label: 'Cycle', input: 'select' }),
  services: field(checksInput(), { label: 'Services', input: 'checks', options: ['WA', 'SE'] }),
})

const good = { name: 'Avery', amount: '42.50' }

describe('a form', () => {
  it('answers typed data', () => {
    const parsed = form.parse({ ...good, day: '3/1/2026', active: 'on', services: ['WA', 'SE'], _csrf: 'x' })
    if (!parsed.ok) throw new Error('refused')
    const { amount, ...rest } = parsed.data
    expect(amount.toFixed(2)).toBe('42.50')
    expect(rest).toEqual({ id: '', name: 'Avery', day: '2026-03-01', note: '', active: true, services: ['WA', 'SE'] })
  })

  it('answers the same form with what was typed, and an error at each field', () => {
    const parsed = form.parse({ name: '', amount: '1.234', day: '13/20/2026' })
    if (parsed.ok) throw new Error('accepted')
    expect(parsed.view.by.name?.error).toBe('Name is needed.')
    expect(parsed.view.by.amount).toMatchObject({ value: '1.234', error: 'Write an amount like 42.50.' })
    expect(parsed.view.by.day).toMatchObject({ value: '13/20/2026', error: 'There is no month 13.' })
    expect(parsed.view.summary.map((error) => error.id)).toEqual(['f-name', 'f-amount', 'f-day'])
    expect(parsed.view.summary.map((error) => error.said)).toEqual([
      'Name is needed.',
      'Amount: Write an amount like 42.50.',
      'Day: There is no month 13.',
    ])
  })

  it('shows values as people write them', () => {
    const { by } = form.show({ amount: new Big('5'), day: '2026-03-01', active: true, services: ['SE'] })
    expect(by.amount?.value).toBe('5.00')
    expect(by.day?.value).toBe('03/01/2026')
    expect(by.active?.checked).toBe(true)
    expect(by.services?.choices.map((choice) => choice.selected)).toEqual([false, true])
  })

  it('knows what is needed', () => {
    const needed = form.show().fields.filter((shown) => shown.required)
    expect(needed.map((shown) => shown.name)).toEqual(['name', 'amount'])
  })

  it('refuses a value outside a list from the database', () => {
    const options = { options: { cycle: [{ value: '1', label: 'Monthly' }] } }
    expect(form.parse({ ...good, cycle: '1' }, options).ok).toBe(true)
    const refused = form.parse({ ...good, cycle: '2' }, options)
    expect(!refused.ok && refused.view.by.cycle?.error).toBe('Choose one of the list.')
  })

  it('never shows a password again', () => {
    const secret = defineForm({ password: field(z.string().min(1), { label: 'Password', input: 'password' }) })
    expect(secret.show({ password: 'typed' }).by.password?.value).toBe('')
  })

  it.each<Record<string, unknown>>([{ isAdmin: '1' }, { balance: '0' }, { posted: '1' }, { toString: 'x' }])(
    'S-22, S-23: refuses the unknown field of %j',
    (extra) => {
      expect(() => form.parse({ ...good, ...extra })).toThrow(BadRequest)
    },
  )

  it('S-22: refuses a list where one value belongs', () => {
    expect(() => form.parse({ ...good, name: ['a', 'b'] })).toThrow(BadRequest)
  })
})
