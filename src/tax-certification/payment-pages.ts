import { randomUUID } from 'node:crypto'
import type { Request, Response } from 'express'
import { Refused } from '../errors.ts'
import { text } from '../ledger/money.ts'
import type { RunKind } from '../runs/kind.ts'
import { prepareSoon } from '../runs/prepare.ts'
import { makeRegistry } from '../runs/registry.ts'
import { startRun } from '../runs/service.ts'
import { upload } from '../web/body.ts'
import { context } from '../web/context.ts'
import type { Deps } from '../web/deps.ts'
import { flash } from '../web/flash.ts'
import { defineForm, type FormView, field } from '../web/form.ts'
import { moneyText } from '../web/format.ts'
import { codeInput, dateInput, moneyInput, optional, textInput } from '../web/inputs.ts'
import { refusedErrors } from '../web/refused.ts'
import { param } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { type Entry, entryAccount, refuseEntry, yearOptions } from './entry-pages.ts'
import { importPayments } from './import-payments.ts'
import { takeCertificationPayment } from './service.ts'

export const PAYMENTS: Entry = {
  path: '/tax-certification/payments',
  title: 'Enter Certification Payments',
  heading: 'Next payment',
  type: 'CertPmt',
  file: true,
}

const paymentForm = defineForm({
  requestId: field(textInput(40), { label: '', input: 'hidden' }),
  taxYear: field(codeInput(), { label: 'Tax Year', input: 'select', autofocus: true }),
  amount: field(optional(moneyInput()), {
    label: 'Amount',
    input: 'money',
    hint: 'Empty: the whole balance of the tax year',
  }),
  date: field(dateInput(), { label: 'Date', input: 'date' }),
  checkNumber: field(optional(textInput(40)), { label: 'Check Number', size: 'md' }),
  sourceId: field(optional(textInput(40)), { label: 'Source ID', size: 'md' }),
  description: field(optional(textInput(100)), { label: 'Description' }),
})

/** Date, check and source stay from one payment to the next, as a county sends many with one check. */
interface Kept {
  county?: { date: string; checkNumber?: string | undefined; sourceId?: string | undefined }
}
const kept = (req: Request) => req.session as (Kept & object) | undefined

export async function newPayment(req: Request, res: Response): Promise<void> {
  const { db, today } = context(res)
  const found = await entryAccount(db, param(req, 'number'))
  const [first] = found.years
  const typed = { requestId: randomUUID(), date: today, ...kept(req)?.county, taxYear: first?.taxYear }
  const amount = found.years.length === 1 ? first?.balance : ''
  show(req, res, found, paymentForm.show({ ...typed, amount }, {}, listsOf(found)))
}

type Found = Awaited<ReturnType<typeof entryAccount>>

const listsOf = ({ years }: Found) => ({ options: { taxYear: yearOptions(years) } })

export async function postPayment(req: Request, res: Response): Promise<void> {
  const { db, actor, today } = context(res)
  const number = param(req, 'number')
  const found = await entryAccount(db, number)
  const parsed = paymentForm.parse(req.body)
  if (!parsed.ok)
    return show(req, res, found, paymentForm.show(req.body as object, errorsOf(parsed.view), listsOf(found)), 422)
  const { requestId, ...typed } = parsed.data
  const body = { ...typed, taxYear: Number(typed.taxYear), amount: typed.amount && text(typed.amount) }
  try {
    const request = { path: `${PAYMENTS.path}/${number}`, key: requestId, body }
    const taken = await takeCertificationPayment({ db, actor: actor.id, today }, number, body, request)
    const session = kept(req)
    if (session) session.county = { date: typed.date, checkNumber: typed.checkNumber, sourceId: typed.sourceId }
    flash(
      req,
      `Payment posted on account ${number}. Certification balance ${typed.taxYear} is now ${moneyText(taken.certificationBalance)}.`,
    )
    goTo(req, res, PAYMENTS.path)
  } catch (error) {
    show(req, res, found, paymentForm.show(req.body as object, refusedErrors(error), listsOf(found)), 422)
  }
}

const errorsOf = (form: FormView): Record<string, string> =>
  Object.fromEntries(form.summary.map(({ name, text }) => [name, text]))

function show(req: Request, res: Response, { account, years }: Found, form: FormView, status = 200): void {
  const crumbs = [{ label: PAYMENTS.title, href: PAYMENTS.path }]
  const data = { title: `Certification payment, ${account.number}`, crumbs, path: PAYMENTS.path, account, years, form }
  view(req, res, 'tax-certification/payment', data, { status })
}

const registry = makeRegistry([importPayments as RunKind])

/** A county's file: prepared as a run, so that every line is seen before anything is posted. */
export const paymentFile = (deps: Deps) => async (req: Request, res: Response) => {
  const file = upload(res, 'file')
  if (!file) return refuseEntry(PAYMENTS, req, res, 'Choose the file of the county.')
  const options = { fileName: file.name.slice(0, 200), content: file.bytes.toString('utf8') }
  try {
    const asked = { kind: importPayments.kind, options, actor: context(res).actor.id }
    const runId = await startRun(deps.databases.private, registry, asked)
    await prepareSoon(deps, registry, runId)
    goTo(req, res, `${importPayments.path}?run=${runId}`)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return refuseEntry(PAYMENTS, req, res, error.message)
  }
}
