import type { FormView } from '../web/form.ts'
import { withSeen } from '../web/seen.ts'
import type { StoredContact, StoredPart } from './facts.ts'
import { generalForm, PART_FORMS, PART_KINDS, type PartKind } from './forms.ts'

export type Values = Record<string, string>

/** An address, e-mail address or phone number as it stands in the form. */
export interface Part {
  /** `a12` is stored, `ax1` is new. */
  key: string
  kind: PartKind
  /** Primary as things stand. */
  was: boolean
  removed: boolean
  values: Values
}

export const SECTIONS = ['general', ...PART_KINDS] as const
export type Section = (typeof SECTIONS)[number]

/** A contact as it stands in the form, saved or not: what Add, Delete and Save work on. */
export interface Draft {
  /** `c12` is stored, `n1` is new. */
  key: string
  version: number
  deleted: boolean
  /** Which of the four tabs is open. */
  section: Section
  values: Values
  parts: Part[]
}

const SIGNS: Record<PartKind, string> = { address: 'a', email: 'e', phone: 'p' }

export const isNew = ({ key }: { key: string }): boolean => key.startsWith('n') || key[1] === 'x'

/** Id of what is stored; 0 of what is new. */
export const idOf = (one: { key: string }): number => (isNew(one) ? 0 : Number(one.key.slice(1)))

/** The drafts of stored contacts; each of their forms carries what it opened with. */
export const draftOf = (stored: StoredContact): Draft => ({
  key: `c${stored.id}`,
  version: stored.version,
  deleted: false,
  section: 'general',
  values: carrying(generalForm.show(generalValues(stored))),
  parts: PART_KINDS.flatMap((kind) => stored.parts[kind].map((part) => partDraft(kind, part))),
})

export const generalValues = (stored: StoredContact): Values => {
  const { contactTypeId, notices, firstName, middleName, lastName, suffix, birthDate } = stored
  return texts({ contactTypeId, notices, firstName, middleName, lastName, suffix, birthDate })
}

export function partDraft(kind: PartKind, stored: StoredPart): Part {
  const { id, isPrimary, ...columns } = stored
  const values = carrying(PART_FORMS[kind].show({ ...texts(columns), ...(isPrimary ? { primary: 'on' } : {}) }))
  return { key: `${SIGNS[kind]}${id}`, kind, was: isPrimary, removed: false, values }
}

const texts = (columns: object): Values =>
  Object.fromEntries(Object.entries(columns).map(([name, value]) => [name, String(value ?? '')]))

/** The values of a form, with what it opened with in `seen`. */
const carrying = (form: FormView): Values => valuesOf(withSeen(form))

/** What a browser would send of a form. */
export function valuesOf(form: FormView): Values {
  const sent = form.fields.filter(({ input, checked }) => input !== 'checkbox' || checked)
  return Object.fromEntries(sent.map(({ name, input, value }) => [name, input === 'checkbox' ? 'on' : value]))
}

/** The next free key of a new contact or part. */
const nextKey = (sign: string, taken: readonly { key: string }[]): string => {
  const numbers = taken.flatMap(({ key }) => (key.startsWith(sign) ? [Number(key.slice(sign.length))] : [0]))
  return `${sign}${Math.max(0, ...numbers) + 1}`
}

/** A blank contact [001-250]: no address, e-mail or phone yet [001-267, 001-273, 001-278]. */
export const blankDraft = (all: readonly Draft[]): Draft => ({
  key: nextKey('n', all),
  version: 0,
  deleted: false,
  section: 'general',
  values: { notices: 'none' },
  parts: [],
})

/** A blank address, e-mail address or phone number of a contact. */
export const blankPart = (kind: PartKind, { parts }: Draft, values: Values = {}): Part => ({
  key: nextKey(`${SIGNS[kind]}x`, parts),
  kind,
  was: false,
  removed: false,
  values,
})

const NAME = /^([cn]\d{1,9})-(?:([aep]x?\d{1,9})-)?(\w{1,30})$/
const KINDS: Record<string, PartKind> = { a: 'address', e: 'email', p: 'phone' }

export interface Sent {
  drafts: Draft[]
  /** Key of the contact that is selected in the list. */
  selected: string
  /** Which button was pressed: '' = Save. */
  act: string
}

/** The whole list as it was sent: `c12-firstName`, `c12-a5-city`. Names of another form are left for the forms to refuse. */
export function sentDrafts(body: Record<string, string>): Sent {
  const drafts = new Map<string, Draft>()
  for (const [name, value] of Object.entries(body)) {
    const [, key = '', partKey, field = ''] = NAME.exec(name) ?? []
    if (key === '') continue
    const draft = drafts.get(key) ?? { ...blankDraft([]), key, values: {} }
    drafts.set(key, draft)
    if (partKey === undefined) take(draft, field, value)
    else takePart(draft, partKey, field, value)
  }
  return { drafts: [...drafts.values()], selected: body.selected ?? '', act: body.act ?? '' }
}

function take(draft: Draft, field: string, value: string): void {
  if (field === 'version') draft.version = Number(value) || 0
  else if (field === 'deleted') draft.deleted = true
  else if (field === 'section') draft.section = SECTIONS.find((each) => each === value) ?? 'general'
  else draft.values[field] = value
}

function takePart(draft: Draft, key: string, field: string, value: string): void {
  let part = draft.parts.find((each) => each.key === key)
  if (!part) {
    part = { key, kind: KINDS[key[0] ?? ''] ?? 'address', was: false, removed: false, values: {} }
    draft.parts.push(part)
  }
  if (field === 'removed') part.removed = true
  else if (field !== 'was') part.values[field] = value
  else {
    // the box of the primary one is locked, and a browser does not send it
    part.was = true
    part.values.primary = 'on'
  }
}

/** Whether a form holds something else than what it opened with; a protected number that was typed counts. */
export function isChanged(form: { show: typeof generalForm.show }, values: Values): boolean {
  if (values.ssn || values.licence) return true
  const { seen, ...typed } = values
  return withSeen(form.show(typed)).by.seen?.value !== seen
}

/** Whether Save has anything to do for a contact [001-283]. */
export const draftChanged = (draft: Draft): boolean =>
  draft.deleted ||
  isNew(draft) ||
  isChanged(generalForm, draft.values) ||
  draft.parts.some((part) => part.removed || isNew(part) || isChanged(PART_FORMS[part.kind], part.values))
