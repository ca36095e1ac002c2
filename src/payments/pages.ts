import { randomUUID } from 'node:crypto'
import type { Request, Response } from 'express'
import { baseOf } from '../accounts/inquiry.ts'
import { bucketSum } from '../ledger/aging.ts'
import { money, sum, text, ZERO } from '../ledger/money.ts'
import { type Context, context } from '../web/context.ts'
import type { FeatureMaker } from '../web/deps.ts'
import { flash } from '../web/flash.ts'
import type { FormView } from '../web/form.ts'
import { refusedErrors } from '../web/refused.ts'
import { feature, param } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { refuseUnpayable } from './accepted.ts'
import { entryPage, findForEntry } from './entry.ts'
import { type Payable, payable } from './facts.ts'
import { boxOf, paymentForm } from './forms.ts'
import { allocationTable, explained, handDraft, warningsOf } from './present.ts'
import { receiptPage } from './receipt.ts'
import { reverseForm, reverseNow } from './reverse-pages.ts'
import { type PaymentDecision, pastDueIn } from './rules.ts'
import { Changed, decide, type PaymentInput, signatureOf, takePayment } from './service.ts'
import { addPayment, postsByBatch } from './unposted.ts'

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
  /** What the clerk allocated and was refused: the table to correct. */
  draft?: PaymentDecision | undefined
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
  const { amount, date, method, checkNumber, step, shown, requestId } = parsed.data
  const found = date === ctx.today ? first : await payable(ctx.db, number, date)
  const allocations = parsed.data.byHand ? byHand(found, parsed.data) : undefined
  const input = { amount, date, method, checkNumber: checkNumber || undefined, allocations }
  try {
    refuseUnpayable(found, method)
    if (step === 'preview' || !shown) return preview(req, res, found, input)
    const taken = await takeOrEnter(ctx, number, input, requestId, shown)
    keepMethod(req, method)
    flash(req, `Payment of ${text(amount)} ${taken.says} on account ${number}. Balance after it ${taken.balanceAfter}.`)
    goTo(req, res, `/receipts/${encodeURIComponent(taken.receipt)}`)
  } catch (error) {
    if (error instanceof Changed) return showChanged(req, res, number, input)
    refuse(req, res, found, input, refusedErrors(error))
  }
}

/** Posts it at once or puts it into the clerk's batch, as the organization wants. */
async function takeOrEnter(ctx: Context, number: string, input: PaymentInput, requestId: string, shown: string) {
  if (!(await postsByBatch(ctx))) {
    const { receiptNumber, balanceAfter } = await takePayment(ctx, number, input, requestId, shown)
    return { says: 'taken', receipt: receiptNumber, balanceAfter }
  }
  const { runId, receiptNumber, balanceAfter } = await addPayment(ctx, number, input, requestId, shown)
  return { says: `waits unposted in batch ${runId},`, receipt: receiptNumber ?? '', balanceAfter }
}

const again = (req: Request, found: Payable, errors: Record<string, string> = {}): FormView =>
  formOf(found).show(req.body as object, errors, listsOf(found))

const ticked = (req: Request): boolean => (req.body as { byHand?: string }).byHand !== undefined

function preview(req: Request, res: Response, found: Payable, input: PaymentInput): void {
  show(req, res, { found, form: again(req, found), decision: decide(found, input), byHand: ticked(req) })
}

/** The form as it was, with what is wrong; a hand allocation that is refused stays to be corrected. */
function refuse(
  req: Request,
  res: Response,
  found: Payable,
  input: PaymentInput,
  errors: Record<string, string>,
): void {
  const draft = input.allocations && handDraft(found, input.amount, input.allocations)
  show(req, res, { found, form: again(req, found, errors), byHand: ticked(req), status: 422, draft })
}

/** Somebody posted to the account meanwhile: what would be posted now, instead of posting it. */
async function showChanged(req: Request, res: Response, number: string, input: PaymentInput): Promise<void> {
  const found = await payable(context(res).db, number, input.date)
  const notice = 'The account changed since this was shown. This is the new allocation; nothing was posted yet.'
  const form = again(req, found)
  try {
    show(req, res, { found, form, notice, status: 422, decision: decide(found, input), byHand: ticked(req) })
  } catch (error) {
    refuse(req, res, found, input, refusedErrors(error))
  }
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

function keepMethod(req: Request, method: string): void {
  if (req.session) (req.session as { method?: string }).method = method
}

function show(
  req: Request,
  res: Response,
  { found, form, decision, draft, byHand = false, status = 200, notice = '' }: Shown,
): void {
  const { account, facts } = found
  const base = baseOf(account.number)
  const allocated = decision ?? draft
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
    pastDue: text(pastDueIn(facts)),
    table: allocated ? allocationTable(found, allocated) : null,
    explained: decision ? explained(found, decision) : [],
    shown: decision ? signatureOf(decision) : '',
  }
  view(req, res, 'payments/new', data, { status, block: 'allocation' })
}
