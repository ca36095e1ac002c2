import { field } from '../web/form.ts'
import { codeInput, textInput } from '../web/inputs.ts'

/** The two fields every coded table begins with. */
export const codeAndName = {
  code: field(codeInput(), { label: 'Code', size: 'sm' }),
  name: field(textInput(), { label: 'Name' }),
}
