import { randomUUID } from 'node:crypto'
import type { Request, Response } from 'express'
import { baseOf } from '../accounts/inquiry.ts'
import { Refused } from '../errors.ts'
import { bucketSum } from '../ledger/aging.ts'
import { money, sum, text, ZERO } from '../ledger/money.ts'
import { context } from '../web/context.ts'
import type { FeatureMaker } from '../web/deps.ts'
import { flash } from '../web/flash.ts'
import type { FormView } from '../web/form.ts'
import { refusedErrors } from '../web/refused.ts'
import { feature, param } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { entryPage, findForEntry } from './entry.ts'
import { type Payable, payable } from './facts.ts'
import { boxOf, paymentForm } from './forms.ts'
import { allocationTable, checksRefused, explained, warningsOf } from './present.ts'
import { receiptPage } from './receipt.ts'
import { reverseForm, reverseNow } from './reverse-pages.ts'
import type { PaymentDecision } from './rules.ts'
import { Changed, decide, signatureOf, takePayment } from './service.ts'

/** Payments: take one on an account, its receipt, reverse it, and the counter's entry screen. */
export const pages: FeatureMaker = () =>
  feature('payments')
    .get('/payments/entry', 'payments.take', entryPage, { menu: 'Payments > Payment entry' })
    .post('/payments/entry', 'payments.take', findForEntry)
    .get('/accounts/:number/payments/new', 'payments.take', newPayment)
    .post('/accounts/:number/payments', 'payments.take', postPayment)
    .get('/receipts/:receipt', 'payments.view', receiptPage)
    .get('/accounts/:number/transactions/:transaction/reverse', 'customers.view', reverseForm)
    .post('/accounts/:number/transactions/:transaction/reverse', 'customers.view', reverseNow)

interface Shown {
  found: Payable
  form: FormView
  /** What would be posted; undefined while the form cannot be read. */
  decision?: PaymentDecision | undefined
  byHand?: boolean
  status?: number
  notice?: string
}

async function newPayment(req: Request, res: Response): Promise<void> {
  const { db, today } = context(res)
  const found = await payable(db, param(req, 'number'), today)
  const amount = amountAsked(req, found)
  const decision = amount === '' ? undefined : decide(found, { amount: money(amount) })
  const values = { requestId: randomUUID(), amount, date: today, method: lastMethod(req) }
  show(req, res, { found, decision, form: formOf(found).show(values, {}, listsOf(found)) })
}

/** The amount of the address (the buttons Past due and Balance), else what is owed. */
function amountAsked(req: Request, { facts }: Payable): string {
  const { amount } = req.query
  if (typeof amount === 'string' && /^\d{1,7}\.\d\d$/.test(amount) && money(amount).gt(ZERO)) return amount
  const owed = sum([facts.accountCredit, ...facts.services.map((service) => bucketSum(service.buckets))])
  return owed.gt(ZERO) ? text(owed) : ''
}

/** The tender stays from one payment to the next. */
const lastMethod = (req: Request): string => (req.session as { method?: string } | undefined)?.method ?? 'check'

const formOf = (found: Payable) => paymentForm(found.account.services)

const listsOf = ({ account }: Payable) => ({
  options: {
    method: account.methods.filter((each) => each.active).map((each) => ({ value: each.code, label: each.name })),
  },
})

/** Shows where the money goes, or, where that was shown already and nothing has changed since, takes it. */
async function postPayment(req: Request, res: Response): Promise<void> {
  const ctx = context(res)
  const number = param(req, 'number')
  const first = await payable(ctx.db, number, ctx.today)
  const parsed = formOf(first).parse(req.body, listsOf(first))
  if (!parsed.ok) return show(req, res, { found: first, form: parsed.view, status: 422 })
  const { data } = parsed
  const found = data.date === ctx.today ? first : await payable(ctx.db, number, data.date)
  const again = (errors: Record<string, string>) => formOf(found).show(req.body as object, errors, listsOf(found))
  const allocations = data.byHand ? byHand(found, data) : undefined
  const input = { ...data, checkNumber: data.checkNumber || undefined, allocations }
  try {
    refuseChecks(found, data.method)
    const decision = decide(found, input)
    if (data.step === 'preview' || !data.shown) {
      return show(req, res, { found, decision, byHand: data.byHand, form: again({}) })
    }
    const taken = await takePayment(ctx, number, input, data.requestId, data.shown)
    keepMethod(req, data.method)
    flash(req, `Payment of ${text(data.amount)} taken on account ${number}. Balance after it ${taken.balanceAfter}.`)
    goTo(req, res, `/receipts/${encodeURIComponent(taken.receiptNumber)}`)
  } catch (error) {
    if (error instanceof Changed) return showChanged(req, res, number, data, again({}))
    show(req, res, { found, byHand: data.byHand, form: again(refusedErrors(error)), status: 422 })
  }
}

/** Somebody posted to the account meanwhile: what would be posted now, instead of posting it. */
async function showChanged(
  req: Request,
  res: Response,
  number: string,
  data: { amount: PaymentAmount; date: string; byHand: boolean },
  form: FormView,
) {
  const found = await payable(context(res).db, number, data.date)
  const notice = 'The account changed since this was shown. This is the new allocation; nothing was posted yet.'
  show(req, res, { found, form, notice, status: 422, decision: decide(found, { amount: data.amount }) })
}

type PaymentAmount = ReturnType<typeof money>

/** What the clerk typed into the boxes; while there are no boxes yet, they open with the automatic allocation. */
function byHand(found: Payable, data: object) {
  const typed = data as Record<string, PaymentAmount | undefined>
  const boxes = found.account.services.filter((service) => boxOf(service.id) in typed)
  if (boxes.length === 0) return undefined
  return boxes.flatMap((service) => {
    const amount = typed[boxOf(service.id)]
    return amount?.gt(ZERO) ? [{ service: service.code, amount }] : []
  })
}

function refuseChecks(found: Payable, code: string): void {
  const method = found.account.methods.find((each) => each.code === code)
  if (!method || !checksRefused(found, method)) return
  const sentence = 'Checks are not accepted from this customer. Choose cash, card or money order.'
  throw new Refused('no_checks', sentence, { method: sentence })
}

function keepMethod(req: Request, method: string): void {
  if (req.session) (req.session as { method?: string }).method = method
}

function show(
  req: Request,
  res: Response,
  { found, form, decision, byHand = false, status = 200, notice = '' }: Shown,
): void {
  const { account, facts } = found
  const base = baseOf(account.number)
  const pastDue = sum(facts.services.map((service) => service.pastDue))
  const data = {
    title: `Take payment, ${account.number}`,
    crumbs: [
      { label: 'Customer Inquiry', href: '/customers/inquiry' },
      { label: account.number, href: base },
    ],
    base,
    account,
    form,
    notice,
    byHand,
    warnings: warningsOf(found),
    pastDue: text(pastDue),
    table: decision ? allocationTable(found, decision) : null,
    explained: decision ? explained(found, decision) : [],
    shown: decision ? signatureOf(decision) : '',
  }
  view(req, res, 'payments/new', data, { status, block: 'allocation' })
}
