/**
 * Ids for rows that the town names by numbers of its own: an all-digit number that is free is its own id, for pages and
 * source keys name it; the others get the next ones behind.
 */
export function idsOf(numbers: Iterable<string>, taken: ReadonlySet<number> = new Set()): Map<string, number> {
  const all = [...numbers]
  const own = (number: string) => /^[1-9]\d{0,8}$/.test(number) && !taken.has(Number(number))
  let last = Math.max(0, ...taken, ...all.filter(own).map(Number))
  return new Map(all.map((number) => [number, own(number) ? Number(number) : ++last]))
}
