import { sql } from 'drizzle-orm'
import type { Request, Response } from 'express'
import { rows } from '../db/db.ts'
import { NotFound } from '../errors.ts'
import { money, sum, text } from '../ledger/money.ts'
import { guarded } from '../runs/register-csv.ts'
import { csvLine } from '../town/csv.ts'
import { context } from '../web/context.ts'
import type { FeatureMaker } from '../web/deps.ts'
import { flash } from '../web/flash.ts'
import type { FormView, Option } from '../web/form.ts'
import { pageNumber, paging } from '../web/paging.ts'
import { failedSave, refusedErrors } from '../web/refused.ts'
import { feature, param, queryText } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { agreeDeposit, changeAgreement, dropAgreement, toCollect } from './agreement.ts'
import { agreementForm, newForm } from './forms.ts'
import { addReleases } from './release-pages.ts'
import {
  type DepositRow,
  depositLines,
  depositList,
  depositNamed,
  depositTotals,
  SHOWN,
  type Which,
} from './service.ts'
import { postTake, takePage } from './take-pages.ts'

/** Customers > Deposits: who holds what, taken, applied, refunded and moved (domain.md 2.22, 3.13). */
export const pages: FeatureMaker = () =>
  addReleases(feature('deposits'))
    .get('/deposits', 'customers.view', list, { menu: 'Customers > Deposits' })
    .get('/deposit-list.csv', 'customers.view', listCsv)
    .get('/deposits/new', 'customers.edit', newPage)
    .post('/deposits', 'customers.edit', postNew)
    .get('/deposits/:deposit', 'customers.view', show)
    .post('/deposits/:deposit', 'customers.edit', change)
    .post('/deposits/:deposit/delete', 'customers.edit', drop)
    .get('/accounts/:number/deposits/take', 'payments.take', takePage)
    .post('/accounts/:number/deposits', 'payments.take', postTake)

const SIZE = 100

const asked = (req: Request): { which: Which; q: string } => ({
  which: SHOWN.find((each) => each === req.query.show) ?? 'held',
  q: queryText(req),
})

const withLeft = (row: DepositRow) => ({ ...row, left: text(toCollect(row)) })

async function list(req: Request, res: Response): Promise<void> {
  const { db, may } = context(res)
  const { which, q } = asked(req)
  const { count, held, left } = await depositTotals(db, which, q)
  const links = paging('/deposits', req.query, pageNumber(req.query.page), count, SIZE)
  const found = await depositList(db, which, q, { limit: SIZE, offset: (links.page - 1) * SIZE })
  const data = { title: 'Deposits', rows: found.map(withLeft), which, q, held, left, links }
  view(req, res, 'deposits/list', { ...data, mayEdit: may('customers.edit') }, { block: 'list' })
}

async function listCsv(req: Request, res: Response): Promise<void> {
  const { which, q } = asked(req)
  const head = ['Deposit', 'Account', 'Customer', 'Location', 'Service', 'Agreed', 'Received', 'To collect', 'Held']
  const lines = (await depositList(context(res).db, which, q))
    .map(withLeft)
    .map((row) => [
      ...[row.number, row.account, row.customer, row.address, row.service].map(guarded),
      ...[row.amount ?? '', row.received, row.left, row.held],
    ])
  res
    .attachment('deposits.csv')
    .type('text/csv')
    .send([head, ...lines].map(csvLine).join(''))
}

const depositServices = (res: Response): Promise<Option[]> =>
  rows<Option>(
    context(res).db,
    sql`select code as value, code || ' ' || name as label from service where deposit_allowed and active and id <> 0 order by sort, code`,
  )

async function newPage(req: Request, res: Response): Promise<void> {
  const values = { account: queryText(req, 'account'), installments: '1', agreedOn: context(res).today }
  showNew(req, res, newForm.show(values, {}, { options: { service: await depositServices(res) } }))
}

const showNew = (req: Request, res: Response, form: FormView, status = 200): void =>
  view(req, res, 'deposits/new', { title: 'New deposit', crumbs: CRUMBS, form }, { status })

const CRUMBS = [{ label: 'Deposits', href: '/deposits' }]

async function postNew(req: Request, res: Response): Promise<void> {
  const options = { options: { service: await depositServices(res) } }
  const parsed = newForm.parse(req.body, options)
  if (!parsed.ok) return showNew(req, res, parsed.view, 422)
  const { account, ...input } = parsed.data
  try {
    const number = await agreeDeposit(context(res), account, input)
    flash(req, `Deposit ${number} of ${text(input.amount)} is agreed. Nothing was taken yet.`)
    goTo(req, res, `/deposits/${encodeURIComponent(number)}`)
  } catch (error) {
    const none = error instanceof NotFound ? { account: `There is no account ${account}.` } : undefined
    showNew(req, res, newForm.show(req.body as object, none ?? refusedErrors(error), options), 422)
  }
}

async function depositOf(req: Request, res: Response): Promise<DepositRow[]> {
  const found = await depositNamed(context(res).db, param(req, 'deposit'))
  if (found.length === 0) throw new NotFound('deposit')
  return found
}

async function show(req: Request, res: Response): Promise<void> {
  const [first] = await depositOf(req, res)
  await render(req, res, agreementForm.show({ ...first }))
}

async function render(req: Request, res: Response, form: FormView, status = 200): Promise<void> {
  const { db, may } = context(res)
  const found = (await depositOf(req, res)).map(withLeft)
  const [first] = found
  const held = text(sum(found.map((row) => money(row.held))))
  const lines = await depositLines(db, first?.number ?? '')
  const data = {
    title: `Deposit ${first?.number}`,
    crumbs: CRUMBS,
    ...{ deposit: first, rows: found, held, lines, form },
    mayEdit: may('customers.edit') && (first?.version ?? 0) > 0,
    mayTake: may('payments.take'),
    mayRefund: may('payments.refund'),
    mayTransfer: may('payments.transfer'),
  }
  view(req, res, 'deposits/deposit', data, { status })
}

async function change(req: Request, res: Response): Promise<void> {
  const number = param(req, 'deposit')
  const parsed = agreementForm.parse(req.body)
  if (!parsed.ok) return render(req, res, parsed.view, 422)
  try {
    await changeAgreement(context(res), number, parsed.data)
    flash(req, `Deposit ${number} is saved.`)
    goTo(req, res, `/deposits/${encodeURIComponent(number)}`)
  } catch (error) {
    const [status, errors] = failedSave(error)
    await render(req, res, agreementForm.show(req.body as object, errors), status)
  }
}

async function drop(req: Request, res: Response): Promise<void> {
  const number = param(req, 'deposit')
  const [first] = await depositOf(req, res)
  try {
    await dropAgreement(context(res), number, first?.version ?? 0)
    flash(req, `Deposit ${number} is deleted.`)
    goTo(req, res, '/deposits?show=all')
  } catch (error) {
    flash(req, Object.values(refusedErrors(error)).join(' '), 'bad')
    goTo(req, res, `/deposits/${encodeURIComponent(number)}`)
  }
}
