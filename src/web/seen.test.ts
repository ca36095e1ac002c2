import { describe, expect, it } from 'vitest'
import { defineForm, field } from './form.ts'
import { checkboxInput, checksInput, numberInput, optional, optionalText, textInput } from './inputs.ts'
import { seenField, tellChanges, withSeen } from './seen.ts'

const form = defineForm({
  version: field(optional(numberInput()), { label: '', input: 'hidden' }),
  seen: seenField(),
  city: field(textInput(), { label: 'City' }),
  zip: field(optionalText(), { label: 'Zip' }),
  active: field(checkboxInput(), { label: 'Active', input: 'checkbox' }),
  methods: field(checksInput(), {
    label: 'Methods',
    input: 'checks',
    options: [
      { value: 'c', label: 'Check' },
      { value: 'd', label: 'Card' },
    ],
  }),
})
const opened = withSeen(form.show({ version: 3, city: 'Ashford', zip: '1', active: true, methods: [] }))
const seen = opened.by.seen?.value ?? ''

describe('two clerks in one record', () => {
  it('a form carries what it shows', () => {
    expect(JSON.parse(seen)).toEqual({ city: 'Ashford', zip: '1', active: 'on', methods: '' })
  })

  it('the second is told each change, keeps what was typed, and gets what was not touched', () => {
    const typed = { version: '3', seen, city: 'Ash', zip: '1', active: 'on', methods: ['d'] }
    const stored = { version: 4, city: 'Marlow', zip: '2', active: false, methods: ['c'] }
    const told = tellChanges(form, typed, stored)
    expect(told.theirs).toEqual([
      'City was Ashford and is now Marlow; you typed Ash.',
      'Zip was 1 and is now 2.',
      'Active was ticked and is now not ticked.',
      'Methods was empty and is now Check; you typed Card.',
    ])
    const { by } = told.form
    expect([by.version?.value, by.city?.value, by.zip?.value, by.active?.checked]).toEqual(['4', 'Ash', '2', false])
    expect(by.methods?.choices.filter((each) => each.selected).map((each) => each.label)).toEqual(['Card'])
    expect(JSON.parse(by.seen?.value ?? '')).toEqual({ city: 'Marlow', zip: '2', active: '', methods: 'c' })
  })

  it('without what was shown nothing is named and what was typed stays', () => {
    const told = tellChanges(form, { city: 'Ash', seen: 'not json' }, { version: 9, city: 'Marlow' })
    expect([told.theirs, told.form.by.city?.value, told.form.by.version?.value]).toEqual([[], 'Ash', '9'])
  })
})
