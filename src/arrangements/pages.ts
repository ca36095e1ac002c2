import type { Request, Response } from 'express'
import { wholeHistory } from '../history/print.ts'
import { money, text } from '../ledger/money.ts'
import { context } from '../web/context.ts'
import type { FeatureMaker } from '../web/deps.ts'
import { sendPdf } from '../web/download.ts'
import { flash } from '../web/flash.ts'
import type { FormView } from '../web/form.ts'
import { failedSave } from '../web/refused.ts'
import { feature, param } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { arrangementFacts } from './facts.ts'
import { cancelForm, deleteForm } from './forms.ts'
import { arrangementList } from './list.ts'
import { historyPdf, planPdf } from './paper.ts'
import { planShown } from './present.ts'
import { cancelArrangement, deleteArrangement, hasPayments, planOf } from './service.ts'
import { addWizard, tabOf } from './wizard.ts'

const PLAN = '/panel/:number/arrangements/plan/:plan'

/** Arrangements: the wizard, the reports, Delete and Cancel, and the list of all accounts'. The tab is listed in src/panel/tabs.ts. */
export const pages: FeatureMaker = () =>
  addWizard(feature('arrangements'))
    .get('/arrangements', 'collections.view', arrangementList, { menu: 'Collections > Arrangements' })
    .get('/panel/:number/arrangements/history', 'customers.view', readOnlyHistory)
    .get('/panel/:number/arrangements/print-history', 'customers.view', printHistory)
    .get(`${PLAN}/print`, 'customers.view', printPlan)
    .get(`${PLAN}/delete`, 'accounts.terms', askDelete)
    .post(`${PLAN}/delete`, 'accounts.terms', remove)
    .get(`${PLAN}/cancel`, 'accounts.terms', askCancel)
    .post(`${PLAN}/cancel`, 'accounts.terms', cancel)

const factsOf = (req: Request, res: Response) =>
  arrangementFacts(context(res).db, param(req, 'number'), context(res).today)

async function printHistory(req: Request, res: Response): Promise<void> {
  const facts = await factsOf(req, res)
  const plans = facts.plans.map((plan) => planShown(plan, facts.today))
  sendPdf(res, `arrangements-${facts.number}.pdf`, await historyPdf(res, facts, plans))
}

async function printPlan(req: Request, res: Response): Promise<void> {
  const facts = await factsOf(req, res)
  const plan = await planOf(context(res).db, facts.number, param(req, 'plan'))
  sendPdf(res, `arrangement-${plan.number}.pdf`, await planPdf(res, facts, planShown(plan, facts.today)))
}

/** Customer / Location History beside the wizard: opens transactions, changes nothing [001-496, 001-497]. */
async function readOnlyHistory(req: Request, res: Response): Promise<void> {
  const facts = await factsOf(req, res)
  const list = (await wholeHistory(context(res).db, facts.number)).reverse()
  const rows = list.map((row) => ({
    ...row,
    shown: row.lines.map(({ name, book, amount }) => ({
      name: name ?? (book === 'utility' ? 'Open credit' : book),
      amount,
    })),
  }))
  const data = {
    title: 'Customer / Location History',
    crumbs: [{ label: `${facts.number} Arrangements`, href: tabOf(facts.number) }],
    inMenu: 'Customers',
    account: facts,
    rows,
    balance: text(money(facts.balance)),
  }
  view(req, res, 'arrangements/history', data)
}

async function endPage(
  req: Request,
  res: Response,
  how: 'cancel' | 'delete',
  form: FormView,
  status = 200,
): Promise<void> {
  const facts = await factsOf(req, res)
  const plan = await planOf(context(res).db, facts.number, param(req, 'plan'))
  const tab = tabOf(facts.number)
  const title = `${how === 'cancel' ? 'Cancel' : 'Delete'} arrangement ${plan.number}`
  const crumbs = [
    { label: 'Account Control Panel', href: '/panel' },
    { label: `${facts.number} Arrangements`, href: tab },
  ]
  const at = `${tab}/plan/${encodeURIComponent(plan.number)}`
  const data = {
    title,
    crumbs,
    inMenu: 'Customers',
    account: facts,
    how,
    form,
    tab,
    at,
    plan: planShown(plan, facts.today),
  }
  view(req, res, 'arrangements/end', data, { status })
}

const found = (req: Request, res: Response) => planOf(context(res).db, param(req, 'number'), param(req, 'plan'))

async function askDelete(req: Request, res: Response): Promise<void> {
  const plan = await found(req, res)
  if (hasPayments(plan))
    return goTo(req, res, `${tabOf(param(req, 'number'))}/plan/${encodeURIComponent(plan.number)}/cancel`)
  await endPage(req, res, 'delete', deleteForm.show({ version: plan.version }))
}

async function askCancel(req: Request, res: Response): Promise<void> {
  const plan = await found(req, res)
  await endPage(req, res, 'cancel', cancelForm.show({ version: plan.version }))
}

async function remove(req: Request, res: Response): Promise<void> {
  const plan = await found(req, res)
  const parsed = deleteForm.parse(req.body)
  if (!parsed.ok) return endPage(req, res, 'delete', parsed.view, 422)
  try {
    await deleteArrangement(context(res), plan, parsed.data.version)
  } catch (error) {
    const [status, errors] = failedSave(error)
    return endPage(req, res, 'delete', deleteForm.show({ version: plan.version }, errors), status)
  }
  flash(req, `Arrangement ${plan.number} is deleted.`)
  goTo(req, res, tabOf(param(req, 'number')))
}

async function cancel(req: Request, res: Response): Promise<void> {
  const plan = await found(req, res)
  const parsed = cancelForm.parse(req.body)
  if (!parsed.ok) return endPage(req, res, 'cancel', parsed.view, 422)
  const { reason, version } = parsed.data
  try {
    await cancelArrangement(context(res), plan, version, reason)
  } catch (error) {
    const [status, errors] = failedSave(error)
    return endPage(req, res, 'cancel', cancelForm.show({ reason, version: plan.version }, errors), status)
  }
  flash(req, `Arrangement ${plan.number} is cancelled.`)
  goTo(req, res, `${tabOf(param(req, 'number'))}?plan=${encodeURIComponent(plan.number)}`)
}
