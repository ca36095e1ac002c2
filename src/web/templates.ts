import path from 'node:path'
import nunjucks from 'nunjucks'
import { amountMarkup, dayText, grouped, momentText, moneyText, periodText } from './format.ts'

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

templates.addFilter('money', moneyText)
/** The only filters that answer markup; they let nothing through but digits. */
templates.addFilter('amount', (value) => new nunjucks.runtime.SafeString(amountMarkup(value)))
/** A row's table cells at once: long tables have hundreds, and a loop of the template costs more than its cell. */
templates.addFilter('amountCells', (values: readonly string[]) => {
  let cells = ''
  for (const value of values) cells += `<td class="amt">${amountMarkup(value)}</td>`
  return new nunjucks.runtime.SafeString(cells)
})
templates.addFilter('day', dayText)
templates.addFilter('number', grouped)
templates.addFilter('period', periodText)
templates.addFilter('moment', momentText)
/** 'accounts/1042.01' → one safe piece of an address. */
templates.addFilter('piece', (value: unknown) => encodeURIComponent(String(value)))

interface Importable {
  exported: object | undefined
  getExported(done: (error: Error | null, exported: object) => void, ...context: unknown[]): void
}

// A file of macros exports the same for every page: its macros are made once, and not again with each import. No import
// here is `with context`; one that were would be refused, for its macros would be another page's.
const importable = nunjucks.Template.prototype as unknown as Importable
const { getExported } = importable
importable.getExported = function (this: Importable, done, ...context) {
  if (context.length > 0) throw new Error('import without context')
  if (this.exported) return done(null, this.exported)
  getExported.call(this, (error, exported) => {
    this.exported = exported
    done(error, exported)
  })
}

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
