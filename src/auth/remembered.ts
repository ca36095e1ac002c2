import type { Request } from 'express'
import type { SessionData } from 'express-session'

const unopened = new WeakMap<Request, SessionData>()

/** What this browser remembers, to be read; whoever writes to it asks for `req.session`. */
export const remembered = (req: Request): Readonly<Partial<SessionData>> => unopened.get(req) ?? req.session ?? {}

/**
 * Leaves `req.session` unopened until somebody asks for it: most pages only read, and to open it (a signature, two
 * digests, an answer that is watched) costs them more than their rights. `open` is done when it returns.
 */
export function openLater(req: Request, data: SessionData, open: () => void): void {
  unopened.set(req, data)
  Object.defineProperty(req, 'session', {
    configurable: true,
    enumerable: true,
    get() {
      unopened.delete(req)
      Reflect.deleteProperty(req, 'session')
      open()
      return req.session
    },
  })
}
