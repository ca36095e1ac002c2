/** Fields by name, as `Browser.post` takes them. */
export type Form = Record<string, string | string[] | undefined>

const SIGNS: Record<string, string> = { quot: '"', '#34': '"', '#39': "'", lt: '<', gt: '>', amp: '&', ndash: '–' }

/** The text of a page without its entities. */
export const plain = (html: string): string =>
  html.replace(/&(quot|#34|#39|lt|gt|amp|ndash);/g, (_, name: string) => SIGNS[name] ?? '')

/** What a page says, without its markup, a single space between its words. */
export const words = (html: string): string => plain(html.replace(/<[^>]+>/g, ' ')).replace(/\s+/g, ' ')

const attribute = (tag: string, name: string): string => plain(new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? '')

/** The token that a page's forms carry. */
export const tokenIn = (html: string): string => /name="_csrf" value="([0-9a-f]+)"/.exec(html)?.[1] ?? ''

/** What a browser would send of the form of this id: fields, ticked boxes, chosen options. */
export function formOf(html: string, id: string): Form {
  const body = new RegExp(`<form[^>]* id="${id}"[\\s\\S]*?</form>`).exec(html)?.[0]
  if (body === undefined) throw new Error(`the page has no form ${id}`)
  const form: Form = {}
  for (const [tag] of body.matchAll(/<input[^>]*>/g)) {
    const name = attribute(tag, 'name')
    const box = /type="(checkbox|radio)"/.test(tag)
    if (!name || name === '_csrf' || / disabled| type="file"/.test(tag) || (box && !/ checked/.test(tag))) continue
    const value = attribute(tag, 'value')
    form[name] = box && form[name] !== undefined ? [form[name], value].flat() : value
  }
  for (const [, tag = '', text = ''] of body.matchAll(/(<textarea[^>]*>)([\s\S]*?)<\/textarea>/g)) {
    form[attribute(tag, 'name')] = plain(text)
  }
  for (const [, tag = '', options = ''] of body.matchAll(/(<select[^>]*>)([\s\S]*?)<\/select>/g)) {
    if (/ disabled/.test(tag)) continue
    const all = [...options.matchAll(/<option[^>]*>/g)].map(([option]) => option)
    form[attribute(tag, 'name')] = attribute(all.find((option) => / selected/.test(option)) ?? all[0] ?? '', 'value')
  }
  return form
}
