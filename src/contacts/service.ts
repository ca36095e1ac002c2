import { sql } from 'drizzle-orm'
import { type Db, one } from '../db/db.ts'
import { Forbidden, NotFound } from '../errors.ts'
import type { Place } from '../panel/records.ts'
import { fieldKeys } from '../secrets/keys.ts'
import { maskOf, typedSecret } from '../secrets/rules.ts'
import { openField, placeOf } from '../secrets/seal.ts'
import { sealedColumns } from '../secrets/typed.ts'
import type { Context } from '../web/context.ts'
import { tellChanges } from '../web/seen.ts'
import { type Checked, checkDraft, generalOptions, partOptions } from './check.ts'
import {
  type Draft,
  draftChanged,
  draftOf,
  generalValues,
  idOf,
  isChanged,
  isNew,
  type Part,
  partDraft,
  valuesOf,
} from './draft.ts'
import { type ContactFacts, OF_ACCOUNT, type StoredContact } from './facts.ts'
import { type GeneralData, generalForm, PART_FORMS } from './forms.ts'
import { contactName } from './rules.ts'
import { addContact, changeContact, newContactNumber, removeContact, storeParts } from './store.ts'

export { readContacts } from './facts.ts'

type Who = Pick<Context, 'db' | 'actor' | 'may' | 'today'>

/** What became of a Save: the ids of the contacts that were stored, by key, or what is wrong or was changed meanwhile. */
export type Outcome =
  | { ok: true; ids: ReadonlyMap<string, number> }
  | { ok: false; checked: Checked[]; theirs: string[]; drafts: Draft[] }

/**
 * Stores every contact of the list that was changed, added or deleted, all or none [001-248, 001-283, 001-285]. What is
 * wrong is said beside its field; what somebody else changed meanwhile is told field by field and nothing is stored.
 */
export async function saveContacts(
  who: Who,
  place: Place,
  drafts: readonly Draft[],
  facts: ContactFacts,
): Promise<Outcome> {
  const stored = new Map(facts.contacts.map((each) => [each.id, each]))
  const told = drafts.map((draft) => toldOf(draft, stored.get(idOf(draft)), facts))
  const theirs = told.flatMap((each) => each.theirs)
  const current = told.flatMap(({ draft }) => draft ?? [])
  const checked = current.map((draft) => checkDraft(draft, facts.types, who.today))
  const toStore = checked.filter(({ draft }) => draftChanged(draft))
  if (theirs.length > 0 || !toStore.every(({ ok }) => ok)) return { ok: false, checked, theirs, drafts: current }
  const ids = await who.db.transaction(async (tx) => {
    const kept = new Map<string, number>()
    for (const each of toStore) kept.set(each.draft.key, await storeOne({ ...who, db: tx }, place, each, facts, stored))
    return kept
  })
  return { ok: true, ids }
}

async function storeOne(
  who: Who,
  place: Place,
  checked: Checked,
  { types }: ContactFacts,
  stored: Map<number, StoredContact>,
): Promise<number> {
  const { draft, general } = checked
  const at = { id: idOf(draft), version: draft.version }
  if (draft.deleted || !general) {
    await removeContact(who.db, at, who.actor.id)
    return at.id
  }
  const before = stored.get(at.id)
  const number = before?.number ?? (await newContactNumber(who.db))
  const row = { ...rowOf(general), ...whereOf(general, types, place), ...secretsOf(who, number, general, before) }
  const id = before ? at.id : await addContact(who.db, { ...row, number }, who.actor.id)
  if (before) await changeContact(who.db, at, row, who.actor.id)
  await storeParts(who.db, id, checked, who.actor.id)
  return id
}

const rowOf = ({ contactTypeId, notices, firstName, middleName, lastName, suffix, birthDate }: GeneralData) => ({
  ...{ contactTypeId, notices, firstName, lastName },
  ...{ middleName: middleName || null, suffix: suffix || null, birthDate: birthDate ?? null },
})

/** The type says whether it goes with the customer or stays with the location [001-258 to 001-260]. */
function whereOf({ contactTypeId }: GeneralData, types: ContactFacts['types'], { customerId, locationId }: Place) {
  const stays = types.contact.find(({ id }) => id === contactTypeId)?.place === 'location'
  return { customerId: stays ? null : customerId, locationId: stays ? locationId : null }
}

