import { eq } from 'drizzle-orm'
import type { Express } from 'express'
import { type Logger, pino } from 'pino'
import supertest, { type Test } from 'supertest'
import { createApp } from '../app.ts'
import type { Role } from '../auth/permissions.ts'
import { startSession } from '../auth/session.ts'
import { appUser } from '../db/tables/auth.ts'
import { FEATURES } from '../features.ts'
import type { Day } from '../ledger/calendar.ts'
import type { FeatureMaker, Health } from '../web/deps.ts'
import type { TestTown } from './database.ts'

export interface AppOptions {
  today?: Day
  /** Only these features, instead of all. */
  features?: readonly FeatureMaker[]
  health?: () => Promise<Health>
  trustProxy?: boolean | number | string
  /** The town's mail server, instead of none. */
  smtpUrl?: string
  /** Where the application's log goes, instead of nowhere. */
  log?: Logger
}

const apps = new WeakMap<TestTown, Express>()

/** The application on a test town. One per town unless options are given. */
export function appFor(town: TestTown, options?: AppOptions): Express {
  const made = options ? undefined : apps.get(town)
  if (made) return made
  const { today = '2026-03-15', features = FEATURES, health = async () => 'ok', trustProxy = false } = options ?? {}
  const { smtpUrl } = options ?? {}
  const { log = pino({ level: process.env.LOG_LEVEL ?? 'silent' }) } = options ?? {}
  const app = createApp({
    databases: town.databases,
    config: {
      trustProxy,
      sessionSecret: 'for tests only, not a secret',
      today: undefined,
      host: '127.0.0.1',
      port: 0,
      smtpUrl,
      mailFrom: undefined,
    },
    today: () => today,
    log,
    health,
    features,
  })
  if (!options) apps.set(town, app)
  return app
}

export interface Browser {
  user: { id: number; name: string; role: Role }
  get(url: string, headers?: Record<string, string>): Test
  /** Posts a form with this browser's CSRF token. */
  post(url: string, form?: Form, headers?: Record<string, string>): Promise<supertest.Response>
  /** A form with files. */
  upload(url: string, form: Form, files: Record<string, { name: string; bytes: Buffer }>): Promise<supertest.Response>
  /** Posts exactly this, without a token. */
  bare(url: string, form?: Form): Test
  /** The CSRF token of this browser. */
  token(): Promise<string>
}

type Form = Record<string, string | string[] | undefined>

let counter = 0

/** A user of a role, straight in the table; id and name. */
export async function aUser(town: TestTown, role: Role, name = `${role}-${++counter}`) {
  const [user] = await town.databases.app
    .insert(appUser)
    .values({ name, fullName: name, role })
    .returning({ id: appUser.id })
  if (!user) throw new Error('no user was made')
  return { id: user.id, name, role }
}

/** A browser in which somebody of this role is signed in; `as` signs in somebody who exists. */
export async function signedIn(town: TestTown, role: Role, app = appFor(town), as?: string): Promise<Browser> {
  const user = as ? await existing(town, as, role) : await aUser(town, role)
  const [cookie = ''] = (await startSession(town.databases.app, user.id)).split(';')
  return browser(app, user, cookie)
}

async function existing(town: TestTown, name: string, role: Role) {
  const [found] = await town.databases.app.select({ id: appUser.id }).from(appUser).where(eq(appUser.name, name))
  if (!found) throw new Error(`no user ${name}`)
  return { id: found.id, name, role }
}

/** A browser with whatever cookies; the web session's cookie is kept between requests. */
export function browser(app: Express, user: Browser['user'], login = ''): Browser {
  const agent = supertest.agent(app)
  if (login) agent.jar.setCookie(login, '127.0.0.1', '/')
  let known: string | undefined
  const token = async () => {
    known ??= /<meta name="csrf" content="([0-9a-f]+)"/.exec((await agent.get('/me')).text)?.[1]
    if (!known) throw new Error('the page has no token')
    return known
  }
  const send = (url: string, form: Form) => agent.post(url).type('form').send(encoded(form))
  return {
    user,
    get: (url, headers = {}) => agent.get(url).set(headers),
    post: async (url, form = {}, headers = {}) => send(url, { _csrf: await token(), ...form }).set(headers),
    upload: async (url, form, files) => {
      const sent = agent.post(url).field({ _csrf: await token(), ...form } as Record<string, string>)
      for (const [name, file] of Object.entries(files)) sent.attach(name, file.bytes, file.name)
      return sent
    },
    bare: (url, form = {}) => send(url, form),
    token,
  }
}

function encoded(form: Form): string {
  const pairs = Object.entries(form).flatMap(([name, value]) => [value ?? []].flat().map((each) => [name, each]))
  return new URLSearchParams(pairs as [string, string][]).toString()
}
