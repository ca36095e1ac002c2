/** For LIKE: the signs of a pattern stand for themselves. */
export const literal = (text: string): string => text.replace(/[\\%_]/g, (sign) => `\\${sign}`)

/** A LIKE pattern for what holds the text, in any case: compare it with `lower(...)`. */
export const containing = (text: string): string => `%${literal(text.toLowerCase())}%`
