/** Fields by name, as `Browser.post` takes them. */
export type Form = Record<string, string | string[] | undefined>
/** The text of a page without its entities. */
export const plain = (html: string) => html.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&')

/** What a browser would send of the form of this id: fields, ticked boxes, chosen options. */
export function formOf(html: string, id: string): Form {
  const from = html.slice(html.indexOf(`<form id="${id}"`))
  const body = from.slice(0, from.indexOf('</form>'))
  const form: Form = {}
  for (const [tag] of body.matchAll(/<input [^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(tag)?.[1]
    if (!name || name === '_csrf' || (/type="(checkbox|radio)"/.test(tag) && !/ checked/.test(tag))) continue
    form[name] = plain(/value="([^"]*)"/.exec(tag)?.[1] ?? '')
  }
  for (const [, name = '', options = ''] of body.matchAll(/<select [^>]*name="([^"]*)"[^>]*>(.*?)<\/select>/gs)) {
    form[name] = /<option value="([^"]*)" selected/.exec(options)?.[1] ?? ''
  }
  return form
}
