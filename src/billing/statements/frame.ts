import type { Request, Response } from 'express'
import { context } from '../../web/context.ts'
import { param } from '../../web/routes.ts'
import { mustBeStatement, type StatementRow } from './service.ts'

export const base = (number: string): string => `/accounts/${encodeURIComponent(number)}/statements`
export const historyOf = (number: string): string => `/panel/${encodeURIComponent(number)}/history`
export const hrefOf = ({ account, number }: Pick<StatementRow, 'account' | 'number'>): string =>
  `${base(account)}/${encodeURIComponent(number)}`

export const crumbs = (number: string) => [
  { label: 'Account Control Panel', href: '/panel' },
  { label: `${number} History`, href: historyOf(number) },
]

/** The statement that the address names. */
export const asked = (req: Request, res: Response): Promise<StatementRow> =>
  mustBeStatement(context(res).db, param(req, 'number'), param(req, 'statement'))
