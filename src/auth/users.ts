import type { Request, Response } from 'express'
import { recordEvent } from '../audit/service.ts'
import { NotFound, Refused } from '../errors.ts'
import { context } from '../web/context.ts'
import type { Deps, FeatureMaker } from '../web/deps.ts'
import { flash } from '../web/flash.ts'
import { refusedErrors } from '../web/refused.ts'
import { feature, idParam } from '../web/routes.ts'
import type { TownFacts } from '../web/town.ts'
import { goTo, type ViewOptions, view } from '../web/view.ts'
import { hasFactor, usersWithFactor } from './factor.ts'
import { factorReset } from './factor-reset.ts'
import { newUserForm, roleName, roleOptions, userForm } from './forms.ts'
import { endSessions, listSessions } from './login-sessions.ts'
import { may, PERMISSIONS, ROLES } from './permissions.ts'
import * as service from './service.ts'
import { makePasswordLink } from './setup-link.ts'
import { findUser, listUsers, type UserRow } from './store.ts'
import { listTokens, revokeToken } from './tokens.ts'

const LIST = '/organization/users'
const CRUMBS = [
  { label: 'Organization', href: '/menu/organization' },
  { label: 'Users and roles', href: LIST },
]

/** Organization > Users and roles. */
export const pages: FeatureMaker = (deps) =>
  factorReset(feature('users'), deps)
    .get(LIST, 'users.manage', list(deps), { menu: 'Organization > Users and roles' })
    .get(`${LIST}/new`, 'users.manage', showNew)
    .post(LIST, 'users.manage', add(deps))
    .get(`${LIST}/:id`, 'users.manage', async (req, res) => show(deps, req, res, await userOf(deps, req)))
    .post(`${LIST}/:id`, 'users.manage', edit(deps))
    .post(`${LIST}/:id/disabling`, 'users.manage', disable(deps, true))
    .post(`${LIST}/:id/enabling`, 'users.manage', disable(deps, false))
    .post(`${LIST}/:id/password-link`, 'users.manage', link(deps))
    .post(`${LIST}/:id/sessions/ending`, 'users.manage', endAll(deps))
    .post(`${LIST}/:id/tokens/:token/revocation`, 'users.manage', revoke(deps))

const list = (deps: Deps) => async (req: Request, res: Response) => {
  const [users, factors] = await Promise.all([listUsers(deps.databases.app), usersWithFactor(deps.databases.app)])
  const roles = ROLES.map((role) => roleName(role))
  const rights = PERMISSIONS.map((permission) => ({ permission, by: ROLES.map((role) => may(role, permission)) }))
  view(req, res, 'auth/users', {
    title: 'Users and roles',
    users: users.map((user) => ({ ...shownUser(user, res), factor: factors.has(user.id) })),
    roles,
    rights,
  })
}

const shownUser = (user: UserRow, res: Response) => ({
  ...user,
  roleName: roleName(user.role),
  disabled: user.disabledAt !== null,
  waiting: user.passwordHash === null,
  timezone: (res.locals.town as TownFacts).timezone,
})

function showNew(req: Request, res: Response) {
  view(req, res, 'auth/user-new', { title: 'New user', crumbs: CRUMBS, form: newUserForm.show({ role: 'clerk' }) })
}

const add = (deps: Deps) => async (req: Request, res: Response) => {
  const parsed = newUserForm.parse(req.body)
  const again = (form: object) =>
    view(req, res, 'auth/user-new', { title: 'New user', crumbs: CRUMBS, form }, { status: 422 })
  if (!parsed.ok) return again(parsed.view)
  const { actor } = context(res)
  let id: number
  try {
    id = await service.addUser(deps.databases.app, parsed.data, actor.id)
  } catch (error) {
    return again(newUserForm.show(parsed.data, refusedErrors(error)))
  }
  await showLink(deps, req, res, id)
}

async function userOf(deps: Deps, req: Request): Promise<UserRow> {
  const user = await findUser(deps.databases.app, idParam(req, 'id', 'user'))
  if (!user) throw new NotFound('user')
  return user
}

interface Shown {
  form?: object
  /** A password link just made: shown this once. */
  link?: string
}

async function show(
  deps: Deps,
  req: Request,
  res: Response,
  user: UserRow,
  shown: Shown = {},
  options: ViewOptions = {},
) {
  const [factor, sessions, tokens] = await Promise.all([
    hasFactor(deps.databases.app, user.id),
    listSessions(deps.databases.app, user.id),
    listTokens(deps.databases.app, user.id),
  ])
  const data = {
    title: user.name,
    crumbs: CRUMBS,
    user: { ...shownUser(user, res), factor },
    form: shown.form ?? userForm.show(user),
    link: shown.link ?? '',
    sessions,
    tokens,
    roles: roleOptions,
  }
  view(req, res, 'auth/user', data, options)
}

const edit = (deps: Deps) => async (req: Request, res: Response) => {
  const user = await userOf(deps, req)
  const parsed = userForm.parse(req.body)
  if (!parsed.ok) return show(deps, req, res, user, { form: parsed.view }, { status: 422 })
  const { version, ...values } = parsed.data
  try {
    await service.editUser(deps.databases.app, user.id, version, values, context(res).actor.id)
  } catch (error) {
    return show(deps, req, res, user, { form: userForm.show(parsed.data, refusedErrors(error)) }, { status: 422 })
  }
  flash(req, `Saved. ${user.name} is ${roleName(values.role).toLowerCase()}.`)
  goTo(req, res, LIST)
}

const disable = (deps: Deps, disabled: boolean) => async (req: Request, res: Response) => {
  const user = await userOf(deps, req)
  await service.disableUser(deps.databases.app, user.id, disabled, context(res).actor.id)
  flash(req, disabled ? `${user.name} is signed out and cannot sign in any more.` : `${user.name} can sign in again.`)
  goTo(req, res, `${LIST}/${user.id}`)
}

const link = (deps: Deps) => async (req: Request, res: Response) => {
  const user = await userOf(deps, req)
  if (user.disabledAt) throw new Refused('user_disabled', `${user.name} is disabled. Enable the user first.`)
  await showLink(deps, req, res, user.id)
}

/** The link is in the answer and nowhere else; the administrator passes it on, and never sees a password. */
async function showLink(deps: Deps, req: Request, res: Response, id: number) {
  const { actor, address } = context(res)
  const user = await findUser(deps.databases.app, id)
  if (!user) throw new NotFound('user')
  const path = await makePasswordLink(deps.databases.app, id, actor.id)
  const event = { actor: actor.id, action: 'password link', subject: 'user', subjectKey: user.name, address }
  await recordEvent(deps.databases.app, event)
  await show(deps, req, res, user, { link: `${req.protocol}://${req.host}${path}` }, { status: 201 })
}

const endAll = (deps: Deps) => async (req: Request, res: Response) => {
  const user = await userOf(deps, req)
  await endSessions(deps.databases.app, user.id)
  flash(req, `${user.name} is signed out everywhere.`)
  goTo(req, res, `${LIST}/${user.id}`)
}

const revoke = (deps: Deps) => async (req: Request, res: Response) => {
  const user = await userOf(deps, req)
  await revokeToken(deps.databases.app, user.id, idParam(req, 'token', 'token'), context(res).actor.id)
  flash(req, 'The token is revoked.')
  goTo(req, res, `${LIST}/${user.id}`)
}
