import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import type { Request, Response } from 'express'
import { one, rows } from '../db/db.ts'
import { NotFound } from '../errors.ts'
import { type Money, money, sum, text } from '../ledger/money.ts'
import { context } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import type { FormView, Option } from '../web/form.ts'
import { refusedErrors } from '../web/refused.ts'
import { param } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { toCollect } from './agreement.ts'
import { boxOf, takeForm } from './forms.ts'
import { dueNow } from './rules.ts'
import { type DepositRow, depositsOfAccount, takeDeposit } from './service.ts'

interface Asked {
  number: string
  customer: string
  deposits: DepositRow[]
  methods: Option[]
}

async function askedOf(req: Request, res: Response): Promise<Asked> {
  const { db } = context(res)
  const number = param(req, 'number')
  const found = await one<{ customer: string }>(
    db,
    sql`select c.name as customer from account a join customer c on c.id = a.customer_id where a.number = ${number}`,
  )
  if (!found) throw new NotFound('account')
  const open = (await depositsOfAccount(db, number)).filter((row) => toCollect(row).gt('0'))
  const methods = await rows<Option>(
    db,
    sql`select code as value, name as label from payment_method where active and kind <> 'county' order by id`,
  )
  return { number, customer: found.customer, deposits: open, methods }
}

const nowDue = (row: DepositRow): Money => dueNow(money(row.amount ?? '0'), row.installments, money(row.received))
const optionsOf = ({ methods }: Asked) => ({ options: { method: methods } })

/** Take deposit: what is to be collected, the first open instalment of each filled in. */
export async function takePage(req: Request, res: Response): Promise<void> {
  const asked = await askedOf(req, res)
  const boxes = Object.fromEntries(asked.deposits.map((row) => [boxOf(row.number), text(nowDue(row))]))
  const values = { requestId: randomUUID(), date: context(res).today, method: 'check', ...boxes }
  show(req, res, asked, takeForm(asked.deposits).show(values, {}, optionsOf(asked)))
}

export async function postTake(req: Request, res: Response): Promise<void> {
  const asked = await askedOf(req, res)
  // a deposit collected meanwhile has no box any more: its form is answered as it was sent
  const sent = Object.keys(req.body as object).filter((name) => name.startsWith('take-'))
  const known = new Set(asked.deposits.map(({ number }) => boxOf(number)))
  const gone = sent.filter((name) => !known.has(name)).map((name) => ({ number: name.slice(5), serviceName: 'paid' }))
  const form = takeForm([...asked.deposits, ...gone])
  const parsed = form.parse(req.body, optionsOf(asked))
  if (!parsed.ok) return show(req, res, asked, parsed.view, 422)
  const { requestId, method, checkNumber, date, ...boxes } = parsed.data
  const lines = Object.entries(boxes).flatMap(([name, amount]) =>
    amount === undefined ? [] : [{ deposit: name.slice(5), amount: amount as Money }],
  )
  try {
    const input = { lines, method, date, checkNumber: checkNumber || undefined }
    const { receiptNumber } = await takeDeposit(context(res), asked.number, input, requestId)
    flash(req, `Deposit of ${text(sum(lines.map(({ amount }) => amount)))} taken on account ${asked.number}.`)
    goTo(req, res, `/receipts/${encodeURIComponent(receiptNumber)}`)
  } catch (error) {
    const { lines: all, ...errors } = refusedErrors(error)
    const shown = { ...errors, ...(all ? { '': all } : {}) }
    show(req, res, asked, form.show(req.body as object, shown, optionsOf(asked)), 422)
  }
}

function show(req: Request, res: Response, asked: Asked, form: FormView, status = 200): void {
  const { number, customer, deposits } = asked
  const panel = `/panel/${encodeURIComponent(number)}`
  const left = text(sum(deposits.map(toCollect)))
  const data = {
    title: 'Take deposit',
    crumbs: [{ label: number, href: panel }],
    ...{ number, customer, form, left, back: panel },
    inMenu: 'Customers',
    deposits: deposits.map((row) => ({ ...row, left: text(toCollect(row)), box: boxOf(row.number) })),
    action: `/accounts/${encodeURIComponent(number)}/deposits`,
  }
  view(req, res, 'deposits/take', data, { status })
}
