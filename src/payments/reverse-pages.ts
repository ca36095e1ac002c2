import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import type { Request, Response } from 'express'
import { blank } from '../accounts/blank.ts'
import { baseOf } from '../accounts/inquiry.ts'
import { type TransactionDetail, transactionWhole } from '../accounts/service.ts'
import { mayReverse } from '../accounts/transactions-tab.ts'
import { type Db, rows } from '../db/db.ts'
import { Forbidden, Refused } from '../errors.ts'
import { context } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import type { FormView, Option } from '../web/form.ts'
import { refusedErrors } from '../web/refused.ts'
import { param } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { reversalForm } from './forms.ts'
import { reverseTransaction } from './service.ts'

const RECEIVED = ['Pmt', 'CertPmt', 'Dep']

export async function reverseForm(req: Request, res: Response): Promise<void> {
  const { found, options } = await asked(req, res)
  const { kind } = req.query
  const values = {
    requestId: randomUUID(),
    kind: kind === 'NSF' ? 'NSF' : 'Rev',
    method: await methodCode(context(res).db, found.id),
  }
  show(req, res, found, reversalForm.show(values, {}, { options }))
}

export async function reverseNow(req: Request, res: Response): Promise<void> {
  const { found, options } = await asked(req, res)
  const parsed = reversalForm.parse(req.body, { options })
  if (!parsed.ok) return show(req, res, found, parsed.view, 422)
  const { requestId, kind, method, reason, date } = parsed.data
  try {
    if (kind === 'NSF') await refuseOtherMethod(context(res).db, found, method)
    const { transactionId } = await reverseTransaction(context(res), found.id, { reason, date, kind }, requestId)
    flash(req, `${found.type} ${found.id} is reversed by ${transactionId}. Its own periods are open again.`)
    goTo(req, res, baseOf(param(req, 'number')))
  } catch (error) {
    show(req, res, found, reversalForm.show(req.body as object, refusedErrors(error), { options }), 422)
  }
}

async function asked(req: Request, res: Response) {
  const { db, may } = context(res)
  const found = await transactionWhole(db, param(req, 'transaction'), param(req, 'number'))
  const need = RECEIVED.includes(found.type) ? 'payments.reverse' : 'transactions.adjust'
  if (!may(need)) throw new Forbidden(need)
  const methods = await rows<Option>(db, sql`select code as value, name as label from payment_method order by id`)
  return { found, options: { method: methods } }
}

async function methodCode(db: Db, number: string): Promise<string> {
  const [row] = await rows<{ method: string | null }>(
    db,
    sql`select method from ledger.transaction where coalesce(number, id::text) = ${number}`,
  )
  return row?.method ?? ''
}

/** NSF asks for the method first: money that came another way than said is not the payment that was returned. */
async function refuseOtherMethod(db: Db, found: TransactionDetail, method: string): Promise<void> {
  const paidBy = await methodCode(db, found.id)
  if (paidBy === '' || paidBy === method) return
  const sentence = `This payment was made by ${found.method ?? paidBy}.`
  throw new Refused('other_method', sentence, { method: sentence })
}

function show(req: Request, res: Response, found: TransactionDetail, form: FormView, status = 200): void {
  const base = baseOf(param(req, 'number'))
  const crumbs = [
    { label: found.account?.number ?? '', href: base },
    { label: `${found.type} ${found.id}`, href: `${base}/transactions/${encodeURIComponent(found.id)}` },
  ]
  const received = RECEIVED.includes(found.type)
  const possible = mayReverse(found, context(res))
  view(
    req,
    res,
    'payments/reverse',
    blank({ title: `Reverse ${found.type} ${found.id}`, crumbs, base, found, form, received, possible }),
    { status },
  )
}
