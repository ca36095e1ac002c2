import { defineForm, field } from '../web/form.ts'
import { codeInput, numberInput, optional, optionalEmail, optionalText, textInput } from '../web/inputs.ts'
import { seenField } from '../web/seen.ts'

const text = (label: string, max: number, more: object = {}) => field(optionalText(max), { label, ...more })

/** Name, address, telephone and e-mail address of a person or business [003-028]. */
export const masterForm = defineForm({
  version: field(optional(numberInput()), { label: '', input: 'hidden' }),
  seen: seenField(),
  number: field(codeInput(), { label: 'Number', size: 'sm' }),
  name: field(textInput(100), { label: 'Master Contact Name', autofocus: true }),
  addressLine1: text('Address', 100),
  addressLine2: text('Address, line 2', 100),
  city: text('City', 60),
  state: text('State', 20, { size: 'xs' }),
  zip: text('Zip', 20, { size: 'sm' }),
  phone: text('Phone No.', 40, { input: 'tel', size: 'md' }),
  email: field(optionalEmail(), { label: 'E-mail address', input: 'email' }),
})
