import type { Route } from '../web/routes.ts'
import type { Browser } from './browser.ts'
import { linksOf, routeFinder } from './site.ts'

export interface Reached {
  address: string
  route: string
  status: number
  /** Text of the answer, or the bytes of a file one sign each, with the headers that lead on or name it. */
  text: string
}

/** The answer to an address, whatever it is. */
export async function opened(who: Browser, address: string): Promise<{ status: number; text: string; html: boolean }> {
  const answer = await who
    .get(address)
    .buffer(true)
    .parse((res, done) => {
      const chunks: Buffer[] = []
      res.on('data', (chunk: Buffer) => chunks.push(chunk))
      res.on('end', () => done(null, Buffer.concat(chunks)))
    })
  const body = answer.body as Buffer
  const { location = '', 'content-disposition': named = '', 'content-type': type = '' } = answer.headers
  const html = /html|text|json|csv/.test(type)
  return {
    status: answer.status,
    text: `${location}\n${named}\n${body.toString(html ? 'utf8' : 'latin1')}`,
    html: /html/.test(type),
  }
}

/**
 * Follows the links of every page from `seeds` on, at most `most` addresses of each route: what somebody at a browser gets to
 * see. A redirect is followed like a link.
 */
export async function reach(
  who: Browser,
  routes: readonly Route[],
  seeds: readonly string[],
  most: (route: Route) => number,
): Promise<Reached[]> {
  const routeOf = routeFinder(routes.filter(({ method }) => method === 'get'))
  const seen = new Set<string>()
  const count = new Map<string, number>()
  const reached: Reached[] = []
  const waiting = [...seeds]
  const given = new Set(seeds)
  for (let address = waiting.shift(); address !== undefined; address = waiting.shift()) {
    const route = routeOf(address)
    const done = count.get(route?.path ?? '') ?? 0
    if (!route || seen.has(address) || (done >= most(route) && !given.has(address))) continue
    seen.add(address)
    count.set(route.path, done + 1)
    const { status, text, html } = await opened(who, address)
    reached.push({ address, route: route.path, status, text })
    const [leads = ''] = text.split('\n')
    if (leads.startsWith('/')) waiting.push(leads)
    if (html && status === 200) waiting.push(...linksOf(text))
  }
  return reached
}
