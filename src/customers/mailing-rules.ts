import type { Day } from '../ledger/calendar.ts'

/** An address as people write it; nothing stands as null or an empty text. */
export interface MailAddress {
  careOf?: string | null
  addressLine1: string | null
  addressLine2?: string | null
  city?: string | null
  state?: string | null
  zip?: string | null
  country?: string | null
}

/** One of a customer's addresses: the primary one, or a further one, perhaps with a season (MM-DD, both days included). */
export interface CustomerAddress extends MailAddress {
  primary: boolean
  mailFrom?: string | null
  mailTo?: string | null
}

/**
 * Where mail to a customer goes on a day: the address whose season the day falls in, else the primary mailing address
 * [001-101, 001-103], [003] Alternate Mailing Address. Every letter, notice and bill asks this. Seasons come back each
 * year and may run over its end (11-15 to 03-31); of several in force the one that began last is taken. Undefined where
 * nothing is on file: the letter then goes to the service address.
 */
export function mailingAddressOn<A extends CustomerAddress>(addresses: readonly A[], day: Day): A | undefined {
  const known = addresses.filter((address) => (address.addressLine1 ?? '') !== '')
  const inForce = known.filter((address) => !address.primary && isInSeason(address, day))
  const began = (address: A) => daysSince(address.mailFrom ?? '', day.slice(5))
  const [latest] = inForce.sort((a, b) => began(a) - began(b))
  return latest ?? known.find((address) => address.primary)
}

/** Whether the day falls in the address' season; one without a season has none. */
export function isInSeason({ mailFrom, mailTo }: Pick<CustomerAddress, 'mailFrom' | 'mailTo'>, day: Day): boolean {
  if (!mailFrom || !mailTo) return false
  const today = day.slice(5)
  return mailFrom <= mailTo ? mailFrom <= today && today <= mailTo : today >= mailFrom || today <= mailTo
}

const dayOfYear = (monthDay: string): number => Number(monthDay.slice(0, 2)) * 31 + Number(monthDay.slice(3))

/** How long ago a season began, going back over the year's end; months count as 31 days, for order alone. */
const daysSince = (from: string, today: string): number => (dayOfYear(today) - dayOfYear(from) + 372) % 372

/** Whether two seasons share a day of the year. */
export function seasonsOverlap(a: Season, b: Season): boolean {
  const holds = ({ mailFrom, mailTo }: Season, day: string) => isInSeason({ mailFrom, mailTo }, `2000-${day}`)
  return holds(a, b.mailFrom) || holds(b, a.mailFrom)
}

export interface Season {
  mailFrom: string
  mailTo: string
}

/** "City, ST 83000". */
export const mailingPlace = ({ city, state, zip }: MailAddress): string =>
  [[city, state].filter(Boolean).join(', '), zip].filter(Boolean).join(' ')

/** The lines of an address under the name, without empty ones: c/o, the two lines, "City, ST 83000", the country. */
export function mailingLines(address: MailAddress): string[] {
  const careOf = address.careOf ? `c/o ${address.careOf}` : ''
  const lines = [careOf, address.addressLine1, address.addressLine2, mailingPlace(address), address.country]
  return lines.filter((line): line is string => Boolean(line))
}
