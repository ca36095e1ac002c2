import { z } from 'zod'
import { defineForm, field } from '../web/form.ts'
import { optionalText, textInput } from '../web/inputs.ts'

const password = (autofocus = false) =>
  field(z.string().min(1).max(512, 'At most 128 characters.'), {
    label: 'Your password',
    input: 'password',
    autocomplete: 'current-password',
    ...(autofocus ? { autofocus } : {}),
  })
const CODE = { label: 'Code', autocomplete: 'one-time-code', size: 'md' } as const
const ANY_CODE = { ...CODE, hint: 'Six digits from your authenticator app, or a recovery code.' }
const code = () => field(optionalText(40), ANY_CODE)

/** The second step of signing in. */
export const signInCodeForm = defineForm({ code: field(textInput(40), { ...ANY_CODE, autofocus: true }) })

/** Whoever changes how they sign in shows who they are. */
export const proofForm = defineForm({ password: password(), code: code() })

/** The first code of a new app: of the app and nothing else. */
export const confirmForm = defineForm({
  code: field(textInput(40), { ...CODE, hint: 'Six digits, as the app shows them now.', autofocus: true }),
})

/** An administrator takes away somebody's second factor. */
export const resetForm = defineForm({
  reason: field(textInput(200), { label: 'Reason', hint: 'How you know that it is them who asks.' }),
  password: password(),
  code: code(),
})

/** Show with password. */
export const showForm = defineForm({
  password: password(true),
  code: code(),
  reason: field(textInput(200), {
    label: 'Reason',
    hint: 'Kept in the audit trail with your name.',
    suggestions: ['To know who is calling', 'Asked by the customer', 'To correct the number', 'For collection'],
  }),
})
