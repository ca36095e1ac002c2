import { Refused } from '../errors.ts'

let reasons: readonly string[] = []

/** What speaks against posting money on this database; empty = the gate is open. Gives what did not stand before. */
export function setGate(found: readonly string[]): string[] {
  const before = reasons
  reasons = found
  return found.filter((reason) => !before.includes(reason))
}

/** Refuses to post while the database cannot be trusted with money. Every door to posting passes here. */
export function passGate(): void {
  if (reasons.length === 0) return
  throw new Refused('money_refused', `No money is posted on this database. ${reasons.join(' ')}`, { reasons })
}
