import { isBirthDate } from '../customers/personal-rules.ts'
import type { Day } from '../ledger/calendar.ts'
import { type FormView, labelled, type ShowOptions } from '../web/form.ts'
import type { Draft, Part } from './draft.ts'
import type { ContactFacts } from './facts.ts'
import { type GeneralData, generalForm, PART_FORMS, PART_KINDS, type PartKind } from './forms.ts'
import { noticesRefusal, primaryOf } from './rules.ts'

export interface CheckedPart {
  part: Part
  view: FormView
  /** What is stored, by the table's own names; absent where it is removed or refused. */
  row?: Record<string, unknown>
}

/** A contact of the form with what is wrong in it, beside its fields; `general` is there when it may be stored. */
export interface Checked {
  draft: Draft
  view: FormView
  general?: GeneralData
  parts: CheckedPart[]
  /** Keys of the primary address, e-mail address and phone number. */
  primary: Partial<Record<PartKind, string>>
  ok: boolean
}

type Types = ContactFacts['types']

const choices = (rows: Types[PartKind]) => rows.map(({ id, name }) => ({ value: String(id), label: name }))

export const generalOptions = (types: Types): ShowOptions => ({ options: { contactTypeId: choices(types.contact) } })

export const partOptions = (kind: PartKind, types: Types): ShowOptions => ({
  options: { [`${kind}TypeId`]: choices(types[kind]) },
})

const SAYS: Record<string, string> = {
  no_address: 'Mail can be chosen once there is an address.',
  no_email: 'Email can be chosen once there is an e-mail address.',
  two_primary: 'Tick Primary on one of them only.',
}

/** Reads a contact by the rules of its forms; one that is deleted is not read [001-263, 001-264, 001-270, 001-276, 001-281]. */
export function checkDraft(draft: Draft, types: Types, today: Day): Checked {
  const { view, data } = readGeneral(draft, types, today)
  const parts = draft.parts.map((part) => checkPart(part, types))
  const { primary, errors } = primaries(draft)
  for (const { part, view: shown } of parts) {
    const says = errors[part.kind]
    if (says && part.values.primary && !part.was && !part.removed) addError(shown, 'primary', says)
  }
  const ok = data !== undefined && parts.every(({ part, row }) => part.removed || row !== undefined)
  return {
    draft,
    view,
    parts,
    primary,
    ...(data ? { general: data } : {}),
    ok: draft.deleted || (ok && Object.keys(errors).length === 0),
  }
}

function readGeneral(draft: Draft, types: Types, today: Day): { view: FormView; data?: GeneralData } {
  const options = generalOptions(types)
  const parsed = generalForm.parse(draft.values, options)
  const count = (kind: PartKind) => draft.parts.filter((part) => part.kind === kind && !part.removed).length
  if (!parsed.ok) return { view: parsed.view }
  const view = generalForm.show(draft.values, {}, options)
  const { birthDate } = parsed.data
  if (birthDate !== undefined && !isBirthDate(birthDate, today)) {
    addError(view, 'birthDate', 'Nobody is born on that day: write the birthdate.')
    return { view }
  }
  const notices = noticesRefusal(parsed.data.notices, { address: count('address'), email: count('email') })
  if (notices.ok) return { view, data: parsed.data }
  addError(view, 'notices', SAYS[notices.refusal] ?? '')
  return { view }
}

function checkPart(part: Part, types: Types): CheckedPart {
  const form = PART_FORMS[part.kind]
  const options = partOptions(part.kind, types)
  if (part.removed) return { part, view: form.show(part.values, {}, options) }
  const parsed = form.parse(part.values, options)
  if (!parsed.ok) return { part, view: parsed.view }
  const { seen, primary, ...row } = parsed.data
  return { part, view: form.show(part.values, {}, options), row: emptied(row) }
}

const emptied = (row: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value === '' ? null : (value ?? null)]))

function primaries(draft: Draft): Pick<Checked, 'primary'> & { errors: Partial<Record<PartKind, string>> } {
  const primary: Checked['primary'] = {}
  const errors: Partial<Record<PartKind, string>> = {}
  for (const kind of PART_KINDS) {
    const found = primaryOf(candidates(draft, kind))
    if (!found.ok) errors[kind] = SAYS[found.refusal] ?? ''
    else if (found.value !== undefined) primary[kind] = found.value
  }
  return { primary, errors }
}

/** The addresses, e-mail addresses or phone numbers of a contact as the rule of the primary one sees them. */
export const candidates = ({ parts }: Draft, kind: PartKind) =>
  parts
    .filter((part) => part.kind === kind)
    .map(({ key, was, removed, values }) => ({ key, was, removed, ticked: values.primary !== undefined }))

function addError(view: FormView, name: string, text: string): void {
  const field = view.by[name]
  if (field) field.error = text
  view.summary.push({ name, id: field?.id ?? '', text, said: labelled(field?.label ?? '', text) })
}
