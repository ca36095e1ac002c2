import type { Request, Response } from 'express'
import { context } from '../web/context.ts'
import { queryText } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { accountAt, firstAccount } from './lookup-store.ts'
import { lookup } from './service.ts'
import type { Screen } from './tab.ts'

/** One box for whatever the caller says; the only hit of a whole number or a full answer opens at once. */
export const lookupPage = (screen: Screen) => async (req: Request, res: Response) => {
  const { db } = context(res)
  const q = queryText(req)
  const live = req.query.live !== undefined
  const there = req.query.as === 'location' ? await accountAt(db, q) : ''
  if (there) return goTo(req, res, `${screen.path}/${encodeURIComponent(there)}`)
  const [list, firstNumber] = await Promise.all([lookup(db, q), live ? '' : firstAccount(db)])
  const certain = list.find((found) => found.accountNumber === q) ?? (list.length === 1 ? list[0] : undefined)
  if (certain && !live) return goTo(req, res, `${screen.path}/${encodeURIComponent(certain.accountNumber)}`)
  view(req, res, screen.start, { title: screen.title, screen, q, list, firstNumber }, { block: 'found' })
}
