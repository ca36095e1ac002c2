// The only module that knows express-session: what this browser remembers for a while.
import { createHmac, hash, randomBytes } from 'node:crypto'
import { eq } from 'drizzle-orm'
import type { Request, Response } from 'express'
import session, { type SessionData, Store } from 'express-session'
import type { Db } from '../db/db.ts'
import { webSession } from '../db/tables/auth.ts'
import type { Flash } from '../web/flash.ts'
import { recent } from './recent.ts'
import { openLater } from './remembered.ts'
import { readVisit } from './visit-store.ts'

const WEB_SESSION_MS = 24 * 3_600_000

declare module 'express-session' {
  interface SessionData {
    flash?: Flash[]
    csrfToken?: string
    /** Who signed in with this browser: whose form it is when the sign-in has ended meanwhile. Proves nothing. */
    signedIn?: number
  }
}

export interface SessionOptions {
  /** Served over https: `__Host-` cookies, and none over plain http. */
  secure: boolean
  secret: string | undefined
  databaseUrl: string
}

export const hashed = (token: string): string => hash('sha256', token)

/** express-session's memory in our own pool. Without touch: it lives a day from its start, longer than any sign-in. */
class WebSessionStore extends Store {
  readonly #db: Db
  /** What the visit's statement found, for the moment in which express-session asks. */
  found: { sid: string; data: SessionData | null } | undefined
  constructor(db: Db) {
    super()
    this.#db = db
  }

  override get(sid: string, done: (error: unknown, found?: SessionData | null) => void) {
    if (this.found?.sid === sid) return done(null, this.found.data)
    readVisit(this.#db, { login: '', web: hashed(sid) }).then(({ web }) => done(null, web), done)
  }

  override set(sid: string, data: SessionData, done?: (error?: unknown) => void) {
    const expiresAt = new Date(Date.now() + WEB_SESSION_MS)
    const kept = JSON.parse(JSON.stringify(data)) as SessionData
    const write = this.#db
      .insert(webSession)
      .values({ sid: hashed(sid), data: kept, expiresAt })
      .onConflictDoUpdate({ target: webSession.sid, set: { data: kept } })
    write.then(() => done?.(), done)
  }

  override destroy(sid: string, done?: (error?: unknown) => void) {
    this.#db
      .delete(webSession)
      .where(eq(webSession.sid, hashed(sid)))
      .then(() => done?.(), done)
  }
}

export interface WebSessions {
  /** The number in the browser's cookie, '' for none; unproven: it only says what to look up before `open` proves it. */
  numberOf(req: Request): string
  /** Puts what the browser remembers on the request; `data` is what was found under its number. */
  open(req: Request, res: Response, data: SessionData | null): Promise<void>
}

export function webSessions(db: Db, options: SessionOptions): WebSessions {
  const store = new WebSessionStore(db)
  const name = options.secure ? '__Host-web' : 'web'
  const signed = new RegExp(`(?:^|;) *${name}=(s%3A([^.;]*)\\.[^;]*)`)
  const partOf = (req: Request, part: number) => signed.exec(req.headers.cookie ?? '')?.[part] ?? ''
  const cookieOf = (req: Request) => partOf(req, 1)
  const numberOf = (req: Request) => partOf(req, 2)
  const load = session({
    store,
    secret: options.secret ?? cookieSecret(options.databaseUrl),
    name,
    genid: () => randomBytes(32).toString('base64url'),
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, secure: options.secure, sameSite: 'lax', path: '/' },
  })
  const open = (req: Request, res: Response, data: SessionData | null, done: (error?: unknown) => void) => {
    store.found = { sid: numberOf(req), data }
    // the store answers at once: what is loaded stands on the request when this returns
    load(req, res, done)
    store.found = undefined
  }
  const proven = recent<true>()
  return {
    numberOf,
    async open(req, res, data) {
      const cookie = cookieOf(req)
      if (data && proven.get(cookie)) return openLater(req, data, () => open(req, res, data, orThrow))
      await new Promise<void>((done, fail) => open(req, res, data, (error) => (error ? fail(error as Error) : done())))
      // its signature holds: express-session took the number that the cookie says
      if (cookie !== '' && req.sessionID === numberOf(req)) proven.set(cookie, true)
    },
  }
}

function orThrow(error?: unknown): void {
  if (error) throw error
}

/** Every process of a town derives the same secret; the session's own 256-bit number is what cannot be guessed. */
const cookieSecret = (databaseUrl: string): string => {
  const [, password = '', database = ''] = /:\/\/[^:@/]*:([^@]*)@[^/]*\/([^?]*)/.exec(databaseUrl) ?? []
  return createHmac('sha256', password).update(`web session ${database}`).digest('hex')
}

/** Forgets what this browser remembered, and gives it another number. */
export const regenerate = (req: Request): Promise<void> =>
  new Promise((done, fail) => req.session.regenerate((error: unknown) => (error ? fail(error as Error) : done())))
