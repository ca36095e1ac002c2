import type { Day } from '../ledger/calendar.ts'

/** What a note may serve besides being read [001-361]. */
export const USES = ['statement', 'penalty', 'delinquent_notice', 'shutoff_notice', 'service_order'] as const
export type Use = (typeof USES)[number]

export interface NoteFacts {
  level: 'account' | 'customer' | 'location'
  created: Day
  graceDate: Day | null
  usedFor: Use | null
  /** Last day that it serves its use, inclusive; none = always. */
  expires: Day | null
}

/** Whether a note serves a use on a day: from its creation up to and including its Expiration Date (domain.md 3.7). */
export const serves = (note: NoteFacts, use: Use, day: Day): boolean =>
  note.usedFor === use && note.created <= day && (note.expires === null || day <= note.expires)

/**
 * The last day without penalty that notes give, as seen on a day; undefined when none is in force. The latest wins, and
 * a location's note protects every account there (domain.md 3.7). The day itself is still free of penalty.
 */
export function graceUntil(notes: readonly NoteFacts[], day: Day): Day | undefined {
  const running = notes.flatMap(({ graceDate }) => (graceDate !== null && graceDate >= day ? [graceDate] : []))
  return running.reduce<Day | undefined>((latest, each) => (latest && latest > each ? latest : each), undefined)
}

/** The subject of a note that was given none: the first line of its text [001-352]. */
export const subjectOf = (subject: string, text: string): string =>
  subject === '' ? (text.split('\n')[0] ?? '').slice(0, 100) : subject
