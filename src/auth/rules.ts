import { may, type Permission, type Role } from './permissions.ts'

/** Who has to show a second factor: nobody, whoever may post or reveal, everyone. */
export const FACTOR_RULES = ['offered', 'rights', 'everyone'] as const
export type FactorRule = (typeof FACTOR_RULES)[number]

export const asFactorRule = (written: string | undefined): FactorRule =>
  FACTOR_RULES.find((rule) => rule === written) ?? 'offered'

// What lets money move, a secret be seen or rights be given.
const WEIGHTY: readonly Permission[] = [
  'users.manage',
  'customers.reveal',
  'payments.take',
  'payments.batch',
  'payments.reverse',
  'transactions.adjust',
  'billing.post',
  'collections.post',
  'certification.post',
]

/** Whether a role has to show a second factor (reliability.md S-6): with 'rights' those who may post or reveal. */
export function factorDemanded(rule: FactorRule, role: Role): boolean {
  if (rule === 'offered') return false
  return rule === 'everyone' || WEIGHTY.some((permission) => may(role, permission))
}

export interface Tries {
  /** Failures in a row for this name, since the last success or reset. */
  inARow: number
  /** Seconds since the last of them. */
  sinceLast: number
  /** Failures of the last five minutes: from this address, and from anywhere. */
  fromAddress: number
  fromAnywhere: number
}

const FREE_TRIES = 5
const DELAY_MOST = 900
const STOP_AT = 100
const ADDRESS_MOST = 20
const ANYWHERE_MOST = 300

/**
 * How many seconds a sign-in has to wait before its password is looked at; 0 = now, Infinity = until an administrator
 * resets the password (reliability.md S-4). After five failures in a row 2, 4, 8 … seconds, at most 15 minutes. Never the
 * answer to whether the name exists: names nobody has are counted alike.
 */
export function waitBefore(tries: Tries): number {
  if (tries.inARow >= STOP_AT) return Number.POSITIVE_INFINITY
  if (tries.fromAddress >= ADDRESS_MOST || tries.fromAnywhere >= ANYWHERE_MOST) return 300
  if (tries.inARow < FREE_TRIES) return 0
  const delay = Math.min(DELAY_MOST, 2 ** (tries.inARow - FREE_TRIES + 1))
  return Math.max(0, Math.ceil(delay - tries.sinceLast))
}

const LENGTH_LEAST = 15
const LENGTH_MOST = 128

// What people type when a long password is asked for; the parts count, not the whole.
const COMMON = [
  'password',
  'passwort',
  'passw0rd',
  'p@ssw0rd',
  'letmein',
  'welcome',
  'qwerty',
  'qwertz',
  'qwertyuiop',
  'azerty',
  'asdfgh',
  'asdfghjkl',
  'zxcvbn',
  'zxcvbnm',
  'iloveyou',
  'monkey',
  'dragon',
  'football',
  'baseball',
  'sunshine',
  'princess',
  'admin',
  'administrator',
  'changeme',
  'secret',
  'default',
  'master',
  'superman',
  'trustno1',
  'abc123',
  'correcthorsebatterystaple',
  'clerkwell',
  'utility',
  'utilities',
  'billing',
  'water',
  'sewer',
  'clerk',
  'town',
  'city',
  'village',
  'hall',
  'login',
  'user',
  'test',
  'summer',
  'winter',
  'spring',
  'autumn',
  'january',
  'december',
  'monday',
  'friday',
  'thisismy',
  'mypassword',
  'guest',
]

/** A password as it is compared: the same characters typed on another keyboard are the same password. */
export const normalized = (password: string): string => password.normalize('NFC')

/**
 * What is wrong with a new password; undefined when it will do (S-2). At least 15 characters, any of them, at most 128; not
 * made of common words, digits in a row, the town's or the product's name, or the user's own.
 */
export function passwordRefusal(password: string, words: readonly string[] = []): string | undefined {
  const length = [...normalized(password)].length
  if (length < LENGTH_LEAST) return `At least ${LENGTH_LEAST} characters. A few words in a row are easy to remember.`
  if (length > LENGTH_MOST) return `At most ${LENGTH_MOST} characters.`
  if (tooEasy(normalized(password), words)) return 'This is easy to guess. Take other words.'
  return undefined
}

/** What is left when everything guessable is taken out must still have some variety. */
function tooEasy(password: string, words: readonly string[]): boolean {
  let rest = password.toLowerCase()
  const guessable = [...COMMON, ...words.flatMap((word) => word.toLowerCase().split(/\s+/))].filter(
    (word) => word.length > 2,
  )
  for (const word of guessable.sort((a, b) => b.length - a.length)) rest = rest.replaceAll(word, '')
  rest = rest.replace(/0?1?2?3456?7?8?9?0?|9?8?7?6?5432?1?0?|abcdefg?h?i?j?k?l?m?n?o?/g, '').replace(/(19|20)\d\d/g, '')
  return new Set(rest.replace(/[\s._\-!?*#]/g, '')).size < 6
}

/** An address of our own to return to after signing in; anything else leads home (S-29). */
export function safeReturnTo(given: unknown): string {
  if (typeof given !== 'string' || given.length > 500 || !/^\/(?![/\\])/.test(given) || hasOddCharacters(given))
    return '/'
  const here = 'http://own.invalid'
  const url = URL.parse(given, here)
  if (!url || url.origin !== here || url.pathname.startsWith('//')) return '/'
  return /^\/(sign-in|sign-out|setup|password)\b/.test(url.pathname) ? '/' : url.pathname + url.search
}

const hasOddCharacters = (path: string): boolean =>
  [...path].some((character) => character === '\\' || character <= ' ' || character > '~')
