import type { Request, Response } from 'express'
import { Conflict, Refused } from '../errors.ts'
import { money, ZERO } from '../ledger/money.ts'
import { context } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import { moneyText } from '../web/format.ts'
import { goTo } from '../web/view.ts'
import { asSeen } from './as-seen.ts'
import { typedOf } from './criteria-view.ts'
import { prepareSoon, registerSoon } from './prepare.ts'
import { asksForChanged, demand, hashOf, mustBe } from './screen-input.ts'
import { type Shown, showScreen, staleOf } from './screen-view.ts'
import type { Frame } from './screens.ts'
import { cancelRun, goRun, mustFind, prepareAgain, prepareChangedAgain } from './service.ts'
import type { RunRow } from './store.ts'

/** GO: posts the preview whose hash the form carries. A second press, in another tab or by another clerk, posts nothing. */
export async function go(frame: Frame, req: Request, res: Response): Promise<void> {
  const run = await mustBe(frame, req)
  const { deps } = frame
  const { actor, db } = context(res)
  if (run.state === 'posted' || run.state === 'reversed') return alreadyPosted(req, res, run)
  try {
    const posted = await asSeen(db, deps.databases.private, await goRun(db, run.id, hashOf(req), actor.id))
    await registerSoon(deps, frame.registry, run.id)
    const fees = money(posted.fees).eq(ZERO) ? '' : ` and fees of ${moneyText(posted.fees)}`
    flash(
      req,
      `Posted: ${posted.count} ${posted.count === 1 ? 'account' : 'accounts'}, ${moneyText(posted.total)}${fees}.`,
    )
    goTo(req, res, `/runs/${run.id}${asksForPrint(run) ? '/print' : ''}`)
  } catch (error) {
    await notPosted(frame, req, res, run, error)
  }
}

/** A routine whose options hold `print` opens the printed list of what it posted ([000], 000-011). */
const asksForPrint = ({ options }: RunRow): boolean => (options as { print?: boolean }).print === true

/** Somebody was faster, accounts changed, or it is refused: nothing was posted by this press. */
async function notPosted(frame: Frame, req: Request, res: Response, run: RunRow, error: unknown): Promise<void> {
  if (!(error instanceof Conflict) && !(error instanceof Refused)) throw error
  const now = await mustFind(frame.deps.databases.private, run.id)
  if (now.state === 'posted' || now.state === 'reversed') return alreadyPosted(req, res, now)
  const shown: Shown = { options: run.options as object, criteria: typedOf(run.criteria), run: now }
  shown.stale = await staleOf(context(res).db, run.id, error)
  return showScreen(frame, req, res, shown, error.status)
}

function alreadyPosted(req: Request, res: Response, run: RunRow): void {
  flash(req, `This run is posted already, by ${run.postedByName ?? 'someone else'}. Nothing was posted twice.`, 'info')
  goTo(req, res, `/runs/${run.id}`)
}

/** Prepares the same run anew, with its options and criteria: where the form says so, only the accounts that changed. */
export async function again(frame: Frame, req: Request, res: Response): Promise<void> {
  const run = await mustBe(frame, req)
  demand(frame.kind, run.options, context(res))
  const db = frame.deps.databases.private
  if (asksForChanged(req)) await prepareChangedAgain(db, frame.registry, run.id)
  else await prepareAgain(db, run.id)
  try {
    await prepareSoon(frame.deps, frame.registry, run.id)
  } catch (error) {
    // the run says it itself, on the page that comes next
    if (!(error instanceof Refused)) throw error
  }
  goTo(req, res, `${frame.kind.path}?run=${run.id}`)
}

/** Throws the preview away. */
export async function cancel(frame: Frame, req: Request, res: Response): Promise<void> {
  const run = await mustBe(frame, req)
  await cancelRun(frame.deps.databases.private, run.id, context(res).actor.id)
  flash(req, `The preview of run ${run.number} was thrown away. Nothing was posted.`, 'info')
  goTo(req, res, `/runs/${run.id}`)
}
