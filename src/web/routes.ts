import { type Express, type Request, type Response, Router } from 'express'
import { checkForgery } from '../auth/csrf.ts'
import { isPermission, type Permission } from '../auth/permissions.ts'
import type { Question } from '../db/db.ts'
import { Forbidden, NotFound } from '../errors.ts'
import { arrive } from './arrive.ts'
import { readForm, refuseRepeats } from './body.ts'
import type { Context } from './context.ts'
import { FactorNeeded, SignInNeeded } from './errors.ts'

/** Who may: a permission, anyone who is signed in, or anyone at all. */
export type Need = Permission | 'signed-in' | 'anyone'
type Method = 'get' | 'post' | 'put' | 'delete'
type Handler = (req: Request, res: Response) => unknown

export interface RouteOptions {
  /** Where the screen stands in the menus, as 'Organization > Services' (names: web/menu.ts). Only for GET. */
  menu?: string
  /** Polling: does not count as activity, so an idle session still ends (S-10). */
  passive?: boolean
  /** Fields that may be sent more than once (boxes that share a name); true = any. */
  repeats?: readonly string[] | true
  /** Also for somebody who still has to set up the second factor that the town demands. */
  withoutFactor?: boolean
  /** Takes files: read them with `upload(res, name)`. */
  upload?: boolean
  /**
   * What the page asks of the database, asked in one statement with who is signed in: one wait instead of two. It
   * changes nothing. The handler gets it from `askedAlong(res)`, and only if it was asked as who is signed in. For GET.
   */
  asks?: (req: Request, context: Context) => Question
}

export interface Route extends RouteOptions {
  method: Method
  path: string
  need: Need
  feature: string
}

/**
 * The routes of one feature. Each line says who may; a line that does not, or names a permission that does not exist,
 * stops the application from starting (S-33).
 */
export class Feature {
  readonly name: string
  /** Pages answer HTML to a signed-in browser; an api answers JSON to a bearer of a token. */
  readonly kind: 'pages' | 'api'
  readonly routes: Route[] = []
  readonly router = Router()

  constructor(name: string, kind: 'pages' | 'api') {
    this.name = name
    this.kind = kind
  }

  get(path: string, need: Need, handler: Handler, options: RouteOptions = {}): this {
    return this.add('get', path, need, handler, options)
  }

  post(path: string, need: Need, handler: Handler, options: RouteOptions = {}): this {
    return this.add('post', path, need, handler, options)
  }

  put(path: string, need: Need, handler: Handler): this {
    return this.add('put', path, need, handler, {})
  }

  delete(path: string, need: Need, handler: Handler): this {
    return this.add('delete', path, need, handler, {})
  }

  private add(method: Method, path: string, need: Need, handler: Handler, options: RouteOptions): this {
    if (!isNeed(need)) throw new Error(`${this.name}: ${method} ${path} does not say who may (${String(need)})`)
    if (typeof handler !== 'function') throw new Error(`${this.name}: ${method} ${path} has no handler`)
    const route: Route = { ...options, method, path, need, feature: this.name }
    this.routes.push(route)
    const enter = this.kind === 'pages' ? enterPage : enterCall
    this.router[method](path, async (req, res) => {
      await enter(route, req, res)
      await handler(req, res)
    })
    return this
  }
}

/** `const pages = feature('payments')`, then `pages.get('/payments', 'payments.view', handler)`. */
export const feature = (name: string): Feature => new Feature(name, 'pages')
export const apiFeature = (name: string): Feature => new Feature(name, 'api')

const isNeed = (need: unknown): boolean =>
  need === 'anyone' || need === 'signed-in' || (typeof need === 'string' && isPermission(need))

