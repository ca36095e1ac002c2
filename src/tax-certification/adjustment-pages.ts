import { randomUUID } from 'node:crypto'
import type { Request, Response } from 'express'
import { text } from '../ledger/money.ts'
import { bodyHash } from '../ledger/post.ts'
import { context } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import { defineForm, type FormData, type FormView, field } from '../web/form.ts'
import { moneyText } from '../web/format.ts'
import { codeInput, dateInput, moneyInput, optional, selectInput, textInput } from '../web/inputs.ts'
import { refusedErrors } from '../web/refused.ts'
import { param } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { type Entry, entryAccount, yearOptions } from './entry-pages.ts'
import type { CertificationAdjustmentBody } from './forms.ts'
import { type AdjustmentPreview, adjustCertification, dateWarning, previewAdjustment } from './service.ts'

export const ADJUSTMENTS: Entry = {
  path: '/tax-certification/adjustments',
  title: 'Enter Certification Adjustments',
  heading: 'Next adjustment',
  type: 'CertAdj',
  file: false,
}

const form = defineForm({
  requestId: field(textInput(40), { label: '', input: 'hidden' }),
  taxYear: field(codeInput(), { label: 'Tax Year', input: 'select', autofocus: true }),
  reason: field(selectInput(['removed', 'paid', 'write_off']), {
    label: 'Reason',
    input: 'radio',
    options: [
      { value: 'removed', label: 'Removed: the debt goes back to the account' },
      { value: 'paid', label: 'Paid at city hall' },
      { value: 'write_off', label: 'Written off' },
    ],
  }),
  service: field(optional(codeInput()), {
    label: 'Service',
    input: 'select',
    hint: 'Empty: newest period first, over all services',
  }),
  amount: field(moneyInput(), { label: 'Amount', input: 'money' }),
  date: field(dateInput(), { label: 'Date', input: 'date' }),
  method: field(optional(codeInput()), {
    label: 'Payment method',
    input: 'select',
    hint: 'Where it was paid at city hall',
  }),
  checkNumber: field(optional(textInput(40)), { label: 'Check Number', size: 'md' }),
  description: field(optional(textInput(100)), { label: 'Description' }),
})

type Typed = FormData<typeof form>
type Found = Awaited<ReturnType<typeof entryAccount>>

interface Shown {
  preview?: AdjustmentPreview
  warning?: { date: string; proposed: string } | undefined
  shown?: string
  notice?: string
  paid?: boolean
  status?: number
}

export async function newAdjustment(req: Request, res: Response): Promise<void> {
  const { db, today } = context(res)
  const found = await entryAccount(db, param(req, 'number'))
  const values = { requestId: randomUUID(), date: today, reason: 'removed', taxYear: found.years[0]?.taxYear }
  show(req, res, found, form.show(values, {}, listsOf(found)), {})
}

const listsOf = ({ facts, years }: Found) => ({
  options: {
    taxYear: yearOptions(years),
    service: facts.services.map(({ code, name }) => ({ value: code, label: name })),
    method: facts.methods.filter(({ active }) => active).map(({ code, name }) => ({ value: code, label: name })),
  },
})

/** The first press shows what would be posted, with the warning of its date; the next one posts exactly that. */
export async function postAdjustment(req: Request, res: Response): Promise<void> {
  const { db, actor, today } = context(res)
  const number = param(req, 'number')
  const found = await entryAccount(db, number)
  const { step, shown: before = '', ...typed } = req.body as Record<string, string>
  const parsed = form.parse(typed, listsOf(found))
  if (!parsed.ok) return show(req, res, found, parsed.view, { status: 422 })
  const again = (errors: Record<string, string> = {}) => form.show(typed, errors, listsOf(found))
  const body = bodyOf(parsed.data)
  try {
    const preview = await previewAdjustment(db, number, body)
    const shown = bodyHash([preview, body])
    if (step !== 'post' || before !== shown) {
      const notice = step === 'post' ? 'This is what would be posted now; nothing was posted yet.' : ''
      const warning = await dateWarning(db, number, body.date)
      return show(req, res, found, again(), { preview, shown, notice, warning, paid: body.reason === 'paid' })
    }
    const request = { path: `${ADJUSTMENTS.path}/${number}`, key: parsed.data.requestId, body }
    const made = await adjustCertification({ db, actor: actor.id, today }, number, body, request)
    flash(
      req,
      `Adjustment posted on account ${number}. Certification balance ${body.taxYear} is now ${moneyText(made.certificationBalance)}.`,
    )
    goTo(req, res, ADJUSTMENTS.path)
  } catch (error) {
    show(req, res, found, again(refusedErrors(error)), { status: 422 })
  }
}

function bodyOf({ requestId: _, taxYear, amount, ...typed }: Typed): CertificationAdjustmentBody {
  return { ...typed, taxYear: Number(taxYear), amount: text(amount) }
}

function show(req: Request, res: Response, { account, years }: Found, shownForm: FormView, how: Shown): void {
  const data = {
    title: `Certification adjustment, ${account.number}`,
    crumbs: [{ label: ADJUSTMENTS.title, href: ADJUSTMENTS.path }],
    path: ADJUSTMENTS.path,
    account,
    years,
    form: shownForm,
    preview: how.preview ?? null,
    warning: how.warning ?? null,
    shown: how.shown ?? '',
    notice: how.notice ?? '',
    paid: how.paid ?? false,
  }
  view(req, res, 'tax-certification/adjustment', data, { status: how.status ?? 200 })
}
