import express, { type Express, type Request, type RequestHandler, type Response } from 'express'
import { recordEvent } from './audit/service.ts'
import { keepDraft } from './auth/draft.ts'
import { may } from './auth/permissions.ts'
import { factorDemanded } from './auth/rules.ts'
import { type Login, openSessions } from './auth/session.ts'
import { bearer } from './auth/tokens.ts'
import { type Along, arrival, arriveFirst, arriveOnError } from './web/arrive.ts'
import { staticFiles } from './web/assets.ts'
import { parseFields } from './web/body.ts'
import { type Actor, type Context, ipOf } from './web/context.ts'
import type { Deps, FeatureMaker } from './web/deps.ts'
import { errorHandler, notFound } from './web/errors.ts'
import { requestLog } from './web/request-log.ts'
import { mount } from './web/routes.ts'
import { securityHeaders } from './web/security.ts'

export interface AppDeps extends Omit<Deps, 'sessions'> {
  features: readonly FeatureMaker[]
}

/** The application: its middleware in order. Starts nothing and listens to nothing. */
export function createApp(given: AppDeps): Express {
  const deps: Deps = { ...given, sessions: openSessions(given.databases.visits, sessionOptions(given)) }
  const features = given.features.map((make) => make(deps))
  const app = express()
  app.disable('x-powered-by')
  app.set('etag', false)
  app.set('trust proxy', deps.config.trustProxy)
  app.set('query parser', (text: string | null) => parseFields(text ?? ''))
  app.locals.banner = deps.config.today ? 'demonstration day' : ''

  app.use(requestLog(deps.log))
  app.use(securityHeaders)
  app.get('/health', healthOf(deps))
  app.use(staticFiles())
  app.use('/api', bearer(deps, contextOf), jsonBody)
  for (const api of features) if (api.kind === 'api') mount(app, api)
  app.use('/api', notFound)
  app.use(arrival(visitor(deps)))
  for (const pages of features) if (pages.kind === 'pages') mount(app, pages)
  app.use(arriveFirst, notFound)
  app.use(arriveOnError, errorHandler({ log: deps.log, denied: recordDenied(deps), keepDraft: keepDraft(deps) }))
  return app
}

// A file of county payments comes inside its call.
const json = express.json({ limit: '8mb' })

/** Reads the body of a call whose bearer is known; nobody else's is worth the work. */
const jsonBody: RequestHandler = (req, res, next) => (res.locals.context ? json(req, res, next) : next())

const sessionOptions = ({ config, databases }: AppDeps) => ({
  // Behind a proxy the browser speaks https; without one only plain http exists, for the machine's own browser.
  secure: config.trustProxy !== false,
  secret: config.sessionSecret,
  databaseUrl: databases.url,
})

function healthOf({ health, log }: Deps): RequestHandler {
  return async (_req, res) => {
    const state = await health().catch((error: unknown) => {
      log.error({ err: error }, 'health check failed')
      return 'down' as const
    })
    res.status(state === 'down' ? 503 : 200).json({ status: state })
  }
}

/** Who is at the browser, what the browser remembers and what the town is called. */
function visitor(deps: Deps) {
  return async (req: Request, res: Response, along?: Along) => {
    const of = along && ((user: Login['user']) => along(contextOf(deps, req, user)))
    const { login, town, page } = await deps.sessions.visit(req, res, of)
    res.locals.town = town
    if (login) {
      res.locals.login = login
      res.locals.touch = () => deps.sessions.touch(login)
      res.locals.context = contextOf(deps, req, login.user)
      res.locals.factorDue = !login.mfa && factorDemanded(town.secondFactor, login.user.role)
    }
    return page
  }
}

function contextOf(deps: Deps, req: Request, user: Pick<Actor, 'id' | 'name' | 'role'>): Context {
  const { databases } = deps
  const seesPrivate = may(user.role, 'private.view')
  return {
    db: seesPrivate ? databases.private : databases.app,
    actor: { id: user.id, name: user.name, role: user.role, seesPrivate },
    today: deps.today(),
    // asked for where something is written down, and costs as much as a right
    get address() {
      return ipOf(req)
    },
    may: (permission) => may(user.role, permission),
  }
}

const recordDenied = (deps: Deps) => async (req: Request, res: Response, action: string) => {
  const actor = (res.locals.context as Context | undefined)?.actor.id ?? 0
  const event = {
    actor,
    action: 'denied',
    subject: action,
    subjectKey: req.path.slice(0, 200),
    address: ipOf(req),
  }
  await recordEvent(deps.databases.app, event)
}
