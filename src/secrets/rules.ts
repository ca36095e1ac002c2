/** Social Security number, driver's license number, bank account number. */
type SecretKind = 'ssn' | 'licence' | 'bank'

const MASKS: Record<SecretKind, string> = { ssn: '•••-••-', licence: '•••••', bank: '•••••' }

/** The last four letters or digits of a protected value, kept in the clear for the mask; a value of five or fewer shows none. */
export function lastFour(plain: string): string {
  const signs = plain.replace(/[^\p{L}\p{N}]/gu, '')
  return signs.length > 5 ? signs.slice(-4) : ''
}

/** What stands on the screen instead of a protected value: `•••-••-6789`. Empty while there is no value (last four null). */
export function maskOf(kind: SecretKind, last4: string | null): string {
  return last4 === null ? '' : `${MASKS[kind]}${last4 || '••••'}`
}

/**
 * What a clerk meant with a protected field (S-36): left empty or as it was shown keeps what is stored (undefined), a single
 * hyphen takes the value away (null), anything else is the new value.
 */
export function typedSecret(typed: string | undefined, mask: string): string | null | undefined {
  const text = (typed ?? '').normalize('NFC').trim()
  if (text === '' || text === mask) return undefined
  return text === '-' ? null : text
}

/**
 * Whether a field of this name takes what is typed again rather than kept for later: passwords, protected numbers, a
 * provider's token. No draft holds its value, whatever form sent it.
 */
export const isProtectedName = (name: string): boolean => /password|ssn|social|licen[cs]e|bankaccount|token/i.test(name)