/** Adds a feature to the application. Takes nothing but a Feature: a bare router would be routes without a right. */
export function mount(app: Express, added: Feature): void {
  if (!(added instanceof Feature)) throw new Error('Only a Feature is mounted: its routes say who may use them')
  routesOf(app).push(...added.routes)
  const roots = new Set(added.routes.map(({ path }) => rootOf(path)))
  if ([...roots].some((root) => /[:*{]/.test(root)))
    throw new Error(`${added.name}: an address begins with a fixed piece`)
  const rooms = roomsOf(app, added.kind)
  for (const root of roots) {
    const room = rooms.get(root) ?? Router()
    rooms.set(root, room.use(added.router))
  }
}

/** A router for each first piece of an address: a router tries its routes in turn, and few features have the one asked for. */
function roomsOf(app: Express, kind: string): Map<string, Router> {
  const known = app.locals[`rooms of ${kind}`] as Map<string, Router> | undefined
  if (known) return known
  const rooms = new Map<string, Router>()
  app.locals[`rooms of ${kind}`] = rooms
  app.use((req, res, next) => {
    const room = rooms.get(rootOf(req.path))
    if (room) room(req, res, next)
    else next()
  })
  return rooms
}

/** The first piece of an address, as the router compares it: upper and lower case are the same. */
const rootOf = (path: string): string => path.split('/', 2)[1]?.toLowerCase() ?? ''

/** Every route of an application with its right, for menus and for the test of roles × routes. */
export function routesOf(app: Express): Route[] {
  app.locals.routes ??= []
  return app.locals.routes as Route[]
}

async function enterPage(route: Route, req: Request, res: Response): Promise<void> {
  await arriveAtPage(route, req, res)
  admit(route, res)
  if (!route.passive) await (res.locals.touch as (() => Promise<void>) | undefined)?.()
  refuseRepeats(req.query, route.repeats)
  if (req.method === 'GET' || req.method === 'HEAD') return
  await readForm(req, res, route.upload ?? false)
  checkForgery(req)
  refuseRepeats(req.body as object, route.repeats)
}

async function arriveAtPage(route: Route, req: Request, res: Response): Promise<void> {
  let guess: { as: Context; question: Question } | undefined
  const row = await arrive(res, (as) => {
    const question = questionOf(route, req, as)
    guess = question && { as, question }
    return question
  })
  if (guess && row && samePerson(guess.as, res.locals.context as Context | undefined)) {
    res.locals.along = { question: guess.question, row }
  }
}

function questionOf({ asks, need }: Route, req: Request, as: Context): Question | undefined {
  if (!asks || lacking(need, as)) return undefined
  try {
    return asks(req, as)
  } catch {
    return undefined // an address that names nothing: the handler says so
  }
}

const samePerson = (a: Context, b: Context | undefined): boolean =>
  b !== undefined && a.actor.id === b.actor.id && a.actor.role === b.actor.role

interface Answered<Q> {
  question: Q
  /** The first row of the answer; its columns are null where there is none. */
  row: object
}

/** What the route's `asks` asked and was answered, as the person who is signed in; undefined when nothing was. */
export const askedAlong = <Q extends Question>(res: Response): Answered<Q> | undefined =>
  res.locals.along as Answered<Q> | undefined

function enterCall(route: Route, req: Request, res: Response): void {
  admit(route, res)
  refuseRepeats(req.query, route.repeats)
}

function admit(route: Route, res: Response): void {
  if (route.need === 'anyone') return
  const context = res.locals.context as Context | undefined
  if (!context) throw new SignInNeeded()
  if (res.locals.factorDue === true && !route.withoutFactor) throw new FactorNeeded()
  const missing = lacking(route.need, context)
  if (missing) throw new Forbidden(missing)
}

/** The permission that a route needs and this person does not have. */
const lacking = (need: Need, { may }: Context): Permission | undefined =>
  need === 'anyone' || need === 'signed-in' || may(need) ? undefined : need

/** A piece of the path, as text. */
export function param(req: Request, name: string): string {
  const value: unknown = req.params[name]
  if (typeof value !== 'string' || value === '' || value.length > 200 || value.includes('\0')) throw new NotFound(name)
  return value
}

/** What was typed into a search box of the address, as names are stored; at most 100 characters. */
export function queryText(req: Request, name = 'q'): string {
  const value: unknown = req.query[name]
  return typeof value === 'string' ? value.normalize('NFC').trim().slice(0, 100) : ''
}

/** A row's number from the path; anything else names nothing (404). */
export function idParam(req: Request, name = 'id', what = 'page'): number {
  const value = param(req, name)
  if (!/^[1-9]\d{0,8}$/.test(value)) throw new NotFound(what)
  return Number(value)
}
