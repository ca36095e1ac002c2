import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RequestHandler } from 'express'
import helmet from 'helmet'

const none = ["'none'"]
const self = ["'self'"]

const helmetHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: none,
      scriptSrc: self,
      styleSrc: self,
      imgSrc: self,
      fontSrc: self,
      connectSrc: self,
      formAction: self,
      frameAncestors: none,
      baseUri: none,
      objectSrc: none,
    },
  },
  strictTransportSecurity: { maxAge: 31_536_000, includeSubDomains: true },
  // no-referrer would make browsers send `Origin: null` with our own forms.
  referrerPolicy: { policy: 'same-origin' },
  xFrameOptions: { action: 'deny' },
})

/** What helmet sets is the same on every answer, so it is asked once. */
function constantHeaders(): [string, string][] {
  const headers = new Map([
    ['Cache-Control', 'no-store'],
    ['Permissions-Policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()'],
  ])
  const recorder = { setHeader: (name: string, value: string) => headers.set(name, value), removeHeader: () => {} }
  helmetHeaders({} as IncomingMessage, recorder as unknown as ServerResponse, () => {})
  return [...headers]
}

const HEADERS = constantHeaders()

/** The same strict headers on every answer, whatever its status (S-16, S-18). Nothing is kept by caches. */
export const securityHeaders: RequestHandler = (_req, res, next) => {
  for (const [name, value] of HEADERS) res.setHeader(name, value)
  next()
}
