import { type Day, formatDay } from '../../ledger/calendar.ts'

export interface NameDetails {
  title: string
  firstName: string
  middleName: string
  lastName: string
  suffix: string
}

const TITLES = /^(mr|mrs|ms|miss|dr|rev|prof)\.?$/i
const SUFFIXES = /^(jr|sr|ii|iii|iv|v|md|phd|esq)\.?$/i

/**
 * The parts of a name typed in one field: 'Rosalind T. Ibarra' and 'Ibarra, Rosalind T.' are the same. Title and suffix are
 * known by sight; what stands between first and last is the middle name. Proposed in Name Details, where it is corrected.
 */
export function splitName(name: string): NameDetails {
  const [before = '', ...behind] = name.split(',').map((part) => part.trim())
  const suffixBehind = behind.length > 0 && SUFFIXES.test(behind.at(-1) ?? '') ? behind.pop() : undefined
  const words = behind.length > 0 ? behind.join(' ').split(/\s+/) : before.split(/\s+/)
  const title = words.length > 1 && TITLES.test(words[0] ?? '') ? (words.shift() ?? '') : ''
  const suffix = suffixBehind ?? (words.length > 1 && SUFFIXES.test(words.at(-1) ?? '') ? (words.pop() ?? '') : '')
  if (behind.length > 0) {
    const [firstName = '', ...middle] = words
    return { title, firstName, middleName: middle.join(' '), lastName: before, suffix }
  }
  if (words.length === 1) return { title, firstName: '', middleName: '', lastName: words[0] ?? '', suffix }
  const [firstName = '', ...rest] = words
  const lastName = rest.pop() ?? ''
  return { title, firstName, middleName: rest.join(' '), lastName, suffix }
}

/** Waiting connects in the future, else Current (product.md 3.16). */
export const activityOn = (connect: Day, today: Day): 'Waiting' | 'Current' => (connect > today ? 'Waiting' : 'Current')

/** Why a service may not connect on a day: it connects with its account or later. Undefined where it may. */
export const connectRefusal = (service: Day, account: Day): string | undefined =>
  service < account ? `The account connects on ${formatDay(account)}; its services on that day or later.` : undefined

const DOMESTIC = /^(|us|usa|united states|united states of america)$/

/** Why a ZIP is not one [003-017]: 5 digits, or 5 and 4, or none; in another country it is as they write it there. */
export function zipRefusal(zip: string, country = ''): string | undefined {
  const here = DOMESTIC.test(country.trim().toLowerCase().replaceAll('.', ''))
  if (zip.trim() === '' || !here || /^\d{5}(-\d{4})?$/.test(zip.trim())) return undefined
  return 'ZIP must be 5 digits, or 5 and 4.'
}

/** Whether a service is ticked at a new location: what is billed month by month; penalties and fees are not. */
export const isDefault = (kind: string): boolean => kind === 'metered' || kind === 'flat'

/**
 * Whether a service of the previous account comes along: it was connected until the end. One that ended before the
 * account did stays behind (domain.md 3.19-23).
 */
export const comesAlong = (service: { disconnectDate: Day | null }, account: { disconnectDate: Day | null }): boolean =>
  service.disconnectDate === null ||
  (account.disconnectDate !== null && service.disconnectDate >= account.disconnectDate)
