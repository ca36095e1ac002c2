/** What two records are compared by. */
export interface Likeable {
  name: string
  phone?: string | null | undefined
  email?: string | null | undefined
  addressLine1?: string | null | undefined
  zip?: string | null | undefined
}

export interface Likeness {
  /** Of a hundred and more; from `LIKELY` on it is shown. */
  score: number
  /** Why, in words for the clerk. */
  reasons: string[]
}

/** From this score on two records are suggested as one person: the name alone, or two of phone, e-mail and address. */
export const LIKELY = 50

const FILLERS = new Set(
  'jr sr ii iii iv mr mrs ms miss dr rev prof the and of llc inc co corp ltd lp llp company corporation'.split(' '),
)
const STREETS: Record<string, string> = {
  ...{ st: 'street', str: 'street', ave: 'avenue', av: 'avenue', rd: 'road', dr: 'drive', ln: 'lane', ct: 'court' },
  ...{ blvd: 'boulevard', hwy: 'highway', pl: 'place', n: 'north', s: 'south', e: 'east', w: 'west', apt: 'unit' },
}

const wordsOf = (text: string): string[] =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/ł/g, 'l')
    .replace(/ø/g, 'o')
    .replace(/['’.]/g, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')

/**
 * A name as it is compared: without accents, case, order, titles, suffixes, kinds of company and initials, so that
 * 'WHITCOMB, DALE R.' and 'Mr. Dale Whitcomb Jr' are the same [003-031].
 */
export function normalName(name: string): string {
  const all = wordsOf(name)
  const kept = all.filter((word) => word.length > 1 && !FILLERS.has(word))
  return (kept.length > 0 ? kept : all).sort().join(' ')
}

/** The last ten digits; empty for what is too short to say anything. */
export function normalPhone(phone: string | null | undefined): string {
  const digits = (phone ?? '').replace(/\D/g, '')
  return digits.length < 7 ? '' : digits.slice(-10)
}

export const normalEmail = (email: string | null | undefined): string => (email ?? '').trim().toLowerCase()

/** Street and number with the usual abbreviations written out. */
export const normalAddress = (line: string | null | undefined): string =>
  wordsOf(line ?? '')
    .map((word) => STREETS[word] ?? word)
    .join(' ')

/** How much two records look like one person or business, and why [003-031]. */
export function likeness(a: Likeable, b: Likeable): Likeness {
  const checks: [score: number, reason: string, holds: boolean][] = [
    [50, 'same name', same(normalName(a.name), normalName(b.name))],
    [30, 'nearly the same name', isNear(normalName(a.name), normalName(b.name))],
    [30, 'same phone number', same(normalPhone(a.phone), normalPhone(b.phone))],
    [35, 'same e-mail address', same(normalEmail(a.email), normalEmail(b.email))],
    [20, 'same address', sameAddress(a, b)],
  ]
  const held = checks.filter(([, , holds]) => holds)
  return { score: held.reduce((sum, [score]) => sum + score, 0), reasons: held.map(([, reason]) => reason) }
}

const same = (a: string, b: string): boolean => a !== '' && a === b

/** Zip codes that are both written must agree. */
function sameAddress(a: Likeable, b: Likeable): boolean {
  const zips = [a.zip ?? '', b.zip ?? ''].map((zip) => zip.slice(0, 5))
  return (
    same(normalAddress(a.addressLine1), normalAddress(b.addressLine1)) && (zips.includes('') || zips[0] === zips[1])
  )
}

/** Another spelling: at most two letters apart, in a name that is long enough to tell. */
const isNear = (a: string, b: string): boolean =>
  a !== b && Math.min(a.length, b.length) >= 8 && Math.abs(a.length - b.length) <= 2 && distance(a, b) <= 2

/** How many letters must be put in, taken out or changed. */
function distance(a: string, b: string): number {
  let before = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (const [row, letter] of [...a].entries()) {
    const now = [row + 1]
    for (let at = 1; at <= b.length; at++) {
      const change = (before[at - 1] ?? 0) + (letter === b[at - 1] ? 0 : 1)
      now.push(Math.min(change, (before[at] ?? 0) + 1, (now[at - 1] ?? 0) + 1))
    }
    before = now
  }
  return before[b.length] ?? 0
}

/** The likely ones of several, the likeliest first. */
export function likelyOnes<T extends Likeable>(one: Likeable, others: readonly T[]): (T & Likeness)[] {
  return others
    .map((other) => ({ ...other, ...likeness(one, other) }))
    .filter(({ score }) => score >= LIKELY)
    .sort((a, b) => b.score - a.score)
}
