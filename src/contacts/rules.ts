import { accept, type Result, refuse } from '../ledger/result.ts'

export type Notices = 'mail' | 'email' | 'none'

/** How a contact may be sent duplicates: by Mail only with an address, by Email only with an e-mail address [001-263]. */
export function noticesOffered(has: { address: number; email: number }): Notices[] {
  return [...(has.address > 0 ? (['mail'] as const) : []), ...(has.email > 0 ? (['email'] as const) : []), 'none']
}

/** Refuses Mail without an address and Email without an e-mail address [001-263]. */
export function noticesRefusal(notices: Notices, has: { address: number; email: number }): Result<true> {
  if (noticesOffered(has).includes(notices)) return accept(true)
  return refuse(notices === 'mail' ? 'no_address' : 'no_email')
}

/** One of a contact's addresses, e-mail addresses or phone numbers. */
export interface Candidate {
  key: string
  /** It is the primary one as things stand. */
  was: boolean
  /** Primary is ticked. */
  ticked: boolean
  removed: boolean
}

/**
 * Which one is primary [001-268, 001-272, 001-274, 001-279]: the one that was ticked, else the one that was it, else the
 * first; a single one always. Refuses two ticked ones. Undefined where none is left.
 */
export function primaryOf(all: readonly Candidate[]): Result<string | undefined> {
  const left = all.filter(({ removed }) => !removed)
  const ticked = left.filter(({ ticked, was }) => ticked && !was)
  if (ticked.length > 1) return refuse('two_primary')
  return accept((ticked[0] ?? left.find(({ was }) => was) ?? left[0])?.key)
}

/** Whether Primary is shown and not typed: on the only one, and on the one that is primary [001-271, 001-277, 001-282]. */
export const isLocked = (one: Candidate, all: readonly Candidate[]): boolean =>
  one.was || all.filter(({ removed }) => !removed).length <= 1

interface Names {
  firstName?: string | null | undefined
  middleName?: string | null | undefined
  lastName?: string | null | undefined
  suffix?: string | null | undefined
}

/** First, middle, last name and suffix; empty for a new, blank contact. */
export const contactName = ({ firstName, middleName, lastName, suffix }: Names): string =>
  [firstName, middleName, lastName, suffix].filter(Boolean).join(' ')
