import type { Permission } from '../auth/permissions.ts'
import type { Day } from '../ledger/calendar.ts'
import type { FormView, ShowOptions } from '../web/form.ts'
import { withSeen } from '../web/seen.ts'
import { mailingAddressOn, mailingLines } from './mailing-rules.ts'
import type { AddressRow, PersonFacts, PersonLists } from './person-facts.ts'
import { type Beside, personForm } from './person-forms.ts'

type Values = Record<string, unknown>

/** What the select fields of a person's form offer; what the record has already stays on offer. */
export function personOptions(lists: PersonLists, values: Values): Required<Pick<ShowOptions, 'options'>> {
  const kept = [values.disallowedPayMethods ?? []].flat()
  const title = typeof values.title === 'string' && values.title !== '' ? [values.title] : []
  const { customerTypeId, collectionCodeId, accountStatusId, addressTypeId, phoneTypeId } = lists
  return {
    options: {
      title: [...new Set([...lists.title, ...title])],
      disallowedPayMethods: lists.methods.filter(({ value, active }) => active || kept.includes(value)),
      ...{ customerTypeId, collectionCodeId, accountStatusId, addressTypeId, phoneTypeId },
    },
  }
}

export const besideOf = (may: (permission: Permission) => boolean, lists: PersonLists, status: boolean): Beside => ({
  private: may('private.view'),
  web: lists.web,
  status,
})

/** The account's part of the form: its status stands on the Customer tab. */
export interface OfAccount {
  version: number
  statusId: number
}

/** Everything that the form of a person carries. */
export const formValues = (person: PersonFacts, account: OfAccount | undefined, inner = ''): Values => ({
  ...person.values,
  version: person.version,
  inner,
  ...(account ? { accountVersion: account.version, accountStatusId: account.statusId } : {}),
})

/** The form of a person as it opens; `edit` false = shown, not typed. */
export function openForm(
  kind: 'person' | 'identity',
  values: Values,
  lists: PersonLists,
  beside: Beside,
  edit: boolean,
): FormView {
  const form = personForm(kind, beside)
  return withSeen(form.show(values, {}, { ...personOptions(lists, values), readonly: edit ? [] : 'all' }))
}

/** The address in force on the day, and whether it is the primary one. */
export function inForceOn(person: PersonFacts, day: Day) {
  const found = mailingAddressOn(person.mailing, day)
  return found ? { primary: found.primary, lines: mailingLines(found) } : null
}

/** A further address as its list shows it. */
export function addressShown(address: AddressRow) {
  const season = address.mailFrom && address.mailTo ? `${slashed(address.mailFrom)} to ${slashed(address.mailTo)}` : ''
  return {
    id: address.id,
    type: address.type ?? '',
    lines: mailingLines(address),
    season,
    county: address.county ?? '',
  }
}

/** '11-15' as people write it: 11/15. */
export const slashed = (monthDay: string | null): string => (monthDay ?? '').replace('-', '/')

/** The numbers of a person, the primary one first [001-125]. */
export function phonesShown(person: PersonFacts) {
  const { phone } = person.values
  const primary = phone ? [{ key: 'primary', number: String(phone), type: person.phoneType ?? '', primary: true }] : []
  const others = person.phones.map(({ id, number, type }) => ({
    key: String(id),
    number,
    type: type ?? '',
    primary: false,
  }))
  return [...primary, ...others]
}

/** Starts an addressed message in the mail program [001-115]; empty without an e-mail address. */
export const mailtoOf = (email: unknown): string =>
  typeof email === 'string' && email !== '' ? `mailto:${encodeURIComponent(email).replace('%40', '@')}` : ''
