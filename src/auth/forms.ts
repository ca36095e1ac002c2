import { z } from 'zod'
import { defineForm, field } from '../web/form.ts'
import { numberInput, optionalText, selectInput, textInput } from '../web/inputs.ts'
import { ROLES, type Role } from './permissions.ts'

// Exactly what was typed: no trimming, no limit on characters. Longer than this is nobody's password.
const secret = () => z.string().min(1).max(512, 'At most 128 characters.')
const token = () => z.string().max(100)

export const signInForm = defineForm({
  name: field(textInput(100), { label: 'User name', autocomplete: 'username', autofocus: true }),
  password: field(secret(), { label: 'Password', input: 'password', autocomplete: 'current-password' }),
  returnTo: field(z.string().max(500).default('/'), { label: '', input: 'hidden' }),
})

const newPassword = {
  password: field(secret(), {
    label: 'New password',
    input: 'password',
    autocomplete: 'new-password',
    hint: 'At least 15 characters. A few words in a row are easy to remember; spaces count.',
  }),
  again: field(secret(), { label: 'Once more', input: 'password', autocomplete: 'new-password' }),
}

export const setupForm = defineForm({
  token: field(token(), { label: '', input: 'hidden' }),
  name: field(textInput(60), { label: 'User name', autocomplete: 'username', autofocus: true }),
  fullName: field(optionalText(100), { label: 'Your name', autocomplete: 'name' }),
  ...newPassword,
})

export const passwordByLinkForm = defineForm({ token: field(token(), { label: '', input: 'hidden' }), ...newPassword })

export const ownPasswordForm = defineForm({
  current: field(secret(), { label: 'Password now', input: 'password', autocomplete: 'current-password' }),
  code: field(optionalText(40), {
    label: 'Code',
    autocomplete: 'one-time-code',
    size: 'md',
    hint: 'Six digits from your authenticator app, or a recovery code.',
  }),
  ...newPassword,
})

export const tokenForm = defineForm({
  name: field(textInput(60), { label: 'What it is for', hint: 'For example: bank import at the treasurer' }),
})

const ROLE_NAMES: Record<Role, string> = {
  administrator: 'Administrator',
  supervisor: 'Supervisor',
  clerk: 'Clerk',
  viewer: 'Viewer',
  auditor: 'Auditor',
}

export const roleOptions = ROLES.map((role) => ({ value: role, label: ROLE_NAMES[role] }))
export const roleName = (role: string): string => ROLE_NAMES[role as Role] ?? role

export const newUserForm = defineForm({
  name: field(textInput(60), { label: 'User name', hint: 'Small letters, digits, dots and hyphens.', size: 'md' }),
  fullName: field(optionalText(100), { label: 'Full name' }),
  role: field(selectInput(ROLES, 'Choose a role.'), {
    label: 'Role',
    input: 'select',
    options: roleOptions,
    size: 'md',
  }),
})

export const userForm = defineForm({
  version: field(numberInput(), { label: '', input: 'hidden' }),
  fullName: field(optionalText(100), { label: 'Full name' }),
  role: field(selectInput(ROLES, 'Choose a role.'), {
    label: 'Role',
    input: 'select',
    options: roleOptions,
    size: 'md',
  }),
})

/** The two new passwords differ: one sentence at the second. */
export const differ = (data: { password: string; again: string }): Record<string, string> =>
  data.password === data.again ? {} : { again: 'The two are not the same.' }
