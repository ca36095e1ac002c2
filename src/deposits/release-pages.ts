import { randomUUID } from 'node:crypto'
import type { Request, Response } from 'express'
import type { Permission } from '../auth/permissions.ts'
import { NotFound } from '../errors.ts'
import { money, sum, text } from '../ledger/money.ts'
import { payable } from '../payments/facts.ts'
import { balanceOf } from '../payments/rules.ts'
import { type Context, context } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import type { FormView } from '../web/form.ts'
import { refusedErrors } from '../web/refused.ts'
import { type Feature, param } from '../web/routes.ts'
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

const ACTIONS = {
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
} satisfies Record<string, Action>

type Name = keyof typeof ACTIONS

/** Apply, Refund and Transfer of a deposit, each with a right of its own. */
export function addReleases(made: Feature): Feature {
  for (const name of Object.keys(ACTIONS) as Name[]) {
    const path = `/deposits/:deposit/${name}`
    made
      .get(path, ACTIONS[name].need, (req, res) => actionPage(name, req, res))
      .post(path, ACTIONS[name].need, (req, res) => act(name, req, res))
  }
  return made
}

interface Asked {
  name: Name
  deposit: DepositRow
  held: string
  owed: string
}

async function askedOf(name: Name, req: Request, res: Response): Promise<Asked> {
  const ctx = context(res)
  const found = await depositNamed(ctx.db, param(req, 'deposit'))
  const [deposit] = found
  if (!deposit) throw new NotFound('deposit')
  const held = text(sum(found.map((row) => money(row.held))))
  return { name, deposit, held, owed: await owedOn(ctx, deposit.account) }
}

async function owedOn({ db, today }: Context, account: string): Promise<string> {
  return text(balanceOf((await payable(db, account, today)).facts))
}

const formOf = (name: Name) => (name === 'transfer' ? transferForm : releaseForm)

async function actionPage(name: Name, req: Request, res: Response): Promise<void> {
  const asked = await askedOf(name, req, res)
  const { held, owed } = asked
  const amount = name === 'apply' ? text(settle(money(held), money(owed)).apply) : held
  const shown = amount === '0.00' ? '' : amount
  show(req, res, asked, formOf(name).show({ requestId: randomUUID(), amount: shown, date: context(res).today }))
}

async function act(name: Name, req: Request, res: Response): Promise<void> {
  const asked = await askedOf(name, req, res)
  const parsed = formOf(name).parse(req.body)
  if (!parsed.ok) return show(req, res, asked, parsed.view, 422)
  try {
    flash(req, await post(context(res), asked, parsed.data))
    goTo(req, res, `/deposits/${encodeURIComponent(asked.deposit.number)}`)
  } catch (error) {
    show(req, res, asked, formOf(name).show(req.body as object, refusedErrors(error)), 422)
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
  const { deposit, held, owed, name } = asked
  const { title, button, hint } = ACTIONS[name]
  const back = `/deposits/${encodeURIComponent(deposit.number)}`
  const data = {
    title,
    crumbs: [
      { label: 'Deposits', href: '/deposits' },
      { label: deposit.number, href: back },
    ],
    ...{ deposit, held, owed, form, back },
    ...{ button, hint, action: `${back}/${name}` },
  }
  view(req, res, 'deposits/release', data, { status })
}
