import type { Request, Response } from 'express'
import { tabPage } from '../accounts/inquiry.ts'
import { personOf, personRoute } from '../panel/person.ts'
import { PANEL } from '../panel/tabs.ts'
import { context } from '../web/context.ts'
import type { FeatureMaker } from '../web/deps.ts'
import { flash } from '../web/flash.ts'
import { feature } from '../web/routes.ts'
import { goTo } from '../web/view.ts'
import { offeredFor, refuseSwitchedOff, saveParticipation } from './participation.ts'
import { deferredChargesTab, type Offered, participationForm, ticks } from './tab.ts'

/** Customer and Owner > Deferred Charges: Save. */
export const pages: FeatureMaker = () => {
  const made = feature('deferred charges')
  personRoute(made, 'post', 'deferred-charges', 'customers.edit', save)
  return made
}

async function save(req: Request, res: Response): Promise<void> {
  const ctx = context(res)
  await refuseSwitchedOff(ctx.db)
  const person = await personOf(req, res)
  const offered = await offeredFor(ctx.db, person.id)
  const form = participationForm(offered)
  const parsed = form.parse(req.body)
  if (!parsed.ok) {
    const data = { participation: parsed.view }
    return tabPage(PANEL, deferredChargesTab[person.who], { data, status: 422 })(req, res)
  }
  const { seen, ...boxes } = parsed.data as Record<string, boolean> & { seen: string }
  await saveParticipation(ctx, person.id, changedBoxes(offered, boxes, seen as unknown as string))
  flash(req, `Saved. Deferred charges of ${person.number} ${person.name}.`)
  goTo(req, res, `${person.base}/deferred-charges`)
}

/** Only what this clerk changed: what somebody else ticked meanwhile stays. */
function changedBoxes(offered: readonly Offered[], boxes: Record<string, boolean>, seen: string): Map<number, boolean> {
  const before = seenTicks(seen) ?? ticks(offered)
  return new Map(
    offered.flatMap(({ id }): [number, boolean][] => {
      const now = boxes[`c${id}`] ?? false
      return now === (before[`c${id}`] ?? false) ? [] : [[id, now]]
    }),
  )
}

function seenTicks(written: string): Record<string, boolean> | undefined {
  try {
    const read: unknown = JSON.parse(written)
    return typeof read === 'object' && read !== null ? (read as Record<string, boolean>) : undefined
  } catch {
    return undefined
  }
}
