import type { Request, Response } from 'express'
import { recordEvent } from '../audit/service.ts'
import { NotFound } from '../errors.ts'
import type { Mail } from '../mail/message.ts'
import { isAddress } from '../mail/rules.ts'
import { answerMessage, sendMail, sendsMail } from '../mail/send.ts'
import { context } from '../web/context.ts'
import type { Deps, FeatureMaker } from '../web/deps.ts'
import { flash } from '../web/flash.ts'
import { defineForm, type FormView, field } from '../web/form.ts'
import { selectInput } from '../web/inputs.ts'
import { refusedErrors } from '../web/refused.ts'
import { feature, param } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { letterhead } from './receipt.ts'
import { type ReceiptPaper, receiptPdf, receiptText } from './receipt-paper.ts'
import { type ReceiptRow, receiptEmail, receiptRow } from './store.ts'

const form = defineForm({
  type: field(selectInput(['pdf', 'txt']), {
    label: 'File type',
    input: 'radio',
    options: [
      { value: 'pdf', label: 'PDF' },
      { value: 'txt', label: 'Plain text' },
    ],
  }),
})

/** Email Receipt: the receipt as a file of the chosen type, attached to a message (001-394). */
export const receiptMail: FeatureMaker = (deps) =>
  feature('receipt mail')
    .get('/receipts/:receipt/email', 'payments.take', (req, res) => open(deps, req, res))
    .post('/receipts/:receipt/email', 'payments.take', (req, res) => send(deps, req, res))

async function asked(req: Request, res: Response): Promise<{ receipt: ReceiptRow; to: string }> {
  const { db } = context(res)
  const receipt = await receiptRow(db, param(req, 'receipt'))
  if (!receipt) throw new NotFound('receipt')
  const email = await receiptEmail(db, receipt.lines[0]?.account ?? '')
  return { receipt, to: email && isAddress(email) ? email : '' }
}

async function open(deps: Deps, req: Request, res: Response): Promise<void> {
  const { receipt, to } = await asked(req, res)
  show(deps, req, res, receipt, to, form.show({ type: 'pdf' }))
}

async function send(deps: Deps, req: Request, res: Response): Promise<void> {
  const { receipt, to } = await asked(req, res)
  const parsed = form.parse(req.body)
  if (!parsed.ok) return show(deps, req, res, receipt, to, parsed.view, 422)
  const { db, actor } = context(res)
  const mail = await mailOf(deps, res, receipt, to, parsed.data.type)
  try {
    if (sendsMail(deps)) await sendMail(deps, mail)
    await recordEvent(db, { actor: actor.id, action: 'email', subject: 'receipt', subjectKey: receipt.number })
    if (!sendsMail(deps)) return await answerMessage(res, `receipt-${receipt.number}`, mail)
    flash(req, `Receipt ${receipt.number} was sent to ${to}.`)
    goTo(req, res, `/receipts/${encodeURIComponent(receipt.number)}`)
  } catch (error) {
    show(
      deps,
      req,
      res,
      receipt,
      to,
      form.show(req.body as object, { '': Object.values(refusedErrors(error)).join(' ') }),
      422,
    )
  }
}

async function mailOf(
  { config }: Deps,
  res: Response,
  receipt: ReceiptRow,
  to: string,
  type: 'pdf' | 'txt',
): Promise<Mail> {
  const town = await letterhead(context(res).db)
  const paper: ReceiptPaper = { town, receipt }
  const content = type === 'pdf' ? await receiptPdf(paper) : Buffer.from(receiptText(paper))
  const name = `receipt-${receipt.number}.${type}`.replace(/[^\w.-]/g, '_')
  return {
    to,
    from: config.mailFrom ?? '',
    subject: `Receipt ${receipt.number}, ${town.name ?? ''}`,
    text: `Your receipt is attached.\n\n${town.name ?? ''}\n`,
    attachments: [{ name, mediaType: type === 'pdf' ? 'application/pdf' : 'text/plain', content }],
  }
}

function show(
  deps: Deps,
  req: Request,
  res: Response,
  receipt: ReceiptRow,
  to: string,
  shown: FormView,
  status = 200,
): void {
  const href = `/receipts/${encodeURIComponent(receipt.number)}`
  const data = {
    title: 'Email Receipt',
    crumbs: [{ label: `Receipt ${receipt.number}`, href }],
    ...{ receipt, to, form: shown, action: `${href}/email`, back: href, sends: sendsMail(deps) },
  }
  view(req, res, 'payments/receipt-email', data, { status })
}
