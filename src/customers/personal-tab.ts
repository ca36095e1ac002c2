import { sql } from 'drizzle-orm'
import type { Day } from '../ledger/calendar.ts'
import { type Presenting, personTabs } from '../panel/person.ts'
import { maskOf } from '../secrets/rules.ts'
import { defineForm, type FormData, type FormView, field } from '../web/form.ts'
import { dateInput, numberInput, optional, optionalText, selectInput } from '../web/inputs.ts'
import { seenField, withSeen } from '../web/seen.ts'
import { isLicence, isSsn, STATES } from './personal-rules.ts'

/** What Personal Info knows: of the protected numbers no more than their last four. */
export interface Personal {
  birthDate: Day | null
  licenceState: string | null
  licenceLast4: string | null
  ssnLast4: string | null
}

/** Masked while typed, and never sent back; left empty it keeps what is stored, a hyphen takes it away (S-36). */
export const secret = (label: string, fits: (typed: string) => boolean, says: string) =>
  field(
    optionalText(40).refine((typed) => typed === '' || typed === '-' || fits(typed), says),
    {
      label,
      input: 'password',
      autocomplete: 'off',
      size: 'md',
      hint: 'Empty: it stays as it is. A hyphen (-) takes it away.',
    },
  )

const states = STATES.map(({ value }) => value) as [string, ...string[]]

export const personalForm = defineForm({
  version: field(optional(numberInput()), { label: '', input: 'hidden' }),
  seen: seenField(),
  licence: secret("Driver's License No.", isLicence, 'Write letters and digits, at most 30.'),
  licenceState: field(optional(selectInput(states)), { label: 'State', input: 'select', options: STATES, size: 'md' }),
  ssn: secret('Social Security No.', isSsn, 'Write nine digits, with or without hyphens. No part of it is all zeros.'),
  birthDate: field(optional(dateInput()), { label: 'Date of Birth', input: 'date' }),
})

export type PersonalData = FormData<typeof personalForm>

/** Json of what Personal Info knows of the customer whose id is `who`. */
export const personalFacts = (who: ReturnType<typeof sql>) =>
  sql`(select json_build_object('birthDate', c.birth_date, 'licenceState', c.licence_state,
    'licenceLast4', c.licence_last4, 'ssnLast4', c.ssn_last4) from customer c where c.id = ${who})`

/** Customer and Owner > Personal Info: driver's license, Social Security number, date of birth; for those who may [001]. */
export const personalTab = personTabs<Personal>({
  path: 'personal-info',
  label: 'Personal Info',
  need: 'customers.personal',
  template: 'customers/personal',
  sql: (who) => personalFacts(who),
  present: (raw, of) => ({
    ownSave: true,
    form: openPersonal(raw, of),
    masks: masksOf(raw),
    mayReveal: of.asked.may('customers.reveal'),
    webLogin: of.lists.web,
    email: of.person.values.email,
  }),
})

export const masksOf = (raw: Personal) => ({
  licence: maskOf('licence', raw.licenceLast4),
  ssn: maskOf('ssn', raw.ssnLast4),
})

function openPersonal({ birthDate, licenceState }: Personal, { person, asked }: Presenting): FormView {
  const edit = asked.may('customers.edit') && asked.asOf === undefined
  const readonly = edit ? [] : 'all'
  return withSeen(personalForm.show({ version: person.version, birthDate, licenceState }, {}, { readonly }))
}
