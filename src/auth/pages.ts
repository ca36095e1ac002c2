import type { Request, Response } from 'express'
import { recordEvent } from '../audit/service.ts'
import { Forbidden, NotFound } from '../errors.ts'
import { context, ipOf } from '../web/context.ts'
import type { Deps, FeatureMaker } from '../web/deps.ts'
import { flash } from '../web/flash.ts'
import { refusedErrors } from '../web/refused.ts'
import { feature } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { draftPages } from './draft.ts'
import { factorPages } from './factor-pages.ts'
import { differ, passwordByLinkForm, setupForm, signInForm } from './forms.ts'
import { ownPages } from './me.ts'
import { tooManyTries } from './proof.ts'
import { safeReturnTo } from './rules.ts'
import { askForCode, secondStep } from './second-step.ts'
import * as service from './service.ts'
import type { Login } from './session.ts'
import { findLink, hasAdministrator } from './setup-link.ts'

const DOOR = { layout: 'layouts/door.njk' }

export const pages: FeatureMaker = (deps) =>
  ownPages(
    factorPages(draftPages(secondStep(feature('auth'), deps), deps), deps)
      .get('/sign-in', 'anyone', showSignIn)
      .post('/sign-in', 'anyone', takeSignIn(deps))
      .post('/sign-out', 'signed-in', signOut(deps), { withoutFactor: true })
      .get('/setup', 'anyone', showSetup(deps))
      .post('/setup', 'anyone', takeSetup(deps))
      .get('/password', 'anyone', showPassword(deps))
      .post('/password', 'anyone', takePassword(deps)),
    deps,
  )

function showSignIn(req: Request, res: Response) {
  const returnTo = safeReturnTo(req.query.returnTo)
  if (res.locals.context) return goTo(req, res, returnTo)
  view(req, res, 'auth/sign-in', { title: 'Sign in', form: signInForm.show({ returnTo }) }, DOOR)
}

const takeSignIn = (deps: Deps) => async (req: Request, res: Response) => {
  const parsed = signInForm.parse(req.body)
  const again = (form: object, status: number) =>
    view(req, res, 'auth/sign-in', { title: 'Sign in', form }, { ...DOOR, status })
  if (!parsed.ok) return again(parsed.view, 422)
  const { name, password, returnTo } = parsed.data
  const outcome = await service.signIn(deps.databases.app, name, password, ipOf(req))
  if (outcome.ok && outcome.second) return askForCode(req, res, outcome.userId, landing(safeReturnTo(returnTo)))
  if (outcome.ok) {
    await deps.sessions.signIn(req, res, outcome.userId)
    return goTo(req, res, landing(safeReturnTo(returnTo)))
  }
  const errors = {
    '': outcome.wait > 0 ? tooManyTries(outcome.wait) : 'That user name and password do not belong together.',
  }
  again(signInForm.show({ name, returnTo }, errors), outcome.wait > 0 ? 429 : 422)
}

/** The Account Control Panel opens after signing in, unless one was on the way to another page [001-001]. */
const landing = (returnTo: string): string => (returnTo === '/' ? '/panel' : returnTo)

const signOut = (deps: Deps) => async (req: Request, res: Response) => {
  const { actor, address } = context(res)
  await recordEvent(deps.databases.app, {
    actor: actor.id,
    action: 'sign-out',
    subject: 'user',
    subjectKey: actor.name,
    address,
  })
  await deps.sessions.signOut(req, res, res.locals.login as Login)
  res.set('Clear-Site-Data', '"cache", "storage"')
  goTo(req, res, '/sign-in')
}

/** 404 once there is an administrator, 403 without the link of this start (S-1). */
async function requireSetupLink(deps: Deps, token: unknown): Promise<string> {
  if (await hasAdministrator(deps.databases.app)) throw new NotFound('page')
  const link = typeof token === 'string' ? await findLink(deps.databases.app, token) : undefined
  if (typeof token !== 'string' || link?.userId !== null) throw new Forbidden('setup.link')
  return token
}

const showSetup = (deps: Deps) => async (req: Request, res: Response) => {
  const token = await requireSetupLink(deps, req.query.token)
  view(req, res, 'auth/setup', { title: 'First administrator', form: setupForm.show({ token }) }, DOOR)
}

const takeSetup = (deps: Deps) => async (req: Request, res: Response) => {
  await requireSetupLink(deps, (req.body as Record<string, unknown>).token)
  const parsed = setupForm.parse(req.body)
  const again = (form: object) =>
    view(req, res, 'auth/setup', { title: 'First administrator', form }, { ...DOOR, status: 422 })
  if (!parsed.ok) return again(parsed.view)
  const { token, ...user } = parsed.data
  try {
    if (user.password !== user.again) return again(setupForm.show(parsed.data, differ(user)))
    await deps.sessions.signIn(req, res, await service.setUp(deps.databases.app, token, user))
  } catch (error) {
    return again(setupForm.show(parsed.data, refusedErrors(error)))
  }
  goTo(req, res, '/')
}

const GONE = 'This link has been used or is too old. Ask an administrator for a new one.'

/** The user a password link is for; undefined after it was answered 410 (S-7). */
async function linkedUser(deps: Deps, req: Request, res: Response, token: unknown): Promise<number | undefined> {
  const link = typeof token === 'string' ? await findLink(deps.databases.app, token) : undefined
  if (link?.userId) return link.userId
  view(req, res, 'errors/error', { title: 'This link does not work', detail: GONE, id: '' }, { ...DOOR, status: 410 })
  return undefined
}

const showPassword = (deps: Deps) => async (req: Request, res: Response) => {
  const { token } = req.query
  if (!(await linkedUser(deps, req, res, token))) return
  view(req, res, 'auth/password', { title: 'New password', form: passwordByLinkForm.show({ token }) }, DOOR)
}

const takePassword = (deps: Deps) => async (req: Request, res: Response) => {
  const userId = await linkedUser(deps, req, res, (req.body as Record<string, unknown>).token)
  if (!userId) return
  const parsed = passwordByLinkForm.parse(req.body)
  const again = (form: object) =>
    view(req, res, 'auth/password', { title: 'New password', form }, { ...DOOR, status: 422 })
  if (!parsed.ok) return again(parsed.view)
  const { token, password } = parsed.data
  try {
    if (password !== parsed.data.again) return again(passwordByLinkForm.show({ token }, differ(parsed.data)))
    await service.setPasswordByLink(deps.databases.app, token, userId, password)
  } catch (error) {
    return again(passwordByLinkForm.show({ token }, refusedErrors(error)))
  }
  flash(req, 'Your password is set. Sign in with it.')
  goTo(req, res, '/sign-in')
}
