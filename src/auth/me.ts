import type { Request, Response } from 'express'
import { NotFound } from '../errors.ts'
import { context } from '../web/context.ts'
import type { Deps } from '../web/deps.ts'
import { flash } from '../web/flash.ts'
import { refusedErrors } from '../web/refused.ts'
import { type Feature, idParam, param } from '../web/routes.ts'
import type { TownFacts } from '../web/town.ts'
import { goTo, type ViewOptions, view } from '../web/view.ts'
import { hasFactor } from './factor.ts'
import { differ, ownPasswordForm, tokenForm } from './forms.ts'
import { endSession, endSessions, listSessions } from './login-sessions.ts'
import { proveIdentity } from './proof.ts'
import * as service from './service.ts'
import type { Login } from './session.ts'
import { addTokenFor, listTokens, revokeToken } from './tokens.ts'

/** What people do to their own account: password, sessions, API tokens. */
export const ownPages = (pages: Feature, deps: Deps): Feature =>
  pages
    .get('/me', 'signed-in', (req, res) => show(deps, req, res))
    .post('/me/password', 'signed-in', takePassword(deps))
    .post('/me/sessions/others/ending', 'signed-in', endOthers(deps))
    .post('/me/sessions/:id/ending', 'signed-in', endOne(deps))
    .post('/me/tokens', 'tokens.manage', makeToken(deps))
    .post('/me/tokens/:id/revocation', 'tokens.manage', revoke(deps))

interface Shown {
  password?: object
  token?: object
  /** A token just made: shown this once. */
  made?: string
}

async function show(deps: Deps, req: Request, res: Response, shown: Shown = {}, options: ViewOptions = {}) {
  const { actor, may } = context(res)
  const login = res.locals.login as Login
  const mayTokens = may('tokens.manage')
  const [sessions, factor, tokens] = await Promise.all([
    listSessions(deps.databases.app, actor.id),
    hasFactor(deps.databases.app, actor.id),
    mayTokens ? listTokens(deps.databases.app, actor.id) : [],
  ])
  const data = {
    title: 'Your account',
    passwordForm: shown.password ?? ownPasswordForm.show(),
    tokenForm: shown.token ?? tokenForm.show(),
    made: shown.made ?? '',
    timezone: (res.locals.town as TownFacts).timezone,
    sessions: sessions.map((each) => ({ ...each, here: each.id === login.id })),
    tokens,
    mayTokens,
    factor,
  }
  view(req, res, 'auth/me', data, options)
}

const takePassword = (deps: Deps) => async (req: Request, res: Response) => {
  const parsed = ownPasswordForm.parse(req.body)
  const again = (password: object) => show(deps, req, res, { password }, { status: 422 })
  if (!parsed.ok) return again(parsed.view)
  const { current, code, password } = parsed.data
  const { actor, address } = context(res)
  const db = deps.databases.app
  try {
    if (password !== parsed.data.again) return again(ownPasswordForm.show({}, differ(parsed.data)))
    await proveIdentity(db, actor.id, { password: current, code }, address, 'current')
    await service.changePassword(db, actor.id, password, (res.locals.login as Login).id)
  } catch (error) {
    return again(ownPasswordForm.show({}, refusedErrors(error)))
  }
  flash(req, 'Your password is changed. Your other sessions have ended.')
  goTo(req, res, '/me')
}

const endOne = (deps: Deps) => async (req: Request, res: Response) => {
  if (!(await endSession(deps.databases.app, context(res).actor.id, param(req, 'id')))) throw new NotFound('session')
  flash(req, 'The session has ended.')
  goTo(req, res, '/me')
}

const endOthers = (deps: Deps) => async (req: Request, res: Response) => {
  await endSessions(deps.databases.app, context(res).actor.id, (res.locals.login as Login).id)
  flash(req, 'All your other sessions have ended.')
  goTo(req, res, '/me')
}

const makeToken = (deps: Deps) => async (req: Request, res: Response) => {
  const parsed = tokenForm.parse(req.body)
  if (!parsed.ok) return show(deps, req, res, { token: parsed.view }, { status: 422 })
  const { id } = context(res).actor
  const made = await addTokenFor(deps.databases.app, id, parsed.data.name, id)
  await show(deps, req, res, { made }, { status: 201 })
}

const revoke = (deps: Deps) => async (req: Request, res: Response) => {
  const { id } = context(res).actor
  await revokeToken(deps.databases.app, id, idParam(req, 'id', 'token'), id)
  flash(req, 'The token is revoked.')
  goTo(req, res, '/me')
}
