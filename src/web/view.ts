import type { Request, Response } from 'express'
import type nunjucks from 'nunjucks'
import { shellOf } from './shell.ts'
import { blockOnly, templates } from './templates.ts'

export interface ViewOptions {
  /** The block that htmx gets; everyone else gets the page. From our code, never from the request. */
  block?: string
  status?: number
  /** Another frame than the full page, as 'layouts/door.njk' for signing in. */
  layout?: string
}

const wantsFragment = (req: Request): boolean =>
  req.get('HX-Request') === 'true' && !req.get('HX-Boosted') && !req.get('HX-History-Restore-Request')

/**
 * The only way a page answers. `data` needs `title`; it may have `crumbs` ([{label, href}]), else the breadcrumb is the
 * menu that the screen stands in; and `inMenu`, the menu of a page whose address stands in none.
 */
export function view(req: Request, res: Response, template: string, data: object, options: ViewOptions = {}): void {
  const fragment = options.block !== undefined && wantsFragment(req)
  const layout = fragment && options.block ? blockOnly(options.block) : (options.layout ?? 'layouts/page.njk')
  const html = Buffer.from(render(template, { shell: shellOf(req, res), ...data, layout }))
  res.vary('HX-Request').status(options.status ?? 200)
  // `send` would look for what is never there: an entity tag, a character set to add, an answer that is still fresh
  res.setHeader('Content-Type', 'text/html; charset=utf-8')
  res.setHeader('Content-Length', html.length)
  res.end(html)
}

/**
 * After a write: on to the next page, as a real navigation with htmx too. `url` is one of ours. What is to be said there
 * is kept first: a browser follows the address as soon as it has it, before the session would be written.
 */
export function goTo(req: Request, res: Response, url: string): void {
  const leave = () => {
    if (wantsFragment(req)) res.set('HX-Redirect', url).status(204).end()
    else res.redirect(303, url)
  }
  if (req.session?.flash) req.session.save(leave)
  else leave()
}

function render(template: string, data: { layout: string | nunjucks.Template; shell: object }): string {
  return templates.render(template.endsWith('.njk') ? template : `${template}.njk`, data)
}
