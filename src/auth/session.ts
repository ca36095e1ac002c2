// The only module that knows lucia: who is signed in.
import { randomBytes } from 'node:crypto'
import { DrizzlePostgreSQLAdapter } from '@lucia-auth/adapter-drizzle'
import { eq, sql } from 'drizzle-orm'
import type { Request, Response } from 'express'
import { Lucia, TimeSpan } from 'lucia'
import type { Db, Question } from '../db/db.ts'
import { appUser, loginSession } from '../db/tables/auth.ts'
import { ipOf } from '../web/context.ts'
import { endOldest, endSession } from './login-sessions.ts'
import { isRole, type Role } from './permissions.ts'
import { recent } from './recent.ts'
import { type LoginRow, readVisit, type Visit } from './visit-store.ts'
import { hashed, regenerate, type SessionOptions, webSessions } from './web-session.ts'

const HOURS_MOST = 12
/** Until the organization's Security tab says otherwise. */
const IDLE_MINUTES = 15

interface UserAttributes {
  name: string
  role: string
  disabled: boolean
}
interface SessionAttributes {
  ip: string
  userAgent: string
  lastActiveAt: Date
  mfa: boolean | null
  idleMinutes?: number
}

declare module 'lucia' {
  interface Register {
    Lucia: ReturnType<typeof makeLucia>
    UserId: number
    DatabaseUserAttributes: UserAttributes
    DatabaseSessionAttributes: SessionAttributes
  }
}

export interface Login {
  /** Hash of the token: what the table calls this session. */
  id: string
  user: { id: number; name: string; role: Role }
  lastActiveAt: Date
  /** The second factor was shown in this session. */
  mfa: boolean
}

export interface Sessions {
  /**
   * Loads what this browser remembers, and who is signed in with this request: undefined when nobody, or when the
   * session has ended (12 h, or idle as long as the Security tab allows). `along` gives what is asked with it, of whoever
   * was signed in with this token when it was here last; that proves nothing.
   */
  visit(
    req: Request,
    res: Response,
    along?: (user: Login['user']) => Question | undefined,
  ): Promise<Pick<Visit, 'town' | 'page'> & { login: Login | undefined }>
  /** Notes that the person is at work; not called by polling. */
  touch(login: Login): Promise<void>
  /** A new session and a new browser memory, so that nothing set before signing in is kept (S-9). */
  signIn(req: Request, res: Response, userId: number, mfa?: boolean): Promise<void>
  signOut(req: Request, res: Response, login: Login): Promise<void>
}

function makeLucia(db: Db, secure: boolean, read: { login?: LoginRow | undefined } = {}) {
  const inner = new DrizzlePostgreSQLAdapter(db as never, loginSession as never, appUser as never)
  // lucia keeps the token as the row's id. Hashed here, a stolen table opens no door.
  const adapter: typeof inner = Object.create(inner, {})
  // lucia judges what the visit's statement found and asks for nothing itself.
  adapter.getSessionAndUser = async (id) => {
    if (!read.login) return [null, null]
    const { userId, expiresAt, lastActiveAt, mfa, idleMinutes = IDLE_MINUTES, ...user } = read.login
    const attributes = { ip: '', userAgent: '', lastActiveAt, mfa, idleMinutes }
    return [
      { id, userId, expiresAt, attributes },
      { id: userId, attributes: user },
    ]
  }
  adapter.setSession = (made) => inner.setSession({ ...made, id: hashed(made.id) })
  adapter.deleteSession = (id) => inner.deleteSession(hashed(id))
  // Twelve hours are the end, however busy the session is.
  adapter.updateSessionExpiration = async () => {}
  return new Lucia(adapter, {
    sessionExpiresIn: new TimeSpan(HOURS_MOST, 'h'),
    sessionCookie: { name: secure ? '__Host-login' : 'login', attributes: { secure, sameSite: 'lax', path: '/' } },
    getUserAttributes: ({ name, role, disabled }) => ({ name, role, disabled }),
    getSessionAttributes: ({ lastActiveAt, mfa, idleMinutes = IDLE_MINUTES }) => ({ lastActiveAt, mfa, idleMinutes }),
  })
}

export function openSessions(db: Db, options: SessionOptions): Sessions {
  const read: { login?: LoginRow | undefined } = {}
  const lucia = makeLucia(db, options.secure, read)
  const web = webSessions(db, options)
  // who was signed in with a token when it was here last, by the hash
  const seen = recent<Login['user']>()
  return {
    async visit(req, res, along) {
      const token = tokenOf(lucia, req.headers.cookie ?? '')
      const sid = web.numberOf(req)
      const id = token && hashed(token)
      const before = seen.get(id)
      const found = await readVisit(db, { login: id, web: sid && hashed(sid) }, before && along?.(before))
      // lucia asks in the moment in which it is called
      read.login = found.login
      const judged = found.login && current(lucia, token, id)
      read.login = undefined
      const [login] = await Promise.all([judged, web.open(req, res, found.web)])
      seen.set(id, login?.user)
      return { login, town: found.town, page: found.page }
    },
    touch: (login) => touch(db, login),
    signIn: async (req, res, userId, mfa = false) => {
      await regenerate(req)
      req.session.signedIn = userId
      const userAgent = (req.get('User-Agent') ?? '').slice(0, 200)
      res.append('Set-Cookie', await start(db, lucia, userId, { ip: ipOf(req), userAgent, mfa }))
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
  from: { ip: string; userAgent: string; mfa: boolean },
) {
  const token = randomBytes(32).toString('base64url')
  await lucia.createSession(userId, { ...from, lastActiveAt: new Date() }, { sessionId: token })
  await endOldest(db, userId)
  return sessionCookie(lucia, token)
}

/** A session without a password, for tests and for nothing else: the Set-Cookie of a plain http browser. */
export function startSession(db: Db, userId: number): Promise<string> {
  return start(db, makeLucia(db, false), userId, { ip: '127.0.0.1', userAgent: 'test', mfa: false })
}

/** A cookie that ends with the browser; lucia would give it a date. */
function sessionCookie(lucia: ReturnType<typeof makeLucia>, token: string): string {
  const cookie = lucia.createSessionCookie(token)
  delete cookie.attributes.maxAge
  return cookie.serialize()
}

async function current(lucia: ReturnType<typeof makeLucia>, token: string, id: string): Promise<Login | undefined> {
  const { user, session: found } = await lucia.validateSession(token)
  if (!found) return undefined
  const idle = Date.now() - found.lastActiveAt.getTime() > found.idleMinutes * 60_000
  if (idle || user.disabled || !isRole(user.role)) {
    await lucia.invalidateSession(token)
    return undefined
  }
  const { name, role } = user
  return { id, user: { id: user.id, name, role }, lastActiveAt: found.lastActiveAt, mfa: found.mfa === true }
}

function tokenOf(lucia: ReturnType<typeof makeLucia>, cookies: string): string {
  try {
    return lucia.readSessionCookie(cookies) ?? ''
  } catch {
    return '' // a broken percent sign in somebody's cookie is nobody's session
  }
}

// Once in half a minute is exact enough, and most pages then write nothing.
async function touch(db: Db, login: Login): Promise<void> {
  if (Date.now() - login.lastActiveAt.getTime() < 30_000) return
  await db.update(loginSession).set({ lastActiveAt: sql`now()` }).where(eq(loginSession.id, login.id))
}
