import type { Request, Response } from 'express'
import { NotFound } from '../errors.ts'
import { context } from '../web/context.ts'
import { param } from '../web/routes.ts'
import { mustBeMovement } from './door.ts'
import type { Movement } from './movement-store.ts'

/** The History tab of an account: where the forms of its actions come from and lead back to. */
export const historyOf = (account: string): string => `/panel/${encodeURIComponent(account)}/history`

/** What every form of an action gets. */
export const frameOf = (account: string, title: string) => ({
  title,
  number: account,
  back: historyOf(account),
  crumbs: [
    { label: 'Account Control Panel', href: '/panel' },
    { label: `${account} History`, href: historyOf(account) },
  ],
})

/** The transaction of the address, of the account of the address. */
export async function askedMovement(req: Request, res: Response): Promise<Movement> {
  const found = await mustBeMovement(context(res), param(req, 'transaction'))
  if (found.account !== param(req, 'number')) throw new NotFound('transaction')
  return found
}

/** The address that a form posts to: the one it was opened at, without its query. */
export const formHref = (req: Request): string => req.path
