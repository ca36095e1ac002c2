/** An empty text where there is nothing, in place: templates refuse to write out null. The data is this answer's own. */
export function blank<T>(value: T): T {
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at += 1) value[at] = filled(value[at])
  } else if (value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    const record = value as Record<string, unknown>
    for (const key in record) record[key] = filled(record[key])
  }
  return value
}

function filled(value: unknown): unknown {
  if (value === null) return ''
  return typeof value === 'object' ? blank(value) : value
}
