import type { Request, Response } from 'express'
import { beside, firstAt } from '../accounts/service.ts'
import { NotFound } from '../errors.ts'
import { context } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import { param } from '../web/routes.ts'
import { goTo } from '../web/view.ts'

const panelOf = (number: string): string => `/panel/${encodeURIComponent(number)}`

/** From the location that is open to the next or the previous one; at the end one stays and is told [001-045]. */
export const stepLocation = (after: boolean) => async (req: Request, res: Response) => {
  const number = param(req, 'number')
  const found = await beside(context(res).db, number, after)
  if (!found) flash(req, after ? 'This is the last location.' : 'This is the first location.')
  goTo(req, res, panelOf(found || number))
}

/** With nothing selected, the very first location [001-044]. */
export async function toFirstLocation(req: Request, res: Response): Promise<void> {
  const found = await firstAt(context(res).db)
  if (!found) throw new NotFound('location')
  goTo(req, res, panelOf(found))
}
