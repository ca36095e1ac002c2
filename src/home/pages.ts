import type { Express, Request, Response } from 'express'
import { lookup } from '../accounts/service.ts'
import type { Db } from '../db/db.ts'
import { NotFound } from '../errors.ts'
import { type Check, checkLedger, isClean, lastProof } from '../ledger/check.ts'
import { RUN_KINDS } from '../run-kinds.ts'
import { titleOf } from '../runs/present.ts'
import { type Context, context } from '../web/context.ts'
import type { Deps, FeatureMaker } from '../web/deps.ts'
import type { Menu } from '../web/menu.ts'
import { feature, param, routesOf } from '../web/routes.ts'
import { menusOf } from '../web/shell.ts'
import type { TownFacts } from '../web/town.ts'
import { goTo, view } from '../web/view.ts'
import { findScreens, worklists } from './present.ts'
import * as store from './store.ts'

/** The first page, the go-to box, and the list of a menu's screens. */
export const pages: FeatureMaker = (deps) =>
  feature('home')
    .get('/', 'signed-in', home)
    .get('/go', 'signed-in', go)
    .get('/go/suggestions', 'signed-in', suggestions)
    .get('/menu/:name', 'signed-in', menu)
    .post('/proof', 'proof.view', prove(deps))

async function home(req: Request, res: Response) {
  const { db, may } = context(res)
  const [runs, held, lists, last] = await Promise.all([
    may('runs.view') ? store.listOpenRuns(db) : [],
    may('proof.view') ? store.heldBack(db) : [],
    worklists(db, may, menusFor(req, res)),
    may('proof.view') ? lastProof(db) : undefined,
  ])
  const named = runs.map((run) => ({
    ...run,
    title: titleOf(
      RUN_KINDS.list.find(({ kind }) => kind === run.kind),
      run.kind,
    ),
  }))
  const proof = last ? await asSeen(db, last.checks) : null
  const shown = { proof, clean: isClean(last?.checks ?? []), at: last?.at ?? null }
  const factorOff = may('users.manage') && (res.locals.town as TownFacts).secondFactor === 'offered'
  const data = { title: 'Home', runs: named, held, lists, factorOff, ...shown, ...frame(req, res) }
  view(req, res, 'home/home', data)
}

const frame = (req: Request, res: Response) => ({
  mayProve: context(res).may('proof.view'),
  mayRuns: context(res).may('runs.view'),
  linkAccounts: hasRoute(req, '/accounts/:number'),
  linkRuns: hasRoute(req, '/runs/:id'),
  timezone: (res.locals.town as TownFacts).timezone,
})

const hasRoute = (req: Request, path: string): boolean =>
  routesOf(req.app as Express).some((route) => route.method === 'get' && route.path === path)

const menusFor = (req: Request, res: Response) => menusOf(req, context(res).actor.role)

/** Runs of all routines stand on the first page and in no menu (product.md 2); they are found by name all the same. */
const screensFor = (req: Request, res: Response): Menu[] => {
  const { mayRuns, linkRuns } = frame(req, res)
  const own = { name: 'Home', href: '/', items: [{ label: 'Runs', href: '/runs' }], long: false }
  return mayRuns && linkRuns ? [...menusFor(req, res), own] : menusFor(req, res)
}

/** Proves the ledger now. */
const prove = (deps: Deps) => async (req: Request, res: Response) => {
  const { db } = context(res)
  const checks = await checkLedger(deps.databases.private)
  const at = new Date().toISOString()
  const shown = { proof: await asSeen(db, checks), clean: isClean(checks), at }
  const data = { title: 'Proof of the ledger', ...shown, held: [], ...frame(req, res) }
  view(req, res, 'home/proof', data, { block: 'proof' })
}

/** The accounts named are those this person may see; the counts are whole (product.md 3.20). */
async function asSeen(db: Db, checks: Check[]): Promise<Check[]> {
  const seen = new Set(await store.visibleAccounts(db, [...new Set(checks.flatMap((check) => check.accounts))]))
  return checks.map((check) => ({ ...check, accounts: check.accounts.filter((number) => seen.has(number)) }))
}

const typed = (req: Request): string => {
  const { q } = req.query
  return typeof q === 'string' ? q.normalize('NFC').trim().slice(0, 100) : ''
}

const accountsFor = async (ctx: Context, query: string, limit: number) =>
  ctx.may('customers.view') ? (await lookup(ctx.db, query)).slice(0, limit) : []

/** One hit opens at once; several are listed. */
async function go(req: Request, res: Response) {
  const query = typed(req)
  const screens = findScreens(screensFor(req, res), query)
  const exact = screens.find((screen) => screen.label.toLowerCase() === query.toLowerCase())
  if (exact) return goTo(req, res, exact.href)
  const accounts = await accountsFor(context(res), query, 50)
  const data = frame(req, res)
  const [only] = accounts
  const certain = accounts.length === 1 || only?.accountNumber === query
  if (only && certain && data.linkAccounts) return goTo(req, res, `/accounts/${encodeURIComponent(only.accountNumber)}`)
  view(req, res, 'home/found', { title: 'Look up', query, screens, accounts, ...data })
}

async function suggestions(req: Request, res: Response) {
  const query = typed(req)
  const screens = findScreens(screensFor(req, res), query).slice(0, 5)
  const accounts = query.length < 2 ? [] : await accountsFor(context(res), query, 8)
  const data = { title: 'Look up', query, screens, accounts, ...frame(req, res) }
  view(req, res, 'home/suggestions', data, { block: 'suggestions' })
}

function menu(req: Request, res: Response) {
  const href = `/menu/${param(req, 'name')}`
  const found = menusFor(req, res).find((each) => each.href === href)
  if (!found) throw new NotFound('menu')
  view(req, res, 'home/menu', { title: found.name, menu: found })
}
