import type { Request, Response } from 'express'
import { recordEvent } from '../audit/service.ts'
import { ipOf } from '../web/context.ts'
import type { Deps } from '../web/deps.ts'
import type { Feature } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { takeCode } from './factor.ts'
import { signInCodeForm } from './factor-forms.ts'
import { tooManyTries } from './proof.ts'
import { findUser, type UserRow } from './store.ts'
import { enter, succeeded } from './throttle.ts'
import { regenerate } from './web-session.ts'

const MINUTES = 5
const DOOR = { layout: 'layouts/door.njk' }

declare module 'express-session' {
  interface SessionData {
    /** Whose password was right, a moment ago, in this browser. */
    secondStep?: { userId: number; returnTo: string; until: number }
  }
}

/** The second step of signing in: the code. */
export const secondStep = (pages: Feature, deps: Deps): Feature =>
  pages.get('/sign-in/code', 'anyone', show).post('/sign-in/code', 'anyone', take(deps))

/** The password was right. Nobody is signed in yet: this browser, under a new number, may show the code within five minutes. */
export async function askForCode(req: Request, res: Response, userId: number, returnTo: string): Promise<void> {
  await regenerate(req)
  req.session.secondStep = { userId, returnTo, until: Date.now() + MINUTES * 60_000 }
  await new Promise<void>((done, fail) => req.session.save((error: unknown) => (error ? fail(error as Error) : done())))
  goTo(req, res, '/sign-in/code')
}

function waiting(req: Request) {
  const step = req.session.secondStep
  return step && step.until > Date.now() ? step : undefined
}

function show(req: Request, res: Response) {
  if (!waiting(req)) return goTo(req, res, '/sign-in')
  page(req, res, signInCodeForm.show())
}

const page = (req: Request, res: Response, form: object, status = 200) =>
  view(req, res, 'auth/sign-in-code', { title: 'Sign in', form }, { ...DOOR, status })

const take = (deps: Deps) => async (req: Request, res: Response) => {
  const step = waiting(req)
  const user = step && (await findUser(deps.databases.app, step.userId))
  if (!step || !user || user.disabledAt) return goTo(req, res, '/sign-in')
  const parsed = signInCodeForm.parse(req.body)
  if (!parsed.ok) return page(req, res, parsed.view, 422)
  const refused = await refusal(deps, user, parsed.data.code, ipOf(req))
  if (refused) return page(req, res, signInCodeForm.show({}, { code: refused.says }), refused.status)
  await deps.sessions.signIn(req, res, user.id, true)
  goTo(req, res, step.returnTo)
}

async function refusal(deps: Deps, user: UserRow, code: string, address: string) {
  const db = deps.databases.app
  const entered = await enter(db, user.name, address)
  if (!('attempt' in entered)) return { says: tooManyTries(entered.wait), status: 429 }
  const right = await takeCode(db, user, code)
  const action = right ? 'sign-in' : 'second factor failed'
  await recordEvent(db, { actor: user.id, action, subject: 'user', subjectKey: user.name, address })
  if (!right) return { says: 'That code is wrong, too old, or was used already. Wait for the next one.', status: 422 }
  await succeeded(db, entered.attempt)
  return undefined
}
