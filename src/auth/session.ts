// The only module that knows lucia (who is signed in) and express-session (what this browser remembers for a while).
import { createHash, createHmac, randomBytes } from 'node:crypto'
import { DrizzlePostgreSQLAdapter } from '@lucia-auth/adapter-drizzle'
import { and, eq, gt, sql } from 'drizzle-orm'
import type { Request, RequestHandler, Response } from 'express'
import session, { type SessionData, Store } from 'express-session'
import { Lucia, TimeSpan } from 'lucia'
import type { Db } from '../db/db.ts'
import { appUser, loginSession, webSession } from '../db/tables/auth.ts'
import { addressOf } from '../web/context.ts'
import type { Flash } from '../web/flash.ts'
import { endOldest, endSession } from './login-sessions.ts'
import { isRole, type Role } from './permissions.ts'

const HOURS_MOST = 12
const IDLE_MINUTES = 15
const WEB_SESSION_MS = 24 * 3_600_000

interface UserAttributes {
  name: string
  role: string
  disabledAt: Date | null
}
interface SessionAttributes {
  ip: string
  userAgent: string
  lastActiveAt: Date
}

declare module 'lucia' {
  interface Register {
    Lucia: ReturnType<typeof makeLucia>
    UserId: number
    DatabaseUserAttributes: UserAttributes
    DatabaseSessionAttributes: SessionAttributes
  }
}
declare module 'express-session' {
  interface SessionData {
    flash?: Flash[]
    csrfToken?: string
  }
}

export interface Login {
  /** Hash of the token: what the table calls this session. */
  id: string
  user: { id: number; name: string; role: Role }
  lastActiveAt: Date
}

export interface Sessions {
  /** Loads what this browser remembers. */
  web: RequestHandler
  /** Who is signed in with this request; undefined when nobody, or when the session has ended (12 h, 15 min idle). */
  current(req: Request): Promise<Login | undefined>
  /** Notes that the person is at work; not called by polling. */
  touch(login: Login): Promise<void>
  /** A new session and a new browser memory, so that nothing set before signing in is kept (S-9). */
  signIn(req: Request, res: Response, userId: number): Promise<void>
  signOut(req: Request, res: Response, login: Login): Promise<void>
}

const hashed = (token: string): string => createHash('sha256').update(token).digest('hex')

function makeLucia(db: Db, secure: boolean) {
  const inner = new DrizzlePostgreSQLAdapter(db as never, loginSession as never, appUser as never)
  // lucia keeps the token as the row's id. Hashed here, a stolen table opens no door.
  const adapter: typeof inner = Object.create(inner, {})
  // Built once: this query runs with every request, and building it costs more than running it.
  const find = db
    .select({ session: loginSession, user: appUser })
    .from(loginSession)
    .innerJoin(appUser, eq(appUser.id, loginSession.userId))
    .where(eq(loginSession.id, sql.placeholder('id')))
    .prepare('find_login')
  adapter.getSessionAndUser = async (id) => {
    const [found] = await find.execute({ id: hashed(id) })
    if (!found) return [null, null]
    const { userId, expiresAt, ...attributes } = found.session
    return [
      { id, userId, expiresAt, attributes },
      { id: found.user.id, attributes: found.user },
    ]
  }
  adapter.setSession = (made) => inner.setSession({ ...made, id: hashed(made.id) })
  adapter.deleteSession = (id) => inner.deleteSession(hashed(id))
  // Twelve hours are the end, however busy the session is.
  adapter.updateSessionExpiration = async () => {}
  return new Lucia(adapter, {
    sessionExpiresIn: new TimeSpan(HOURS_MOST, 'h'),
    sessionCookie: { name: secure ? '__Host-login' : 'login', attributes: { secure, sameSite: 'lax', path: '/' } },
    getUserAttributes: ({ name, role, disabledAt }) => ({ name, role, disabledAt }),
    getSessionAttributes: ({ lastActiveAt }) => ({ lastActiveAt }),
  })
}

const findWebSession = (db: Db) =>
  db
    .select({ data: webSession.data })
    .from(webSession)
    .where(and(eq(webSession.sid, sql.placeholder('sid')), gt(webSession.expiresAt, sql`now()`)))
    .prepare('find_web_session')

/** express-session's memory in our own pool. Without touch: it lives a day from its start, longer than any sign-in. */
class WebSessionStore extends Store {
  readonly #db: Db
  readonly #find: ReturnType<typeof findWebSession>
  constructor(db: Db) {
    super()
    this.#db = db
    this.#find = findWebSession(db)
  }

