import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express'
import type { Logger } from 'pino'
import { databaseFault } from '../db/db.ts'
import { BadRequest, Conflict, Forbidden, NotFound, Refused } from '../errors.ts'
import { goTo, view } from './view.ts'

/** Nobody is signed in, or no longer: answered by the way to the sign-in page, never by a page inside a table. */
export class SignInNeeded extends Error {
  readonly status = 401
  constructor() {
    super('Sign in first')
    this.name = 'SignInNeeded'
  }
}

/** The town demands a second factor and this person has none yet: answered by the way to the page that sets one up. */
export class FactorNeeded extends Error {
  readonly status = 403
  constructor() {
    super('Set up your second factor first')
    this.name = 'FactorNeeded'
  }
}

/** What an error becomes for the person: never a path, a statement or a stack (S-51). */
export interface Answer {
  status: number
  title: string
  detail: string
  /** Members of the JSON answer besides. */
  more?: Record<string, unknown>
}

const UNAVAILABLE = /^(08...|57P0.|53300|CONNECT_TIMEOUT|CONNECTION_.*|ECONNREFUSED|ECONNRESET|ENOTFOUND)$/

const FAULT: Answer = {
  status: 500,
  title: 'Something went wrong here',
  detail: 'Nothing was saved. Try again; if it happens again, tell whoever looks after this system the number below.',
}

/** The plain words for an error. Anything not foreseen is a 500. */
export function answerTo(error: unknown): Answer {
  if (error instanceof NotFound) return { status: 404, title: 'Not found', detail: `${error.message}.` }
  if (error instanceof Forbidden) return forbidden(error)
  if (error instanceof Refused) return refused(error)
  if (error instanceof Conflict) return conflict(error)
  if (error instanceof BadRequest) return { status: 400, title: 'Not understood', detail: `${error.message}.` }
  return ofTheDatabase(error) ?? ofTheRequest(error) ?? FAULT
}

function forbidden(error: Forbidden): Answer {
  if (error.action === 'form.token') {
    const detail = 'This form is too old, or it came from another site. Go back, reload the page and try again.'
    return { status: 403, title: 'This form cannot be used any more', detail }
  }
  const detail = `Your role does not allow this (${error.action}). An administrator can change what you may do.`
  return { status: 403, title: 'Not allowed', detail }
}

function refused(error: Refused): Answer {
  const answer: Answer = { status: 422, title: 'Refused', detail: error.message }
  return error.detail && typeof error.detail === 'object' ? { ...answer, more: { errors: error.detail } } : answer
}

function conflict(error: Conflict): Answer {
  const answer: Answer = { status: 409, title: 'Changed in the meantime', detail: error.message }
  return error.detail && typeof error.detail === 'object' ? { ...answer, more: { ...error.detail } } : answer
}

function ofTheDatabase(error: unknown): Answer | undefined {
  const code = databaseFault(error)?.code ?? causeCode(error)
  if (code === '57014') {
    const detail = 'The question took too long and was stopped. Nothing was saved. Ask for less at once.'
    return { status: 503, title: 'That took too long', detail }
  }
  if (code === undefined || !UNAVAILABLE.test(code)) return undefined
  const detail = 'The database does not answer. Nothing was saved. Try again in a minute.'
  return { status: 503, title: 'Not available', detail }
}

function causeCode(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code = (cause as Error & { code?: unknown }).code
    if (typeof code === 'string') return code
  }
  return undefined
}

/** What Express and the body reader refuse: malformed addresses, bodies that are too large. */
function ofTheRequest(error: unknown): Answer | undefined {
  const status = error instanceof Error ? (error as Error & { status?: unknown }).status : undefined
  if (status === 413) return { status, title: 'Too large', detail: 'What was sent is larger than this form takes.' }
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return { status: 400, title: 'Not understood', detail: 'The request cannot be read.' }
  }
  return undefined
}

export const isApi = (req: Request): boolean => req.path.startsWith('/api/') || req.path === '/api'

export const notFound: RequestHandler = () => {
  throw new NotFound('page')
}

interface Hooks {
  log: Logger
  /** Records that somebody was kept out. */
  denied(req: Request, res: Response, action: string): Promise<void>
  /** Keeps what was sent when the session had just ended; where it waits after signing in (S-13). */
  keepDraft(req: Request, res: Response): Promise<string | undefined>
}

/** The one place that answers errors. 5xx carry an id that the log carries too. */
export function errorHandler(hooks: Hooks): ErrorRequestHandler {
  return async (error, req, res, next) => {
    if (res.headersSent) return next(error)
    if (error instanceof SignInNeeded) return signInFirst(req, res, await hooks.keepDraft(req, res))
    if (error instanceof FactorNeeded) return goTo(req, res, '/me/second-factor')
    const answer = answerTo(error)
    const id = answer.status >= 500 ? String(req.id) : ''
    if (id) hooks.log.error({ err: error, id }, 'request failed')
    if (error instanceof Forbidden)
      await hooks.denied(req, res, error.action).catch((fault) => hooks.log.error({ err: fault }))
    if (isApi(req)) return problem(res, answer, id)
    try {
      view(req, res, 'errors/error', { title: answer.title, detail: answer.detail, id }, frame(res, answer.status))
    } catch (fault) {
      hooks.log.error({ err: fault }, 'the error page failed')
      res.status(answer.status).type('text').send(`${answer.title}. ${answer.detail}`)
    }
  }
}

const frame = (res: Response, status: number) =>
  res.locals.context ? { status } : { status, layout: 'layouts/door.njk' }

function problem(res: Response, answer: Answer, id: string): void {
  const { status, title, detail, more } = answer
  res.status(status).type('application/problem+json')
  res.send(JSON.stringify({ title, status, detail, ...more, ...(id ? { id } : {}) }))
}

function signInFirst(req: Request, res: Response, draft: string | undefined): void {
  if (isApi(req)) {
    res.set('WWW-Authenticate', 'Bearer')
    problem(res, NO_TOKEN, '')
  } else if (req.get('HX-Request') === 'true') {
    const shown = URL.parse(req.get('HX-Current-URL') ?? '')
    const url = signInUrl(draft ?? (shown ? shown.pathname + shown.search : '/'))
    res.set('HX-Redirect', url).status(401).end()
  } else res.redirect(303, signInUrl(draft ?? (req.method === 'GET' ? req.originalUrl : '/')))
}

const NO_TOKEN: Answer = {
  status: 401,
  title: 'Sign in first',
  detail: 'Send a valid token: Authorization: Bearer <token>.',
}

const signInUrl = (url: string): string => (url === '/' ? '/sign-in' : `/sign-in?returnTo=${encodeURIComponent(url)}`)