export const masksOf = (stored?: Pick<StoredContact, 'licenceLast4' | 'ssnLast4'>) => ({
  licence: maskOf('licence', stored?.licenceLast4 ?? null),
  ssn: maskOf('ssn', stored?.ssnLast4 ?? null),
})

/** The protected columns of a contact, sealed for its own number; one left empty keeps what is stored. */
function secretsOf({ may }: Who, number: string, typed: GeneralData, before?: StoredContact): object {
  if ((typed.licence || typed.ssn) && !may('customers.personal')) throw new Forbidden('customers.personal')
  const masks = masksOf(before)
  const columns = (['licence', 'ssn'] as const).map((field) =>
    sealedColumns(placeOf('contact', number, field), field, typedSecret(typed[field], masks[field])),
  )
  return Object.assign({}, ...columns)
}

interface Told {
  /** The draft to go on with; absent where it is gone. */
  draft?: Draft
  theirs: string[]
}

/** Their changes laid under what this clerk typed, where somebody else was quicker. */
function toldOf(draft: Draft, stored: StoredContact | undefined, facts: ContactFacts): Told {
  if (isNew(draft)) return { draft, theirs: [] }
  const changed = draftChanged(draft)
  if (!stored) return { theirs: changed ? [`${contactName(draft.values)} was deleted meanwhile.`] : [] }
  if (draft.version === stored.version) return { draft, theirs: [] }
  if (!changed) return { draft: { ...draftOf(stored), section: draft.section }, theirs: [] }
  const general = tellChanges(generalForm, draft.values, generalValues(stored), generalOptions(facts.types))
  const parts = toldParts(draft, stored, facts)
  const name = contactName(stored)
  const theirs = [...general.theirs, ...parts.theirs].map((each) => `${name}: ${each}`)
  const merged = { ...draft, version: stored.version, values: valuesOf(general.form), parts: parts.parts }
  return { draft: merged, theirs: theirs.length > 0 ? theirs : [`${name} was changed meanwhile.`] }
}

function toldParts(draft: Draft, stored: StoredContact, facts: ContactFacts): { parts: Part[]; theirs: string[] } {
  const theirs: string[] = []
  const now = Object.entries(stored.parts).flatMap(([kind, list]) =>
    list.map((each) => partDraft(kind as Part['kind'], each)),
  )
  const kept = now.map((fresh) => {
    const typed = draft.parts.find(({ key }) => key === fresh.key)
    if (!typed) theirs.push(`${fresh.kind} added: ${sayPart(fresh)}.`)
    if (!typed || !(typed.removed || isChanged(PART_FORMS[typed.kind], typed.values))) return fresh
    const told = tellChanges(PART_FORMS[typed.kind], typed.values, fresh.values, partOptions(typed.kind, facts.types))
    theirs.push(...told.theirs)
    return { ...typed, was: fresh.was, values: valuesOf(told.form) }
  })
  for (const typed of draft.parts) {
    if (!isNew(typed) && !now.some(({ key }) => key === typed.key)) theirs.push(`${sayPart(typed)} was deleted.`)
  }
  return { parts: [...kept, ...draft.parts.filter(isNew)], theirs }
}

const sayPart = ({ values }: Part): string => values.addressLine1 ?? values.address ?? values.number ?? ''

export interface ContactOwner {
  id: number
  number: string
  name: string
  licenceLast4: string | null
  ssnLast4: string | null
  customerId: number | null
}

/** A contact of an account, for the door of its protected numbers. Absent and hidden answer 404 alike. */
export async function contactOf(db: Db, account: string, id: number): Promise<ContactOwner> {
  const found = await one<ContactOwner>(
    db,
    sql`select o.id, o.number, o.first_name || ' ' || o.last_name as name, o.licence_last4 as "licenceLast4", o.ssn_last4 as "ssnLast4",
      o.customer_id as "customerId" from account a join contact o on ${OF_ACCOUNT} where a.number = ${account} and o.id = ${id}`,
  )
  if (!found) throw new NotFound('contact')
  return found
}

/** The number itself. The caller has written down who looks at it. */
export async function openContact(db: Db, { id, number }: ContactOwner, field: 'licence' | 'ssn'): Promise<string> {
  const found = await one<{ sealed: string | null }>(
    db,
    sql`select ${sql.raw(`${field}_sealed`)} as sealed from contact where id = ${id}`,
  )
  if (!found?.sealed) throw new NotFound('value')
  return openField(fieldKeys(), placeOf('contact', number, field), found.sealed)
}
