import type { Response } from 'express'
import { type Day, formatDay } from '../ledger/calendar.ts'
import { listPaper, oneFile } from '../runs/list-paper.ts'
import type { Paper } from '../runs/register-paper.ts'
import { context } from '../web/context.ts'
import type { TownFacts } from '../web/town.ts'
import type { PlanShown, TermsShown } from './present.ts'

/** Whose plans are printed. */
export interface PaperAccount {
  number: string
  name: string
  serviceAddress: string
}

function headed(res: Response, title: string, { number, name, serviceAddress }: PaperAccount): Paper {
  const head = { town: (res.locals.town as TownFacts).name, title, today: context(res).today }
  return listPaper(head, [
    ['Account', `${number} ${name}`],
    ['Service address', serviceAddress],
  ])
}

function terms(paper: Paper, shown: { description: string; due: string; graceDays: number }): void {
  paper.pair('Description', shown.description)
  paper.pair('Payments are due', shown.due)
  paper.pair('Broken', `when a payment is not made ${shown.graceDays} days after its due date`)
}

function services(paper: Paper, list: readonly { name: string; balance: string }[], balance: string): void {
  paper.gap()
  paper.heading(['Balance'], 'Service')
  for (const { name, balance: each } of list) paper.row(name, [each])
  paper.total('Account balance', [balance])
}

/** What is being arranged, before it is saved [001-500]. */
export function termsPdf(
  res: Response,
  account: PaperAccount,
  { terms: agreed, ...shown }: TermsShown,
): Promise<Buffer> {
  const paper = headed(res, 'Payment arrangement, to be confirmed', account)
  terms(paper, shown)
  services(paper, agreed.services, agreed.accountBalance)
  paper.pair('Remaining balance', agreed.remaining)
  paper.gap()
  paper.heading(['Amount'], 'Payment and due date')
  for (const [place, { due, amount }] of agreed.instalments.entries()) paper.row(line(place, due), [amount])
  paper.total('Arrangement amount', [agreed.amount])
  return oneFile(paper)
}

const line = (place: number, due: Day): string => `${place + 1}.  ${formatDay(due)}`

const states: Record<PlanShown['state'], string> = {
  current: 'Current',
  completed: 'Completed',
  broken: 'Broken',
  cancelled: 'Cancelled',
}

const stateWords = ({ state, ended, reason }: PlanShown): string =>
  [states[state], ended ? formatDay(ended) : '', reason].filter(Boolean).join('  ')

/** Print Arrangement: the details of one plan [001-470]. */
export function planPdf(res: Response, account: PaperAccount, plan: PlanShown): Promise<Buffer> {
  const paper = headed(res, `Payment arrangement ${plan.number}`, account)
  paper.pair('Arrangement No.', plan.number)
  paper.pair('Made', [formatDay(plan.madeOn), plan.madeBy ?? ''].filter(Boolean).join('  '))
  terms(paper, plan)
  paper.pair('State', stateWords(plan))
  services(paper, plan.services, plan.accountBalance)
  paper.pair('Remaining balance', plan.remaining)
  payments(paper, plan)
  paper.gap()
  paper.pair('Customer', '____________________')
  paper.pair('For the town', '____________________')
  return oneFile(paper)
}

function payments(paper: Paper, plan: PlanShown): void {
  paper.gap()
  paper.heading(['Amount', 'Paid', 'Left'], 'Payment and due date')
  for (const [place, { due, amount, paid, left, state }] of plan.payments.entries()) {
    paper.row(`${line(place, due)}  ${state}`, [amount, paid, left])
  }
  paper.total(`Arrangement ${plan.number}`, [plan.amount, plan.paid, plan.left])
}

/** Print History: every plan of the account, a summary and what became of its payments [001-471]. */
export function historyPdf(res: Response, account: PaperAccount, plans: readonly PlanShown[]): Promise<Buffer> {
  const paper = headed(res, 'History of payment arrangements', account)
  paper.heading(['Amount', 'Paid', 'Left'], 'No., made, description, state')
  for (const plan of plans) {
    paper.row([plan.number, formatDay(plan.madeOn), plan.description].join('  '), [plan.amount, plan.paid, plan.left])
    paper.note(stateWords(plan))
  }
  for (const plan of plans) payments(paper, plan)
  paper.gap()
  paper.note(`${plans.length} arrangement${plans.length === 1 ? '' : 's'}`)
  return oneFile(paper)
}
