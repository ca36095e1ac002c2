import { randomUUID } from 'node:crypto'
import type { Request, Response } from 'express'
import { context } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import type { FormView } from '../web/form.ts'
import { refusedErrors } from '../web/refused.ts'
import { goTo, view } from '../web/view.ts'
import { transferForm } from './movement-forms.ts'
import { askedMovement, formHref, frameOf, historyOf } from './movement-frame.ts'
import type { Movement } from './movement-store.ts'
import { Changed } from './service.ts'
import { previewTransfer, transferPayment } from './transfer.ts'

type Preview = Awaited<ReturnType<typeof previewTransfer>>

export async function transferPage(req: Request, res: Response): Promise<void> {
  show(req, res, await askedMovement(req, res), transferForm.show({ requestId: randomUUID() }))
}

/** Shows where the payment would go on the other account, or, where that was shown already, moves it. */
export async function postTransfer(req: Request, res: Response): Promise<void> {
  const who = context(res)
  const found = await askedMovement(req, res)
  const parsed = transferForm.parse(req.body)
  if (!parsed.ok) return show(req, res, found, parsed.view, undefined, 422)
  const { requestId, step, shown, ...input } = parsed.data
  try {
    const preview = await previewTransfer(who, found.id, input.to).catch((error: unknown) => {
      // an answered request is answered again, whatever the payment has become by it
      if (step === 'go') return undefined
      throw error
    })
    if (step !== 'go' || !shown) return show(req, res, found, again(req), preview)
    await transferPayment(who, found.id, input, requestId, shown)
    flash(req, `${found.description} is moved to account ${input.to}.`)
    goTo(req, res, historyOf(found.account))
  } catch (error) {
    if (error instanceof Changed) {
      const preview = await previewTransfer(who, found.id, input.to)
      return show(req, res, found, again(req, { '': error.message }), preview, 422)
    }
    show(req, res, found, again(req, refusedErrors(error)), undefined, 422)
  }
}

const again = (req: Request, errors: Record<string, string> = {}): FormView =>
  transferForm.show(req.body as object, errors)

function show(req: Request, res: Response, found: Movement, form: FormView, preview?: Preview, status = 200): void {
  const data = {
    ...frameOf(found.account, 'Transfer Payment'),
    found,
    form,
    preview: preview ?? null,
    action: formHref(req),
  }
  view(req, res, 'payments/transfer', data, { status })
}
