import type { Request, Response } from 'express'
import { NotFound } from '../errors.ts'
import { isDay } from '../ledger/calendar.ts'
import { explainPosted } from '../payments/explain-posted.ts'
import { context } from '../web/context.ts'
import { param } from '../web/routes.ts'
import { view } from '../web/view.ts'
import { explainBalance, explainBucket, explainYear, pastDueWords } from './explain.ts'
import { baseOf } from './inquiry.ts'
import { type TransactionDetail, transactionWhole } from './service.ts'
import { mayReverse } from './transactions-tab.ts'

const crumbs = (number: string) => [
  { label: 'Customer Inquiry', href: '/customers/inquiry' },
  { label: number, href: baseOf(number) },
]

function asked(req: Request, res: Response) {
  const { db, today } = context(res)
  const number = param(req, 'number')
  const { asOf } = req.query
  const day = typeof asOf === 'string' && isDay(asOf) ? asOf : undefined
  const when = { today, asOf: day }
  return {
    db,
    number,
    when,
    frame: { crumbs: crumbs(number), base: baseOf(number), asOf: day ?? '', day: day ?? today },
  }
}

/** Explain on the balance: its buckets by service and period, with due dates and what is past due. */
export async function balancePage(req: Request, res: Response): Promise<void> {
  const { db, number, when, frame } = asked(req, res)
  const account = await explainBalance(db, number, when)
  const late = pastDueWords(account, frame.day)
  view(req, res, 'accounts/explain-balance', { title: `Balance of ${number} explained`, account, late, ...frame })
}

/** Explain on an aging bucket: the transactions that made it. */
export async function bucketPage(req: Request, res: Response): Promise<void> {
  const { db, number, when, frame } = asked(req, res)
  const service = param(req, 'service')
  const explained = await explainBucket(db, number, when, service === '-' ? '' : service, param(req, 'bucket'))
  view(req, res, 'accounts/explain-bucket', { title: `What made this, ${number}`, ...explained, ...frame })
}

/** Explain on a certified amount. */
export async function yearPage(req: Request, res: Response): Promise<void> {
  const { db, number, when, frame } = asked(req, res)
  const taxYear = param(req, 'taxYear')
  if (!/^\d{4}$/.test(taxYear)) throw new NotFound('tax year')
  const explained = await explainYear(db, number, when, Number(taxYear))
  view(req, res, 'accounts/explain-year', {
    title: `Certified ${taxYear} explained, ${number}`,
    taxYear,
    ...explained,
    ...frame,
  })
}

/** A transfer names the other account only where its other side is shown. */
const seenOf = (found: TransactionDetail, number: string) => (account: string) =>
  account === number || found.link.some((other) => other.account === account)

/** One transaction: who, when, its lines and GL accounts, and what its rule used. */
export async function transactionPage(req: Request, res: Response): Promise<void> {
  const { db, number, frame } = asked(req, res)
  const found = await transactionWhole(db, param(req, 'transaction'), number)
  view(req, res, 'accounts/transaction', {
    title: `${found.type} ${found.id}`,
    found,
    explained: explainPosted(found.facts, found.names, seenOf(found, number)),
    reversible: mayReverse(found, context(res)),
    ...frame,
  })
}
