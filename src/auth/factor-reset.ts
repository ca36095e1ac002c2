import type { Request, Response } from 'express'
import { NotFound } from '../errors.ts'
import { context } from '../web/context.ts'
import type { Deps } from '../web/deps.ts'
import { flash } from '../web/flash.ts'
import { refusedErrors } from '../web/refused.ts'
import { type Feature, idParam } from '../web/routes.ts'
import { goTo, type ViewOptions, view } from '../web/view.ts'
import { hasFactor, resetFactor } from './factor.ts'
import { resetForm } from './factor-forms.ts'
import { proveIdentity } from './proof.ts'
import { findUser, type UserRow } from './store.ts'

const LIST = '/organization/users'
const PATH = `${LIST}/:id/second-factor`

/** An administrator takes away the second factor of somebody who has lost it, with a reason and the own password. */
export const factorReset = (pages: Feature, deps: Deps): Feature =>
  pages
    .get(PATH, 'users.manage', async (req, res) => show(deps, req, res, await userOf(deps, req), resetForm.show()))
    .post(PATH, 'users.manage', reset(deps))

async function userOf(deps: Deps, req: Request): Promise<UserRow> {
  const user = await findUser(deps.databases.app, idParam(req, 'id', 'user'))
  if (!user || !(await hasFactor(deps.databases.app, user.id))) throw new NotFound('second factor')
  return user
}

async function show(deps: Deps, req: Request, res: Response, user: UserRow, form: object, options: ViewOptions = {}) {
  const own = await hasFactor(deps.databases.app, context(res).actor.id)
  const crumbs = [
    { label: 'Organization', href: '/menu/organization' },
    { label: 'Users and roles', href: LIST },
    { label: user.name, href: `${LIST}/${user.id}` },
  ]
  const data = { title: `Second factor of ${user.name}`, crumbs, user: { id: user.id, name: user.name }, form, own }
  view(req, res, 'auth/factor-reset', data, options)
}

const reset = (deps: Deps) => async (req: Request, res: Response) => {
  const user = await userOf(deps, req)
  const again = (form: object) => show(deps, req, res, user, form, { status: 422 })
  const parsed = resetForm.parse(req.body)
  if (!parsed.ok) return again(parsed.view)
  const { reason, ...shown } = parsed.data
  const { actor, address } = context(res)
  try {
    await proveIdentity(deps.databases.app, actor.id, shown, address)
    await resetFactor(deps.databases.app, user, actor.id, reason, address)
  } catch (error) {
    return again(resetForm.show({ reason }, refusedErrors(error)))
  }
  flash(req, `${user.name} has no second factor any more and is signed out everywhere.`)
  goTo(req, res, `${LIST}/${user.id}`)
}
