import type { Request, Response } from 'express'
import { tabPage } from '../accounts/inquiry.ts'
import { protectedField } from '../auth/step-up.ts'
import { whoChanged } from '../customers/rows.ts'
import { autoPayment } from '../db/tables/auto-payment.ts'
import { Conflict, Refused } from '../errors.ts'
import { type Person, personOf, personRoute } from '../panel/person.ts'
import { PANEL } from '../panel/tabs.ts'
import { listRows } from '../tables/service.ts'
import { type Context, context } from '../web/context.ts'
import type { FeatureMaker } from '../web/deps.ts'
import { flash } from '../web/flash.ts'
import type { FormView } from '../web/form.ts'
import { refusedErrors } from '../web/refused.ts'
import { feature, param } from '../web/routes.ts'
import { tellChanges } from '../web/seen.ts'
import { goTo, view } from '../web/view.ts'
import { bankCodes } from './bank-codes.ts'
import { autoPaymentForm } from './form.ts'
import { addBankCode, deleteToken, openBankAccount, readAutoPayment, saveAutoPayment } from './service.ts'
import { signupPaper } from './signup.ts'
import { authorization } from './signup-paper.ts'
import { autoPaymentTab, masksOf, valuesOf } from './tab.ts'

/** Customer and Owner > Auto Payment: Save, New Bank Code, token, the two signup forms, and Account No. with the password. */
export const pages: FeatureMaker = (deps) => {
  const made = feature('auto payment')
  personRoute(made, 'post', 'auto-payment', 'customers.edit', save)
  personRoute(made, 'post', 'auto-payment/fields', 'customers.edit', showFields)
  personRoute(made, 'post', 'auto-payment/bank-code', 'customers.edit', newBankCode)
  personRoute(made, 'post', 'auto-payment/token/delete', 'customers.edit', dropToken)
  personRoute(made, 'get', 'auto-payment/bank-draft-signup.pdf', 'customers.view', (req, res) =>
    signup('draft', req, res),
  )
  personRoute(made, 'get', 'auto-payment/credit-card-signup.pdf', 'customers.view', (req, res) =>
    signup('card', req, res),
  )
  for (const who of ['customer', 'owner'] as const) {
    protectedField(made, deps, {
      label: 'Account No.',
      path: `/panel/:number/${who}/auto-payment/account-no`,
      need: 'customers.reveal',
      subject: 'customer',
      field: 'bank_account',
      find: async (req, res) => {
        req.params.who = who
        const person = await personOf(req, res)
        const mask = masksOf((await readAutoPayment(context(res).db, person.id)) ?? null).bankAccount
        const title = `${person.number} ${person.name}`
        return { key: person.number, title, mask, back: `${person.base}/auto-payment`, customerId: person.id }
      },
      read: ({ customerId }, _req, res) => openBankAccount(context(res), customerId ?? 0),
    })
  }
  return made
}

async function save(req: Request, res: Response): Promise<void> {
  const ctx = context(res)
  const person = await personOf(req, res)
  const parsed = autoPaymentForm.parse(req.body)
  if (!parsed.ok) return again(person, req, res, parsed.view, 422)
  try {
    await saveAutoPayment(ctx, person.id, parsed.data)
    flash(req, `Saved. Automatic payment of ${person.number} ${person.name}.`)
    goTo(req, res, `${person.base}/auto-payment`)
  } catch (error) {
    if (error instanceof Conflict) return tell(ctx, person, req, res, error)
    await again(person, req, res, autoPaymentForm.show(req.body as object, refusedErrors(error)), 422)
  }
}

async function tell(ctx: Context, person: Person, req: Request, res: Response, conflict: Conflict): Promise<void> {
  const stored = (await readAutoPayment(ctx.db, person.id)) ?? null
  const told = tellChanges(autoPaymentForm, req.body, valuesOf(stored))
  const theirs = told.theirs.length > 0 ? told.theirs : [conflict.message]
  const whoElse = stored ? await whoChanged(ctx.db, autoPayment, stored.id) : undefined
  await again(person, req, res, told.form, 409, { theirs, whoElse: whoElse ?? '' })
}

const START = { special: 'balance', state: 'pending' }

/** The fields of the type that was chosen, with what is typed; nothing is saved. */
async function showFields(req: Request, res: Response): Promise<void> {
  const form = autoPaymentForm.show({ ...START, ...(req.body as object) })
  await again(await personOf(req, res), req, res, form, 200, { unsaved: true })
}

/** Add beside the routing number: the page keeps all else that is typed, for only this part of it is answered. */
async function newBankCode(req: Request, res: Response): Promise<void> {
  const person = await personOf(req, res)
  const body = req.body as Record<string, string>
  const parsed = autoPaymentForm.parse({ type: 'draft', newRouting: body.newRouting, newBank: body.newBank })
  if (!parsed.ok) return routingPart(person, req, res, withErrors(body, parsed.view), 422)
  const { newRouting, newBank } = parsed.data
  try {
    if (!newRouting) throw missing('newRouting', 'Write the routing number.')
    if (!newBank) throw missing('newBank', "Write the bank's name.")
    await addBankCode(context(res).db, newRouting, newBank, context(res).actor.id)
    const form = autoPaymentForm.show({ ...body, routing: newRouting, newRouting: '', newBank: '' })
    await routingPart(person, req, res, form, 200)
  } catch (error) {
    const errors = refusedErrors(error)
    const { code, name, ...others } = errors
    const named = { ...others, ...(code ? { newRouting: code } : {}), ...(name ? { newBank: name } : {}) }
    await routingPart(person, req, res, autoPaymentForm.show(body, named), 422)
  }
}

const missing = (field: string, says: string) => new Refused('missing', says, { [field]: says })

const withErrors = (body: object, { summary }: FormView): FormView =>
  autoPaymentForm.show(body, Object.fromEntries(summary.map(({ name, text }) => [name, text])))

async function routingPart(person: Person, req: Request, res: Response, form: FormView, status: number): Promise<void> {
  if (req.get('HX-Request') !== 'true') return again(person, req, res, form, status)
  const { db } = context(res)
  const banks = await listRows(db, bankCodes)
  const data = { title: 'Bank Routing No.', form, banks, personBase: person.base, edit: true }
  view(req, res, 'auto-payment/routing', data, { status, block: 'part' })
}

async function dropToken(req: Request, res: Response): Promise<void> {
  const person = await personOf(req, res)
  const parsed = autoPaymentForm.shape.version.safeParse((req.body as { version?: string }).version)
  try {
    await deleteToken(context(res), person.id, parsed.data ?? 0)
    flash(req, `Deleted. The payment token of ${person.number} ${person.name}.`)
    goTo(req, res, `${person.base}/auto-payment`)
  } catch (error) {
    if (error instanceof Conflict) return tell(context(res), person, req, res, error)
    throw error
  }
}

async function again(person: Person, req: Request, res: Response, form: FormView, status: number, more: object = {}) {
  await tabPage(PANEL, autoPaymentTab[person.who], { data: { form, ...more }, status })(req, res)
}

async function signup(kind: 'draft' | 'card', req: Request, res: Response): Promise<void> {
  const { db, today } = context(res)
  const person = await personOf(req, res)
  const paper = await signupPaper(db, person.id, param(req, 'number'), today)
  const name = kind === 'draft' ? 'bank-draft-signup' : 'credit-card-signup'
  res.type('application/pdf').set('Content-Disposition', `inline; filename="${name}.pdf"`)
  res.send(await authorization(kind, paper))
}
