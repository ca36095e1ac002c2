import type { Request, Response } from 'express'
import { NotFound } from '../errors.ts'
import { haveKeys } from '../secrets/keys.ts'
import { context } from '../web/context.ts'
import type { Deps } from '../web/deps.ts'
import { flash } from '../web/flash.ts'
import { refusedErrors } from '../web/refused.ts'
import type { Feature } from '../web/routes.ts'
import type { TownFacts } from '../web/town.ts'
import { goTo, type ViewOptions, view } from '../web/view.ts'
import * as factor from './factor.ts'
import { confirmForm, proofForm } from './factor-forms.ts'
import { proveIdentity } from './proof.ts'
import { factorDemanded } from './rules.ts'
import type { Login } from './session.ts'
import { protectedField } from './step-up.ts'
import { inGroups, qrImage, seedAddress } from './totp.ts'

const HERE = '/me/second-factor'
const KEY = `${HERE}/key`
const CRUMBS = [{ label: 'Your account', href: '/me' }]
const FREE = { withoutFactor: true }

/** What people do to their own second factor: set it up, see its key again, new recovery codes, remove it. */
export const factorPages = (pages: Feature, deps: Deps): Feature =>
  protectedField(
    pages
      .get(HERE, 'signed-in', (req, res) => show(deps, req, res), FREE)
      .post(HERE, 'signed-in', proven(deps, start), FREE)
      .get(`${HERE}/qr.svg`, 'signed-in', image(deps), FREE)
      .post(`${HERE}/confirmation`, 'signed-in', confirm(deps), FREE)
      .post(`${HERE}/codes`, 'signed-in', proven(deps, newCodes))
      .post(`${HERE}/removal`, 'signed-in', proven(deps, remove)),
    deps,
    {
      label: 'Key of your authenticator app',
      path: KEY,
      need: 'signed-in',
      subject: 'user',
      field: 'totp',
      find: (_req, res) => ownKey(deps, res),
      read: async (_record, _req, res) => inGroups(await factor.seedInForce(deps.databases.app, context(res).actor)),
    },
  )

async function ownKey(deps: Deps, res: Response) {
  const { actor } = context(res)
  const has = await factor.hasFactor(deps.databases.app, actor.id)
  return { key: actor.name, title: actor.name, mask: has ? MASK : '', back: HERE }
}
const MASK = '•••• •••• ••••'

interface Shown {
  proof?: object
  confirm?: object
  /** Recovery codes just made: shown this once. */
  codes?: string[]
}

async function show(deps: Deps, req: Request, res: Response, shown: Shown = {}, options: ViewOptions = {}) {
  const { actor } = context(res)
  const db = deps.databases.app
  const has = await factor.hasFactor(db, actor.id)
  const seed = has ? undefined : await factor.newSeedOf(db, actor)
  const data = {
    title: 'Second factor',
    crumbs: CRUMBS,
    state: has ? 'on' : seed ? 'waiting' : 'none',
    possible: haveKeys(),
    demanded: factorDemanded((res.locals.town as TownFacts).secondFactor, actor.role),
    key: seed ? inGroups(seed) : '',
    left: has ? await factor.recoveryCodesLeft(db, actor.id) : 0,
    proof: shown.proof ?? proofForm.show(),
    confirm: shown.confirm ?? confirmForm.show(),
    codes: shown.codes ?? [],
    reveal: { href: KEY, mask: MASK },
  }
  view(req, res, 'auth/second-factor', data, options)
}

type Work = (deps: Deps, req: Request, res: Response) => Promise<unknown>

/** Does it when password and, where there is one, second factor are shown within the request (S-8). */
const proven = (deps: Deps, work: Work) => async (req: Request, res: Response) => {
  const { actor, address } = context(res)
  const again = (proof: object) => show(deps, req, res, { proof }, { status: 422 })
  const parsed = proofForm.parse(req.body)
  if (!parsed.ok) return again(parsed.view)
  try {
    await proveIdentity(deps.databases.app, actor.id, parsed.data, address)
    await work(deps, req, res)
  } catch (error) {
    await again(proofForm.show({}, refusedErrors(error)))
  }
}

const loginOf = (res: Response): string => (res.locals.login as Login).id

const start: Work = async (deps, req, res) => {
  await factor.startFactor(deps.databases.app, context(res).actor)
  goTo(req, res, HERE)
}

const newCodes: Work = async (deps, req, res) => {
  const { actor } = context(res)
  if (!(await factor.hasFactor(deps.databases.app, actor.id))) throw new NotFound('second factor')
  await show(deps, req, res, { codes: await factor.makeRecoveryCodes(deps.databases.app, actor) }, { status: 201 })
}

const remove: Work = async (deps, req, res) => {
  await factor.removeFactor(deps.databases.app, context(res).actor, loginOf(res))
  flash(req, 'Your second factor is removed. Your other sessions have ended.')
  goTo(req, res, '/me')
}

const image = (deps: Deps) => async (_req: Request, res: Response) => {
  const { actor } = context(res)
  const seed = await factor.newSeedOf(deps.databases.app, actor)
  if (seed === undefined) throw new NotFound('page')
  const issuer = `Clerkwell ${(res.locals.town as TownFacts).name}`
  res.type('svg').send(await qrImage(seedAddress(issuer, actor.name, seed)))
}

const confirm = (deps: Deps) => async (req: Request, res: Response) => {
  const parsed = confirmForm.parse(req.body)
  const again = (form: object) => show(deps, req, res, { confirm: form }, { status: 422 })
  if (!parsed.ok) return again(parsed.view)
  try {
    const code = parsed.data.code.replace(/\s/g, '')
    const codes = await factor.confirmFactor(deps.databases.app, context(res).actor, code, loginOf(res))
    await show(deps, req, res, { codes }, { status: 201 })
  } catch (error) {
    await again(confirmForm.show({}, refusedErrors(error)))
  }
}
