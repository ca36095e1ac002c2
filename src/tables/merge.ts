/** What a form shows and what comes back, as text by field; a ticked box is 'on', an unticked one ''. */
export type Values = Record<string, string>

export interface TheirChange {
  field: string
  was: string
  now: string
  /** What the second clerk wants instead, where both changed the same field. */
  typed?: string
}

/**
 * Two people changed the same record. What only the other changed is taken over, what this clerk typed stays typed, and
 * every change of the other is named, so that nothing is overwritten unseen.
 */
export function mergeChanges(seen: Values, stored: Values, typed: Values): { values: Values; theirs: TheirChange[] } {
  const values: Values = {}
  const theirs: TheirChange[] = []
  for (const [name, mine] of Object.entries(typed)) {
    const was = seen[name] ?? ''
    const now = stored[name] ?? ''
    values[name] = mine === was ? now : mine
    if (now === was) continue
    theirs.push({ field: name, was, now, ...(mine === was || mine === now ? {} : { typed: mine }) })
  }
  return { values, theirs }
}

/** A value as forms carry it: nothing is '', a ticked box 'on', an amount has two decimals. */
export function asText(value: unknown): string {
  if (value === null || value === undefined || value === false) return ''
  if (value === true) return 'on'
  if (typeof value === 'object' && 'toFixed' in value) return (value as { toFixed(places: number): string }).toFixed(2)
  return String(value)
}
