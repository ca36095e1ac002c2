import type { Route } from '../web/routes.ts'

/** A page's own links, without fragments: each once, in their order. */
export function linksOf(html: string): string[] {
  const found = [...html.matchAll(/\shref="(\/[^"#]*)/g)].map(([, href = '']) => href.replaceAll('&amp;', '&'))
  return [...new Set(found)].filter((href) => href !== '' && !href.startsWith('/static/'))
}

interface Pattern {
  route: Route
  test: RegExp
  /** Pieces that are written out: `/accounts/new` is not an account. */
  fixed: number
}

const patternOf = (route: Route): Pattern => {
  const pieces = route.path.split('/').map((piece) => (piece.startsWith(':') ? '[^/]+' : piece.replaceAll('.', '\\.')))
  return {
    route,
    test: new RegExp(`^${pieces.join('/')}$`),
    fixed: pieces.filter((piece) => piece !== '[^/]+').length,
  }
}

/** The route that answers an address. */
export function routeFinder(routes: readonly Route[]): (address: string) => Route | undefined {
  const patterns = routes.map(patternOf).sort((a, b) => b.fixed - a.fixed)
  return (address) => {
    const [path = ''] = address.split('?')
    return patterns.find(({ test }) => test.test(path))?.route
  }
}
