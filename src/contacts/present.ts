import { mailingLines } from '../customers/mailing-rules.ts'
import type { FieldView, FormView } from '../web/form.ts'
import { type Checked, candidates, generalOptions, partOptions } from './check.ts'
import { type Draft, idOf, isNew, type Part, SECTIONS, type Section } from './draft.ts'
import type { ContactFacts } from './facts.ts'
import { generalForm, PART_FORMS, PART_KINDS, type PartKind } from './forms.ts'
import { contactName, isLocked, noticesOffered, primaryOf } from './rules.ts'
import { masksOf } from './service.ts'

const TITLES: Record<PartKind, [section: string, none: string, noun: string]> = {
  address: ['Address', 'No address yet.', 'address'],
  email: ['Email', 'No e-mail address yet.', 'e-mail address'],
  phone: ['Phone', 'No phone number yet.', 'phone number'],
}
const SHOWN: Record<Section, string> = { general: 'General', address: 'Address', email: 'Email', phone: 'Phone' }

export interface Shown {
  facts: ContactFacts
  drafts: readonly Draft[]
  /** Key of the contact that is selected; another one, or none, selects the first. */
  selected: string
  /** After a Save that was refused: the forms with what is wrong. */
  checked?: readonly Checked[]
  edit: boolean
  personal: boolean
  /** What was added just now to the contact that is selected: its first field takes the focus. */
  added?: 'contact' | PartKind | undefined
}

/** What the tab's template gets: the list with its primary details, and each contact's four tabs. */
export function contactsData({ facts, drafts, selected, checked = [], edit, personal, added }: Shown) {
  const found = new Map(checked.map((each) => [each.draft.key, each]))
  const faulty = checked.find(({ ok }) => !ok)?.draft.key
  const chosen = faulty ?? drafts.find(({ key }) => key === selected)?.key ?? drafts[0]?.key
  const contacts = drafts.map((draft) => oneContact(draft, facts, found.get(draft.key), { edit, personal }))
  focusAdded(
    added,
    contacts.find(({ key }) => key === chosen),
  )
  const summary = checked.flatMap((each) => (each.draft.deleted ? [] : faultsOf(each)))
  return {
    contacts: contacts.map((each) => ({ ...each, selected: each.key === chosen })),
    contactForm: { summary },
    contactTotal: facts.total,
    edit,
    personal,
  }
}

/** The first field of a blank contact, or of the blank part that stands last of its kind, is where typing begins. */
function focusAdded(added: Shown['added'], of: ReturnType<typeof oneContact> | undefined): void {
  if (!added || !of) return
  const form = added === 'contact' ? of.general : of.parts.find(({ kind }) => kind === added)?.tiles.at(-1)?.form
  const first = form?.fields.find(({ input }) => input !== 'hidden')
  if (first) first.autofocus = true
}

function oneContact(
  draft: Draft,
  facts: ContactFacts,
  checked: Checked | undefined,
  { edit, personal }: Pick<Shown, 'edit' | 'personal'>,
) {
  const stored = facts.contacts.find(({ id }) => id === idOf(draft))
  const readonly = edit ? [] : 'all'
  const general = checked?.view ?? generalForm.show(draft.values, {}, { ...generalOptions(facts.types), readonly })
  const type = facts.types.contact.find(({ id }) => String(id) === draft.values.contactTypeId)
  return {
    key: draft.key,
    id: idOf(draft),
    version: draft.version,
    deleted: draft.deleted,
    isNew: isNew(draft),
    name: contactName(draft.values),
    type: type?.name ?? '',
    stays: type?.place === 'location',
    general: named(general, draft.key),
    notices: noticesOf(draft),
    masks: personal ? masksOf(stored) : undefined,
    sections: SECTIONS.map((each) => ({
      value: each,
      label: SHOWN[each],
      current: each === sectionOf(draft, checked),
    })),
    parts: PART_KINDS.map((kind) => partList(kind, draft, facts, checked, edit)),
    primary: PART_KINDS.flatMap((kind) => primaryLine(kind, draft)),
  }
}

const noticesOf = ({ parts }: Draft) => {
  const count = (kind: PartKind) => parts.filter((part) => part.kind === kind && !part.removed).length
  return noticesOffered({ address: count('address'), email: count('email') })
}

