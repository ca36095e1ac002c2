import { randomUUID } from 'node:crypto'
import type Big from 'big.js'
import type { Request, Response } from 'express'
import { lookup } from '../accounts/service.ts'
import { duplicateContacts, mustBeStatement } from '../billing/statements/service.ts'
import type { Db } from '../db/db.ts'
import { lastReads } from '../metering/service.ts'
import { context } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import type { FormView } from '../web/form.ts'
import { failedSave } from '../web/refused.ts'
import { param, queryText } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { mustBeProperty } from './agreement.ts'
import { leavingForm } from './forms.ts'
import { moveOutNow, mustBeLeaving } from './move-out.ts'
import { nextConnect, nextOf } from './rules.ts'
import { type LeavingRow, moveOutOf } from './store.ts'
import { notUndone, undoMoveOut } from './undo.ts'

/** Customers > Final bill: whose? */
export async function findLeaving(req: Request, res: Response): Promise<void> {
  const q = queryText(req)
  const found = q === '' ? [] : await lookup(context(res).db, q)
  const [only] = found
  if (found.length === 1 && only) return goTo(req, res, `/final-bill/${encodeURIComponent(only.accountNumber)}`)
  view(req, res, 'landlords/find', { title: 'Final bill', q, found })
}

const CRUMBS = [{ label: 'Final bill', href: '/final-bill' }]
const hrefOf = (number: string): string => `/final-bill/${encodeURIComponent(number)}`

/** The final bill of an account: what is to be done, or what was done and what comes next. */
export async function finalBill(req: Request, res: Response): Promise<void> {
  const { db, today } = context(res)
  const row = await mustBeLeaving(db, param(req, 'number'))
  if (row.activityStatus === 'Final') return showDone(req, res, row)
  const meters = await lastReads(db, row.locationId)
  const reads = Object.fromEntries(meters.map(({ meterId, reading }) => [`read-${meterId}`, reading ?? '']))
  const values = {
    requestId: randomUUID(),
    version: row.version,
    date: today,
    applyDeposit: true,
    statement: true,
    ...reads,
  }
  await showForm(req, res, row, leavingForm(meters).show(values))
}

async function showForm(req: Request, res: Response, row: LeavingRow, form: FormView, status = 200): Promise<void> {
  const { db, may } = context(res)
  const meters = await lastReads(db, row.locationId)
  const data = {
    title: `Final bill of ${row.number}`,
    crumbs: CRUMBS,
    ...{ row, form, meters, action: hrefOf(row.number), mayState: may('billing.prepare') },
  }
  view(req, res, 'landlords/final-bill', data, { status })
}

export async function postFinalBill(req: Request, res: Response): Promise<void> {
  const { db } = context(res)
  const number = param(req, 'number')
  const row = await mustBeLeaving(db, number)
  const meters = await lastReads(db, row.locationId)
  const form = leavingForm(meters)
  const parsed = form.parse(req.body)
  if (!parsed.ok) return showForm(req, res, row, parsed.view, 422)
  const data = parsed.data as Record<string, unknown>
  const reads = meters.flatMap(({ meterId, number: meter }) => {
    const read = data[`read-${meterId}`] as Big | undefined
    return read === undefined ? [] : [{ meter, reading: read.toFixed() }]
  })
  const input = {
    date: String(data.date),
    version: Number(data.version),
    applyDeposit: data.applyDeposit === true,
    statement: data.statement === true,
    reads,
  }
  try {
    await moveOutNow(context(res), number, input, String(data.requestId))
    flash(req, `Account ${number} is final. Its services are disconnected.`)
    goTo(req, res, hrefOf(number))
  } catch (error) {
    const [status, errors] = failedSave(error)
    await showForm(req, res, await mustBeLeaving(db, number), form.show(req.body as object, errors), status)
  }
}

/** The landlord who gets a copy of the final statement, printed or sent from the statement's page. */
async function copyOf(db: Db, account: string, statement: string) {
  const { mail, email } = await duplicateContacts(db, await mustBeStatement(db, account, statement))
  return [...mail, ...email].find(({ id }) => id === 'landlord')
}

/** What was done, and the questions of [003]: a new tenant, or back to the landlord? */
async function showDone(req: Request, res: Response, row: LeavingRow): Promise<void> {
  const { db, may, today } = context(res)
  const place = await mustBeProperty(db, row.location)
  const left = await moveOutOf(db, row.number)
  const next = nextOf({ ...place, landlord: place.landlord !== null })
  const connect = nextConnect(row.disconnectDate, today)
  const copy = left?.statement && may('billing.prepare') ? await copyOf(db, row.number, left.statement) : undefined
  const data = {
    title: `Final bill of ${row.number}`,
    crumbs: CRUMBS,
    ...{ row, place, left, next, connect, copy, notUndone: left && notUndone({ may }, left) },
    mayRefund: may('payments.refund'),
    mayState: may('billing.view'),
  }
  view(req, res, 'landlords/done', data)
}

export async function undo(req: Request, res: Response): Promise<void> {
  const number = param(req, 'number')
  try {
    await undoMoveOut(context(res), number)
    flash(req, `The final bill of ${number} is undone: the account is Current again.`)
  } catch (error) {
    flash(req, Object.values(failedSave(error)[1]).join(' '), 'bad')
  }
  goTo(req, res, hrefOf(number))
}