  override get(sid: string, done: (error: unknown, found?: SessionData | null) => void) {
    this.#find.execute({ sid: hashed(sid) }).then((found) => {
      done(null, (found[0]?.data as SessionData | undefined) ?? null)
    }, done)
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

/** Every process of a town derives the same secret; the session's own 256-bit number is what cannot be guessed. */
const cookieSecret = (databaseUrl: string): string => {
  const [, password = '', database = ''] = /:\/\/[^:@/]*:([^@]*)@[^/]*\/([^?]*)/.exec(databaseUrl) ?? []
  return createHmac('sha256', password).update(`web session ${database}`).digest('hex')
}

export interface SessionOptions {
  /** Served over https: `__Host-` cookies, and none over plain http. */
  secure: boolean
  secret: string | undefined
  databaseUrl: string
}

export function openSessions(db: Db, options: SessionOptions): Sessions {
  const lucia = makeLucia(db, options.secure)
  return {
    web: session({
      store: new WebSessionStore(db),
      secret: options.secret ?? cookieSecret(options.databaseUrl),
      name: options.secure ? '__Host-web' : 'web',
      genid: () => randomBytes(32).toString('base64url'),
      resave: false,
      saveUninitialized: false,
      cookie: { httpOnly: true, secure: options.secure, sameSite: 'lax', path: '/' },
    }),
    current: (req) => current(lucia, req),
    touch: (login) => touch(db, login),
    signIn: async (req, res, userId) => {
      await regenerate(req)
      const userAgent = (req.get('User-Agent') ?? '').slice(0, 200)
      res.append('Set-Cookie', await start(db, lucia, userId, { ip: addressOf(req), userAgent }))
    },
    signOut: async (req, res, login) => {
      await endSession(db, login.user.id, login.id)
      res.append('Set-Cookie', lucia.createBlankSessionCookie().serialize())
      await new Promise<void>((done) => req.session.destroy(() => done()))
    },
  }
}

async function start(
  db: Db,
  lucia: ReturnType<typeof makeLucia>,
  userId: number,
  from: { ip: string; userAgent: string },
) {
  const token = randomBytes(32).toString('base64url')
  await lucia.createSession(userId, { ...from, lastActiveAt: new Date() }, { sessionId: token })
  await endOldest(db, userId)
  return sessionCookie(lucia, token)
}

/** A session without a password, for tests and for nothing else: the Set-Cookie of a plain http browser. */
export function startSession(db: Db, userId: number): Promise<string> {
  return start(db, makeLucia(db, false), userId, { ip: '127.0.0.1', userAgent: 'test' })
}

/** A cookie that ends with the browser; lucia would give it a date. */
function sessionCookie(lucia: ReturnType<typeof makeLucia>, token: string): string {
  const cookie = lucia.createSessionCookie(token)
  delete cookie.attributes.maxAge
  return cookie.serialize()
}

async function current(lucia: ReturnType<typeof makeLucia>, req: Request): Promise<Login | undefined> {
  const token = tokenOf(lucia, req.headers.cookie ?? '')
  if (!token) return undefined
  const { user, session: found } = await lucia.validateSession(token)
  if (!found) return undefined
  const idle = Date.now() - found.lastActiveAt.getTime() > IDLE_MINUTES * 60_000
  if (idle || user.disabledAt !== null || !isRole(user.role)) {
    await lucia.invalidateSession(token)
    return undefined
  }
  const { id, name, role } = user
  return { id: hashed(token), user: { id, name, role }, lastActiveAt: found.lastActiveAt }
}

function tokenOf(lucia: ReturnType<typeof makeLucia>, cookies: string): string | null {
  try {
    return lucia.readSessionCookie(cookies)
  } catch {
    return null // a broken percent sign in somebody's cookie is nobody's session
  }
}

// Once in half a minute is exact enough, and most pages then write nothing.
async function touch(db: Db, login: Login): Promise<void> {
  if (Date.now() - login.lastActiveAt.getTime() < 30_000) return
  await db.update(loginSession).set({ lastActiveAt: sql`now()` }).where(eq(loginSession.id, login.id))
}

const regenerate = (req: Request): Promise<void> =>
  new Promise((done, fail) => req.session.regenerate((error: unknown) => (error ? fail(error as Error) : done())))
