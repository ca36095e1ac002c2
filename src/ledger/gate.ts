import { Refused } from '../errors.ts'

let reasons: readonly string[] = []

/** What the start-up check found against posting money on this database; empty = the gate is open. */
export function setGate(found: readonly string[]): void {
  reasons = found
}

/** Refuses to post while the database cannot be trusted with money. Every door to posting passes here. */
export function passGate(): void {
  if (reasons.length === 0) return
  throw new Refused('money_refused', `No money is posted on this database. ${reasons.join(' ')}`, { reasons })
}
