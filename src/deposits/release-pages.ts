import { randomUUID } from 'node:crypto'
import type { Request, Response } from 'express'
import type { Permission } from '../auth/permissions.ts'
import { Forbidden, NotFound } from '../errors.ts'
import { money, sum, text } from '../ledger/money.ts'
import { payable } from '../payments/facts.ts'
import { balanceOf } from '../payments/rules.ts'
import { type Context, context } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import type { FormView } from '../web/form.ts'
import { refusedErrors } from '../web/refused.ts'
import { param } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { releaseForm, transferForm } from './forms.ts'
import { applyDeposit, refundDeposit, transferDeposit } from './release.ts'
import { settle } from './rules.ts'
import { type DepositRow, depositNamed } from './service.ts'

interface Action {
  title: string
  button: string
  need: Permission
  hint: string
}

const ACTIONS: Record<string, Action> = {
  apply: {
    title: 'Apply deposit',
    button: 'Apply',
    need: 'payments.take',
    hint: 'It pays what the account owes, by the payment rules of the organization.',
  },
  refund: {
    title: 'Refund deposit',
    button: 'Refund',
    need: 'payments.refund',
    hint: 'The refund goes onto the refund list (Payments > Refund); its check number is entered there later.',
  },
  transfer: {
    title: 'Transfer deposit',
    button: 'Transfer',
    need: 'payments.transfer',
    hint: 'Cash stays as it is; the deposit gets a number of its own on the other account.',
  },
}

interface Asked {
  name: string
  action: Action
  deposit: DepositRow
  held: string
  owed: string
}

async function askedOf(req: Request, res: Response): Promise<Asked> {
  const ctx = context(res)
  const name = param(req, 'action')
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined
  if (!action) throw new NotFound('page')
  if (!ctx.may(action.need)) throw new Forbidden(action.need)
  const found = await depositNamed(ctx.db, param(req, 'deposit'))
  const [deposit] = found
  if (!deposit) throw new NotFound('deposit')
  const held = text(money(sum(found.map((row) => money(row.held)))))
  return { name, action, deposit, held, owed: await owedOn(ctx, deposit.account) }
}

async function owedOn({ db, today }: Context, account: string): Promise<string> {
  return text(balanceOf((await payable(db, account, today)).facts))
}

const formOf = (name: string) => (name === 'transfer' ? transferForm : releaseForm)

export async function actionPage(req: Request, res: Response): Promise<void> {
  const asked = await askedOf(req, res)
  const { held, owed, name } = asked
  const amount = name === 'apply' ? text(settle(money(held), money(owed)).apply) : held
  const shown = amount === '0.00' ? '' : amount
  show(req, res, asked, formOf(name).show({ requestId: randomUUID(), amount: shown, date: context(res).today }))
}

export async function act(req: Request, res: Response): Promise<void> {
  const asked = await askedOf(req, res)
  const parsed = formOf(asked.name).parse(req.body)
  if (!parsed.ok) return show(req, res, asked, parsed.view, 422)
  try {
    flash(req, await post(context(res), asked, parsed.data))
    goTo(req, res, `/deposits/${encodeURIComponent(asked.deposit.number)}`)
  } catch (error) {
    show(req, res, asked, formOf(asked.name).show(req.body as object, refusedErrors(error)), 422)
  }
}

type Typed = ReturnType<typeof releaseForm.schema.parse> & { to?: string }

async function post(who: Context, { name, deposit }: Asked, { requestId, to, ...typed }: Typed): Promise<string> {
  const input = { ...typed, deposit: deposit.number }
  const amount = text(typed.amount)
  if (name === 'apply') {
    await applyDeposit(who, deposit.account, input, requestId)
    return `${amount} of deposit ${deposit.number} is applied to account ${deposit.account}.`
  }
  if (name === 'refund') {
    await refundDeposit(who, deposit.account, input, requestId)
    return `${amount} of deposit ${deposit.number} is refunded and stands on the refund list.`
  }
  const moved = await transferDeposit(who, deposit.account, { ...input, to: to ?? '' }, requestId)
  return `${amount} is moved to account ${to} as deposit ${moved.deposit}.`
}

function show(req: Request, res: Response, asked: Asked, form: FormView, status = 200): void {
  const { deposit, action, held, owed, name } = asked
  const back = `/deposits/${encodeURIComponent(deposit.number)}`
  const data = {
    title: action.title,
    crumbs: [
      { label: 'Deposits', href: '/deposits' },
      { label: deposit.number, href: back },
    ],
    ...{ deposit, held, owed, form, back },
    ...{ button: action.button, hint: action.hint, action: `${back}/${name}` },
  }
  view(req, res, 'deposits/release', data, { status })
}
