import { runScreens } from '../runs/screens.ts'
import { defineForm, field } from '../web/form.ts'
import { codeInput, numberInput } from '../web/inputs.ts'
import { countyFile } from './county-file.ts'
import { allLayouts } from './county-layouts.ts'
import type { CountyOptions } from './forms.ts'

const countyForm = defineForm({
  taxYear: field(numberInput({ min: 1900, max: 9999 }), { label: 'Tax Year', input: 'number' }),
  layout: field(codeInput(), {
    label: 'Layout',
    input: 'select',
    hint: 'Add your own under Tax Certification > County Layouts',
  }),
})

/** The screen of the County file, with the presets and the town's own layouts to choose from. */
export const countyScreen = runScreens(countyFile, {
  form: countyForm,
  lists: async (db) => ({
    options: { layout: (await allLayouts(db)).map(({ code, name }) => ({ value: code, label: name })) },
  }),
  show: (options: Partial<CountyOptions>) => options,
  read: (typed) => typed,
  fresh: ['taxYear'],
})