/** The tab that is open; after a refused Save the one where something is wrong. */
function sectionOf({ section }: Draft, checked?: Checked): Section {
  if (!checked || checked.ok || checked.view.summary.length > 0) return checked && !checked.ok ? 'general' : section
  return checked.parts.find(({ view }) => view.summary.length > 0)?.part.kind ?? section
}

function partList(kind: PartKind, draft: Draft, { types }: ContactFacts, checked: Checked | undefined, edit: boolean) {
  const all = candidates(draft, kind)
  const tiles = draft.parts
    .filter((part) => part.kind === kind)
    .map((part) => {
      const view = checked?.parts.find((each) => each.part.key === part.key)?.view
      const locked = isLocked({ key: part.key, was: part.was, removed: part.removed, ticked: false }, all)
      return tile(part, draft, types, { view, locked, edit })
    })
  const [title, emptyText, noun] = TITLES[kind]
  return { kind, title, emptyText, noun, tiles }
}

interface Tile {
  view: FormView | undefined
  locked: boolean
  edit: boolean
}

function tile(part: Part, draft: Draft, types: ContactFacts['types'], { view, locked, edit }: Tile) {
  const form = PART_FORMS[part.kind]
  const readonly: readonly string[] | 'all' = edit ? (locked ? ['primary'] : []) : 'all'
  const options = { ...partOptions(part.kind, types), readonly }
  const shown = view ?? form.show(part.values, {}, options)
  const values = locked ? { ...shown, by: { ...shown.by, primary: lockedBox(shown.by.primary) } } : shown
  const fields = { ...values, fields: values.fields.map((each) => values.by[each.name] ?? each) }
  return {
    key: part.key,
    was: part.was,
    removed: part.removed,
    primary: locked || part.was,
    open: (isNew(part) || (view?.summary.length ?? 0) > 0) && !part.removed,
    lines: linesOf(part),
    type: types[part.kind].find(({ id }) => String(id) === part.values[`${part.kind}TypeId`])?.name ?? '',
    form: named(fields, `${draft.key}-${part.key}`),
  }
}

const lockedBox = (box: FieldView | undefined) => ({ ...(box as FieldView), checked: true, readonly: true })

function linesOf({ kind, values }: Part): string[] {
  const text = (name: string) => values[name] ?? ''
  if (kind === 'address') return mailingLines({ ...values, addressLine1: text('addressLine1') })
  if (kind === 'email') return [text('address'), text('description')].filter(Boolean)
  const extension = text('extension') ? `ext. ${text('extension')}` : ''
  return [[text('number'), extension].filter(Boolean).join(' '), text('description')].filter(Boolean)
}

/** The primary one in a line, for the list on the left [001-244]. */
function primaryLine(kind: PartKind, draft: Draft): string[] {
  const found = primaryOf(candidates(draft, kind))
  const key = found.ok ? found.value : draft.parts.find((part) => part.kind === kind && part.was)?.key
  const part = draft.parts.find((each) => each.key === key)
  const line = part
    ? linesOf(part)
        .slice(0, kind === 'address' ? undefined : 1)
        .join(', ')
    : ''
  return line === '' ? [] : [line]
}

/** The form with its fields called as the one form of the whole list calls them. */
function named(form: FormView, prefix: string): FormView {
  const rename = (field: FieldView): FieldView => ({
    ...field,
    name: `${prefix}-${field.name}`,
    id: `f-${prefix}-${field.name}`,
  })
  const fields = form.fields.map(rename)
  const by = Object.fromEntries(form.fields.map(({ name }, at) => [name, fields[at] as FieldView]))
  return { fields, by, summary: form.summary.map((each) => ({ ...each, id: `f-${prefix}-${each.name}` })) }
}

/** What is wrong, with the contact's name before it [001-285]. */
function faultsOf({ draft, view, parts }: Checked) {
  const name = contactName(draft.values) || 'The new contact'
  const all = [
    ...named(view, draft.key).summary,
    ...parts.flatMap(({ part, view: shown }) => named(shown, `${draft.key}-${part.key}`).summary),
  ]
  return all.map((each) => ({ ...each, said: `${name}: ${each.said ?? each.text}` }))
}
