import type { Request, Response } from 'express'
import { Conflict, NotFound, Refused } from '../errors.ts'
import { money, sum, text } from '../ledger/money.ts'
import { asSeen } from '../runs/as-seen.ts'
import type { RunKind } from '../runs/kind.ts'
import { prepareSoon, registerSoon } from '../runs/prepare.ts'
import { makeRegistry } from '../runs/registry.ts'
import { cancelRun, goRun, mustFind, prepareAgain, type RunRow } from '../runs/service.ts'
import { OPEN } from '../runs/states.ts'
import { context } from '../web/context.ts'
import type { Deps, FeatureMaker } from '../web/deps.ts'
import { flash } from '../web/flash.ts'
import { moneyText } from '../web/format.ts'
import { feature, idParam } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { entryNeeds, paymentBatch } from './batch.ts'
import { batchRow, closedBatches, type EntryRow, entriesOf, entryTypes, openBatches } from './batch-store.ts'
import { demandRight } from './door.ts'
import { postsByBatch } from './unposted.ts'

const PATH = paymentBatch.path
const REGISTRY = makeRegistry([paymentBatch as RunKind])

/** Payments > Batches and drawer: what waits to be posted, batch by batch, and GO. */
export const batches: FeatureMaker = (deps) => {
  const handler = (handle: (deps: Deps, req: Request, res: Response) => unknown) => (req: Request, res: Response) =>
    handle(deps, req, res)
  return feature('payment batches')
    .get(PATH, 'payments.batch', list, { menu: 'Payments > Batches and drawer' })
    .get(`${PATH}/:run`, 'payments.batch', handler(show))
    .post(`${PATH}/preview`, 'payments.batch', handler(preview))
    .post(`${PATH}/again`, 'payments.batch', handler(preview))
    .post(`${PATH}/go`, 'payments.batch', handler(go))
    .post(`${PATH}/cancel`, 'payments.batch', handler(cancel))
}

async function list(req: Request, res: Response): Promise<void> {
  const { db } = context(res)
  if (typeof req.query.run === 'string') return goTo(req, res, `${PATH}/${encodeURIComponent(req.query.run)}`)
  const [open, closed, byBatch] = await Promise.all([openBatches(db), closedBatches(db, 20), postsByBatch({ db })])
  view(req, res, 'payments/batches', { title: 'Batches and drawer', open, closed, byBatch })
}

async function show(deps: Deps, req: Request, res: Response): Promise<void> {
  const run = await mustFind(deps.databases.private, idParam(req, 'run', 'batch'))
  if (run.kind !== paymentBatch.kind) throw new NotFound('batch')
  if (!OPEN.includes(run.state)) return goTo(req, res, `/runs/${run.id}`)
  return render(deps, req, res, run)
}

async function render(deps: Deps, req: Request, res: Response, given: RunRow, refused?: Conflict | Refused) {
  const { db, may } = context(res)
  const [entries, batch] = await Promise.all([entriesOf(db, given.id), batchRow(db, given.id)])
  const types = await entryTypes(deps.databases.private, given.id)
  const run = await asSeen(db, deps.databases.private, given)
  const data = {
    title: `Batch ${run.number}`,
    crumbs: [{ label: 'Batches and drawer', href: PATH }],
    ...{ run, batch, tenders: tendersOf(entries), action: PATH },
    entries: entries.map((entry) => ({ ...entry, mayDelete: may(entryNeeds(entry.type)) })),
    mayPost: types.every((type) => may(entryNeeds(type))),
    total: text(sum(entries.map(({ amount }) => money(amount)))),
    refused: refused?.message ?? '',
    stale: refused instanceof Conflict,
  }
  view(req, res, 'payments/batch', data, { status: refused?.status ?? 200 })
}

/** The drawer: what was received, by method. */
function tendersOf(entries: EntryRow[]) {
  const received = Map.groupBy(
    entries.filter(({ type }) => type === 'Pmt'),
    ({ methodName, method }) => methodName ?? method ?? '',
  )
  return [...received].map(([name, list]) => ({
    name,
    count: list.length,
    total: text(sum(list.map(({ amount }) => money(amount))).times('-1')),
  }))
}

async function named(deps: Deps, req: Request): Promise<RunRow> {
  const { run: id = '' } = req.body as { run?: string }
  const run = await mustFind(deps.databases.private, /^[1-9]\d{0,8}$/.test(id) ? Number(id) : 0)
  if (run.kind !== paymentBatch.kind) throw new NotFound('batch')
  return run
}

/** The batch named, to preview or post: whoever may not enter a row of it may do neither. */
async function toPost(deps: Deps, req: Request, res: Response): Promise<RunRow> {
  const run = await named(deps, req)
  for (const type of await entryTypes(deps.databases.private, run.id)) demandRight(context(res), entryNeeds(type))
  return run
}

/** Decides every row anew; what cannot be posted is said, and the batch stays as it is. */
async function preview(deps: Deps, req: Request, res: Response): Promise<void> {
  const run = await toPost(deps, req, res)
  const all = deps.databases.private
  if (run.state !== 'preparing') await prepareAgain(all, run.id)
  try {
    await prepareSoon(deps, REGISTRY, run.id)
  } catch (error) {
    // the batch says it itself, on the page that comes next
    if (!(error instanceof Refused)) throw error
  }
  goTo(req, res, `${PATH}/${run.id}`)
}

async function go(deps: Deps, req: Request, res: Response): Promise<void> {
  const run = await toPost(deps, req, res)
  const { db, actor } = context(res)
  const { hash = '' } = req.body as { hash?: string }
  if (!OPEN.includes(run.state)) return goTo(req, res, `/runs/${run.id}`)
  try {
    const posted = await asSeen(db, deps.databases.private, await goRun(db, run.id, hash, actor.id))
    await registerSoon(deps, REGISTRY, run.id)
    flash(req, `Posted: ${posted.count} ${posted.count === 1 ? 'account' : 'accounts'}, ${moneyText(posted.total)}.`)
    goTo(req, res, `/runs/${run.id}`)
  } catch (error) {
    if (!(error instanceof Conflict) && !(error instanceof Refused)) throw error
    await render(deps, req, res, await mustFind(deps.databases.private, run.id), error)
  }
}

/** Only an empty batch is thrown away: receipts were given for its rows. */
async function cancel(deps: Deps, req: Request, res: Response): Promise<void> {
  const run = await named(deps, req)
  const all = deps.databases.private
  if ((await entriesOf(all, run.id)).length > 0) {
    const refused = new Refused('batch_has_rows', 'There are rows in this batch. Post them or take them out first.')
    return render(deps, req, res, run, refused)
  }
  await cancelRun(all, run.id, context(res).actor.id)
  flash(req, `Batch ${run.number} is thrown away. Nothing was in it.`, 'info')
  goTo(req, res, PATH)
}
