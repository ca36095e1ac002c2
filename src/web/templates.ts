import path from 'node:path'
import { amountMarkup, dayText, grouped, momentText, moneyText, periodText } from './format.ts'
import { icon, tag } from './icons.ts'
import { nunjucks } from './template-engine.ts'

const folder = path.join(import.meta.dirname, '../../views')

/**
 * The one template engine: everything is escaped, a mistyped name fails loudly (S-21). Optional values are asked
 * with `is defined`.
 */
export const templates = new nunjucks.Environment(new nunjucks.FileSystemLoader(folder, { noCache: false }), {
  autoescape: true,
  throwOnUndefined: true,
  trimBlocks: true,
  lstripBlocks: true,
})

// Nearly every screen shows some: called as they are, past the frame that each call of a macro makes.
templates.addGlobal('icon', icon)
templates.addGlobal('tag', tag)

/** A filter is asked of what there is; of nothing it makes nothing. */
function filter(name: string, write: (value: never, ...more: never[]) => unknown): void {
  templates.addFilter(name, (value: never, ...more: never[]) => (value === null ? '' : write(value, ...more)))
}

filter('money', moneyText)
/** The only filters that answer markup; they let nothing through but digits. */
filter('amount', (value: string) => new nunjucks.runtime.SafeString(amountMarkup(value)))
/** A row's table cells at once: long tables have hundreds, and a loop of the template costs more than its cell. */
filter('amountCells', (values: readonly string[]) => {
  let cells = ''
  for (const value of values) cells += `<td class="amt">${amountMarkup(value)}</td>`
  return new nunjucks.runtime.SafeString(cells)
})
filter('day', dayText)
filter('monthDay', (value: string) => dayText(value).slice(0, 5))
filter('number', grouped)
filter('period', periodText)
filter('moment', momentText)
/** 'accounts/1042.01' → one safe piece of an address. */
filter('piece', (value: unknown) => encodeURIComponent(String(value)))

const bare = new Map<string, nunjucks.Template>()

/** A layout that holds one block only: what htmx gets. The name comes from our code, never from the request. */
export function blockOnly(block: string): nunjucks.Template {
  let template = bare.get(block)
  if (!template) {
    template = new nunjucks.Template(`{% block ${block} %}{% endblock %}`, templates)
    bare.set(block, template)
  }
  return template
}
