import { z } from 'zod'
import { Refused } from '../errors.ts'
import { blankDraft, blankPart, type Draft, draftOf, type Values } from './draft.ts'
import type { ContactFacts, StoredContact, TypeRow } from './facts.ts'
import { PART_KINDS, type PartKind } from './forms.ts'

const text = () => z.string().max(400)
const part = (fields: Record<string, z.ZodType>) =>
  z.array(z.strictObject({ type: text(), primary: z.boolean().optional(), ...fields })).max(50)
const some = (...names: string[]) => Object.fromEntries(names.map((name) => [name, text().nullable().optional()]))

/** A contact as a program sends it: types by their codes, lists as a whole; what is not named stays as it is. */
export const givenContact = z.strictObject({
  ...{ type: text().optional(), notices: z.enum(['mail', 'email', 'none']).optional() },
  ...some('firstName', 'middleName', 'lastName', 'suffix', 'birthDate', 'licence', 'ssn'),
  addresses: part({
    ...{ addressLine1: text(), city: text(), state: text(), country: text() },
    ...some('careOf', 'addressLine2', 'zip', 'county', 'geoCode'),
  }).optional(),
  emails: part({ address: text(), ...some('description') }).optional(),
  phones: part({ number: text(), ...some('extension', 'description') }).optional(),
})
export type GivenContact = z.infer<typeof givenContact>

const LISTS: Record<PartKind, 'addresses' | 'emails' | 'phones'> = {
  address: 'addresses',
  email: 'emails',
  phone: 'phones',
}

/** What a program sent, as the form would hold it: over a stored contact, or over a blank one. */
export function givenDraft(given: GivenContact, { types }: ContactFacts, stored?: StoredContact): Draft {
  const { type, addresses, emails, phones, ...fields } = given
  const before = stored ? draftOf(stored) : blankDraft([])
  const chosen = type === undefined ? {} : { contactTypeId: idOf(types.contact, type, 'type') }
  const draft: Draft = { ...before, values: { ...before.values, ...texts(fields), ...chosen } }
  for (const kind of PART_KINDS) {
    const list = given[LISTS[kind]]
    if (list === undefined) continue
    draft.parts = draft.parts.map((each) => (each.kind === kind ? { ...each, removed: true } : each))
    for (const [at, sent] of (list as Record<string, unknown>[]).entries()) {
      const { type: code, primary, ...columns } = sent
      const typeId = idOf(types[kind], String(code), `${LISTS[kind]}.${at}.type`)
      const values: Values = { ...texts(columns), [`${kind}TypeId`]: typeId, ...(primary ? { primary: 'on' } : {}) }
      draft.parts = [...draft.parts, blankPart(kind, draft, values)]
    }
  }
  return draft
}

const texts = (fields: object): Values =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value ?? '')]])),
  )

function idOf(types: readonly TypeRow[], code: string, field: string): string {
  const found = types.find((each) => each.code === code)
  if (found) return String(found.id)
  const sentence = `There is no such type: ${code.slice(0, 40)}.`
  throw new Refused('input', `${field}: ${sentence}`, { [field]: sentence })
}

const codeOf = (types: readonly TypeRow[], id: unknown): string => types.find((each) => each.id === id)?.code ?? ''

/** A contact as a program gets it. Protected numbers are not in it, nor the last four of them. */
export function contactAnswer(stored: StoredContact, { types }: ContactFacts) {
  const { id, number, place, notices, firstName, middleName, lastName, suffix, birthDate } = stored
  const list = (kind: PartKind) =>
    stored.parts[kind].map(({ id: _id, isPrimary, [`${kind}TypeId`]: typeId, ...columns }) => ({
      ...{ type: codeOf(types[kind], typeId), primary: isPrimary },
      ...columns,
    }))
  const lists = { addresses: list('address'), emails: list('email'), phones: list('phone') }
  const type = codeOf(types.contact, stored.contactTypeId)
  return { id, number, type, place, notices, firstName, middleName, lastName, suffix, birthDate, ...lists }
}
