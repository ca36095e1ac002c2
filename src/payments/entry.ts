import type { Request, Response } from 'express'
import { lookup } from '../accounts/service.ts'
import { context } from '../web/context.ts'
import { defineForm, type FormView, field } from '../web/form.ts'
import { textInput } from '../web/inputs.ts'
import { goTo, view } from '../web/view.ts'
import { takenOn } from './store.ts'

const entryForm = defineForm({
  account: field(textInput(100), {
    label: 'Account',
    size: 'md',
    autofocus: true,
    hint: 'Scan or type the number; name and address work too',
  }),
})

/** Payments > Payment entry: account, Enter, amount, Enter. The money of the day stands beside it. */
export const entryPage = (req: Request, res: Response): Promise<void> => show(req, res, entryForm.show())

/** One hit opens its payment form; several are listed to choose from; none is said. */
export async function findForEntry(req: Request, res: Response): Promise<void> {
  const { db } = context(res)
  const parsed = entryForm.parse(req.body)
  if (!parsed.ok) return show(req, res, parsed.view, [], 422)
  const list = await lookup(db, parsed.data.account)
  const hit =
    list.find((found) => found.accountNumber === parsed.data.account) ?? (list.length === 1 ? list[0] : undefined)
  if (hit) return goTo(req, res, `/accounts/${encodeURIComponent(hit.accountNumber)}/payments/new`)
  const errors: Record<string, string> =
    list.length === 0 ? { account: 'No account matches. Try part of the name or the street.' } : {}
  await show(req, res, entryForm.show(req.body as object, errors), list, list.length === 0 ? 422 : 200)
}

async function show(req: Request, res: Response, form: FormView, list: unknown[] = [], status = 200): Promise<void> {
  const { db, actor, today } = context(res)
  const taken = await takenOn(db, today, actor.id)
  view(req, res, 'payments/entry', { title: 'Payment entry', form, list, taken, today }, { status })
}
