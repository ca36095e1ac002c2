/** Letters and digits of a protected value alone. */
const bare = (value: string): string => value.replace(/[^\p{L}\p{N}]/gu, '')

/** A text in base64 wherever it begins in what was encoded: the parts that do not depend on what stands around it. */
function base64Of(text: string): string[] {
  const found = [0, 1, 2].map((before) => {
    const encoded = Buffer.from('\0'.repeat(before) + text).toString('base64')
    return encoded.slice(before === 0 ? 0 : 4).replace(/.{0,4}=*$/, '')
  })
  return found
    .flatMap((each) => [each, each.replaceAll('+', '-').replaceAll('/', '_')])
    .filter((each) => each.length > 7)
}

/** Every way in which a protected value may stand somewhere in the clear; of bytes only those in which a program keeps it. */
export function formsOf(value: string, inBytes = false): string[] {
  const plain = bare(value)
  const sent = [value.replaceAll('-', ' '), value.replaceAll(' ', '+'), encodeURIComponent(value)]
  const ways = [value, plain, ...(inBytes ? [] : sent)]
  const wide = ways.flatMap((way) => [Buffer.from(way, 'utf16le').toString('latin1')])
  const hex = ways.flatMap((way) => [Buffer.from(way).toString('hex'), Buffer.from(way).toString('hex').toUpperCase()])
  return [...new Set([...ways, ...wide, ...hex, ...ways.flatMap(base64Of)])]
}

/** One sign more than the mask shows. */
const tailsOf = (value: string): string[] => {
  const written = /(?:[\p{L}\p{N}][^\p{L}\p{N}]*){5}$/u.exec(value)?.[0] ?? value
  return [...new Set([bare(value).slice(-5), written])]
}

// of a hash, a key, a sealed value, a number of a request or a moment every five digits may be there by chance
const OPAQUE = /[\w+/=-]{20,}|[0-9a-f]{12,}|\d\d:\d\d:\d\d\.\d+/g

/**
 * Which of these values stand in a text, in any form. `tails` = also what says one sign more than the last four that are
 * shown by design; not for bytes, where five digits stand by chance.
 */
export function standing(text: string, values: readonly string[], tails = true): string[] {
  const short = tails ? text.replace(OPAQUE, ' ') : ''
  return values.flatMap((value) => [
    ...formsOf(value, !tails).filter((form) => text.includes(form)),
    ...(tails ? tailsOf(value).filter((tail) => short.includes(tail)) : []),
  ])
}
