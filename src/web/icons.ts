import { assetUrls } from './assets.ts'
import { nunjucks } from './template-engine.ts'

const { SafeString, suppressValue, ensureDefined } = nunjucks.runtime as unknown as {
  SafeString: typeof nunjucks.runtime.SafeString
  suppressValue(value: unknown, autoescape: boolean): string
  ensureDefined(value: unknown, line: number, column: number): unknown
}

type Markup = nunjucks.runtime.SafeString

/** A value as a template writes it: escaped unless it is markup, nothing for null, and an error for a mistyped name. */
const written = (value: unknown): string => suppressValue(ensureDefined(value, 0, 0), true)

const pictures = new Map<string, Markup>()

/** icon('warn'): a picture of the sprite; always beside a word. The name is one of our code's. */
export function icon(name: string): Markup {
  const known = pictures.get(name)
  if (known) return known
  const made = new SafeString(
    `<svg class="i" aria-hidden="true"><use href="${assetUrls.sprite}#${written(name)}"/></svg>`,
  )
  pictures.set(name, made)
  return made
}

/**
 * tag('bad', 'bal-pastdue', 'Past Due', 'Balance'): a state as icon and word, and what it is the state of. Kind '' is
 * neutral. The dash is written as ASCII: one letter beyond Latin 1 makes a page twice as long to copy.
 */
export function tag(kind: string, name: string, text: unknown, of = ''): Markup {
  const kinds = kind ? ` ${written(kind)}` : ''
  return new SafeString(
    `<span class="tag${kinds}">${icon(name)}${of ? `${written(of)} &ndash; ` : ''}${written(text)}</span>`,
  )
}
