import { sql } from 'drizzle-orm'
import type { Request, Response } from 'express'
import { one } from '../db/db.ts'
import { NotFound } from '../errors.ts'
import { context } from '../web/context.ts'
import type { FeatureMaker } from '../web/deps.ts'
import { sendPdf } from '../web/download.ts'
import { feature, param } from '../web/routes.ts'
import type { TownFacts } from '../web/town.ts'
import { view } from '../web/view.ts'
import { historyCsv, historyPdf } from './print.ts'
import { wholeHistory } from './store.ts'

/** Printing an account's history; the tab itself stands among those of the panel (src/panel/tabs.ts). */
export const history: FeatureMaker = () =>
  feature('history')
    .get('/panel/:number/history/print', 'customers.view', printPage)
    .get('/panel/:number/history/export', 'customers.view', exported)

interface Account {
  number: string
  name: string
  serviceAddress: string
}

async function asked(req: Request, res: Response): Promise<Account> {
  const found = await one<Account>(
    context(res).db,
    sql`select a.number, c.name, n.service_address as "serviceAddress" from account a join customer c on c.id = a.customer_id
      join location n on n.id = a.location_id where a.number = ${param(req, 'number')}`,
  )
  if (!found) throw new NotFound('account')
  return found
}

/** Print Report: print and export choices (001-374). */
async function printPage(req: Request, res: Response): Promise<void> {
  const account = await asked(req, res)
  const at = `/panel/${encodeURIComponent(account.number)}/history`
  const data = {
    title: 'Print Report',
    crumbs: [
      { label: 'Account Control Panel', href: '/panel' },
      { label: `${account.number} History`, href: at },
    ],
  }
  view(req, res, 'history/print', { ...data, account, at })
}

/** The full account history, as PDF to be printed or as CSV to be saved. */
async function exported(req: Request, res: Response): Promise<void> {
  const { db, today } = context(res)
  const account = await asked(req, res)
  const rows = await wholeHistory(db, account.number)
  const name = `history-${account.number}`.replace(/[^\w.-]/g, '_')
  res.set('X-Content-Type-Options', 'nosniff')
  if (req.query.format === 'csv') {
    res.attachment(`${name}.csv`).type('text/csv').send(historyCsv(rows))
    return
  }
  const town = (res.locals.town as TownFacts).name
  const pdf = await historyPdf({ ...account, town, today }, rows)
  sendPdf(res, `${name}.pdf`, pdf)
}
