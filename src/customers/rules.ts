import { accept, type Result, refuse } from '../ledger/result.ts'
import { checksAccepted } from '../payments/nsf-rules.ts'

export interface NameParts {
  kind: string
  firstName?: string | null
  middleName?: string | null
  lastName?: string | null
  suffix?: string | null
  businessName?: string | null
}

/** The name that the parts make: first, middle, last, suffix of an individual, else the business name; empty without any. */
export function nameOf(parts: NameParts): string {
  const words =
    parts.kind === 'individual'
      ? [parts.firstName, parts.middleName, parts.lastName, parts.suffix]
      : [parts.businessName]
  return words.filter(Boolean).join(' ')
}

/**
 * The field with a star that the parts of a name are missing from after a change; undefined = there are parts, or the
 * record came with its name on bills alone, as an import may bring it, and is still of that kind.
 */
export function missingName(before: NameParts, parts: NameParts): 'lastName' | 'businessName' | undefined {
  if (nameOf(parts) !== '' || (before.kind === parts.kind && nameOf(before) === '')) return undefined
  return parts.kind === 'individual' ? 'lastName' : 'businessName'
}

/**
 * The name on bills after a change. It follows the parts while it is what they made before and nobody typed another one;
 * a name of the clerk's own stays. Left empty it is made of the parts, which may be empty too.
 */
export function nameAfter(
  before: (NameParts & { name: string }) | undefined,
  typed: NameParts & { name: string },
): string {
  const made = nameOf(typed)
  if (typed.name === '') return made
  const followed = before !== undefined && typed.name === before.name && before.name === nameOf(before)
  return followed && made !== '' ? made : typed.name
}

/** E-mail notices need an e-mail address [001-118]. */
export function noticesRefusal(notices: { email?: string | null; emailNotices: boolean }): Result<true> {
  if (notices.emailNotices && !notices.email) return refuse('no_email')
  return accept(true)
}

/** What a customer gets a statement by: both, one, or none [001-116, 001-117, 001-119]. */
export function statementWays(notices: { mailNotices: boolean; emailNotices: boolean; email?: string | null }) {
  return { mail: notices.mailNotices, email: notices.emailNotices && Boolean(notices.email) }
}

/**
 * Whether a customer may pay by a method: not at all with Do Not Accept Any Payments [001-084], and not by one of the
 * Disallowed Pay Methods [001-086]. The counter, imports, autopay and the API ask this.
 */
export function mayPayBy(
  customer: { doNotAcceptPayments: boolean; disallowedPayMethods: readonly string[] },
  method: { code: string },
): Result<true> {
  if (customer.doNotAcceptPayments) return refuse('no_payments')
  if (customer.disallowedPayMethods.includes(method.code)) return refuse('method_disallowed', { method: method.code })
  return accept(true)
}

/**
 * Whether the counter takes a customer's checks [001-093]: not after so many returned ones in twelve months (0 = always),
 * nor where every method of kind check is disallowed or no payment is taken at all.
 */
export function acceptsChecks(facts: {
  returned: number
  after: number
  doNotAcceptPayments: boolean
  checkMethods: readonly string[]
  disallowedPayMethods: readonly string[]
}): boolean {
  const { returned, after, checkMethods, disallowedPayMethods } = facts
  if (facts.doNotAcceptPayments || !checksAccepted(returned, after)) return false
  return checkMethods.some((code) => !disallowedPayMethods.includes(code))
}
