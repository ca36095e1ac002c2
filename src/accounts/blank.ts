/** The same with an empty text where there is nothing: templates refuse to write out null. */
export function blank<T>(value: T): T {
  if (value === null) return '' as T
  if (Array.isArray(value)) return value.map(blank) as T
  if (typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value
  const copy: Record<string, unknown> = {}
  for (const key in value) copy[key] = blank(value[key])
  return copy as T
}
