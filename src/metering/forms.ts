import { defineForm, type FormData, field } from '../web/form.ts'
import {
  checkboxInput,
  codeInput,
  dateInput,
  decimalInput,
  numberInput,
  optional,
  optionalText,
  selectInput,
} from '../web/inputs.ts'
import { seenField } from '../web/seen.ts'
import type { Placed } from './store.ts'

const KINDS = [
  { value: 'actual', label: 'Actual' },
  { value: 'estimated', label: 'Estimated' },
]

const kind = () => field(selectInput(['actual', 'estimated']), { label: 'Kind', input: 'select', options: KINDS })
const accept = () => field(checkboxInput(), { label: 'Accept anyway', input: 'checkbox' })
const readInput = () => decimalInput({ places: 2, max: '999999999999' })
const version = () => field(optional(numberInput()), { label: '', input: 'hidden' })

/** Enter Reads: the day, and a read, its kind and Accept for each meter at the location. */
export const readsForm = (meters: readonly Pick<Placed, 'meterId' | 'number'>[]) =>
  defineForm(
    Object.assign(
      {
        date: field(dateInput(), { label: 'Read date', input: 'date' }),
        check: field(optionalText(5), { label: '', input: 'hidden' }),
      },
      ...meters.map(({ meterId, number }) => ({
        [`read-${meterId}`]: field(optional(readInput()), { label: `New read of meter ${number}`, size: 'sm' }),
        [`kind-${meterId}`]: kind(),
        [`accept-${meterId}`]: accept(),
      })),
    ) as Record<string, never>,
  )

/** The last read of a meter, corrected. */
export const readForm = defineForm({
  date: field(dateInput(), { label: 'Read date', input: 'date' }),
  reading: field(readInput(), { label: 'Read', size: 'sm' }),
  kind: kind(),
  accept: accept(),
  version: version(),
})

const FACTS = {
  dials: field(optional(numberInput({ min: 1, max: 20 })), {
    label: 'Dials',
    input: 'number',
    hint: 'Digits of the register: it begins again at 0 after all nines.',
  }),
  multiplier: field(decimalInput({ min: '0.0001' }), {
    label: 'Multiplier',
    size: 'xs',
    hint: 'Usage units that one step of the register counts.',
  }),
  unit: field(optionalText(30), { label: 'Unit', size: 'sm', suggestions: ['gallon', 'cubic foot', 'kWh'] }),
  size: field(optionalText(20), { label: 'Size', size: 'xs', hint: 'As the rates name it, like 5/8.' }),
  manufacturer: field(optionalText(60), { label: 'Manufacturer', size: 'md' }),
  serial: field(optionalText(40), { label: 'Serial number', size: 'md' }),
}

const service = () => field(optional(codeInput()), { label: 'Service', input: 'select', size: 'md' })

/** Meter Reading > Meters: what a meter is. */
export const meterForm = defineForm({
  number: field(codeInput(), { label: 'Meter number', size: 'md', autofocus: true }),
  service: field(codeInput(), { label: 'Service', input: 'select', size: 'md' }),
  ...FACTS,
  version: version(),
  seen: seenField(),
})

const NEW = {
  number: field(codeInput(), {
    label: 'Meter number',
    size: 'md',
    hint: 'A meter from stock, or a new one.',
  }),
  service: service(),
  reading: field(optional(readInput()), {
    label: 'Beginning read',
    size: 'sm',
    hint: 'Empty for a meter from stock: its last read.',
  }),
}

/** Install a meter at a location. */
export const installForm = defineForm({
  date: field(dateInput(), { label: 'Date installed', input: 'date' }),
  ...NEW,
  ...FACTS,
})

const OUT = {
  date: field(dateInput(), { label: 'Date', input: 'date' }),
  final: field(readInput(), { label: 'Final read', size: 'sm', autofocus: true }),
  kind: kind(),
  accept: accept(),
}

/** Remove a meter: its final read. */
export const removeForm = defineForm(OUT)

/** Exchange in one step: the final read of the old, the beginning read of the new. */
export const exchangeForm = defineForm({
  ...OUT,
  number: field(codeInput(), { label: 'New meter number', size: 'md', hint: 'A meter from stock, or a new one.' }),
  reading: NEW.reading,
  ...FACTS,
})

/** The day and read that the latest installation began with. */
export const correctForm = defineForm({
  date: field(dateInput(), { label: 'Date installed', input: 'date' }),
  reading: field(readInput(), { label: 'Beginning read', size: 'sm' }),
  version: version(),
})

type Facts = Pick<FormData<typeof meterForm>, 'dials' | 'multiplier' | 'unit' | 'size' | 'manufacturer' | 'serial'>

/** What a meter is, as it is stored: nothing for what was left empty. */
export const factsOf = ({ dials, multiplier, unit, size, manufacturer, serial }: Facts) => ({
  dials: dials ?? null,
  multiplier: multiplier.toFixed(),
  unit: unit || null,
  size: size || null,
  manufacturer: manufacturer || null,
  serial: serial || null,
})
