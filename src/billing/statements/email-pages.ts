import { randomUUID } from 'node:crypto'
import type { Request, Response } from 'express'
import { z } from 'zod'
import { transactionWhole } from '../../accounts/service.ts'
import { NotFound } from '../../errors.ts'
import { answerMessage, sendMail, sendsMail } from '../../mail/send.ts'
import { context } from '../../web/context.ts'
import type { Deps } from '../../web/deps.ts'
import { flash } from '../../web/flash.ts'
import { refusedErrors } from '../../web/refused.ts'
import { param } from '../../web/routes.ts'
import { goTo, view } from '../../web/view.ts'
import { asked, crumbs, historyOf, hrefOf } from './frame.ts'
import { duplicateMail, mailTo, noteMail, refuseUnlessEmailed, refuseUnlessSendable, statementMail } from './mail.ts'
import { duplicateContacts, makeStatement, recipientOf, type StatementRow, statementShowing } from './service.ts'

export async function emailPage(deps: Deps, req: Request, res: Response): Promise<void> {
  const row = await asked(req, res)
  await refuseUnlessEmailed(context(res), row.emailNotices)
  showEmail(deps, req, res, ofStatement(row))
}

export async function email(deps: Deps, req: Request, res: Response): Promise<void> {
  await deliver(deps, req, res, await asked(req, res))
}

/** Email Statement on the charge line: the statement that shows the charge, else the current one is made (001-397). */
export async function emailOfCharge(deps: Deps, req: Request, res: Response): Promise<void> {
  const who = context(res)
  const number = param(req, 'number')
  const found = await transactionWhole(who.db, param(req, 'transaction'), number)
  const row = await statementShowing(who.db, number, found.id)
  if (row) return goTo(req, res, `${hrefOf(row)}/email`)
  const { email, emailNotices } = await recipientOf(who.db, number)
  await refuseUnlessEmailed(who, emailNotices)
  showEmail(deps, req, res, { row: null, email, action: req.path })
}

const requestIn = (req: Request): string =>
  z.uuid().safeParse((req.body as { requestId?: string }).requestId).data ?? ''

export async function postEmailOfCharge(deps: Deps, req: Request, res: Response): Promise<void> {
  const who = context(res)
  const number = param(req, 'number')
  const found = await transactionWhole(who.db, param(req, 'transaction'), number)
  const row = await statementShowing(who.db, number, found.id)
  if (row) return deliver(deps, req, res, row)
  const to = await recipientOf(who.db, number)
  try {
    await refuseUnlessSendable(who, deps, to)
  } catch (error) {
    return showEmail(deps, req, res, { row: null, email: to.email, action: req.path }, refusedErrors(error))
  }
  const input = { date: who.today, format: 'plain' as const }
  const made = await makeStatement(who, number, input, `charge-${found.id}/${requestIn(req)}`)
  await deliver(deps, req, res, made)
}

interface ToEmail {
  /** Null: it is made first. */
  row: StatementRow | null
  email: string | null
  action: string
}

const ofStatement = (row: StatementRow): ToEmail => ({ row, email: row.email, action: `${hrefOf(row)}/email` })

function showEmail(deps: Deps, req: Request, res: Response, { row, email, action }: ToEmail, errors?: object): void {
  const number = param(req, 'number')
  const data = {
    title: 'Email Statement',
    crumbs: crumbs(number),
    ...{ number, row, action, to: mailTo(email), sends: sendsMail(deps), back: historyOf(number) },
    requestId: randomUUID(),
    wrong: Object.values(errors ?? {}).join(' '),
  }
  view(req, res, 'billing/statements/email', data, { status: errors ? 422 : 200 })
}

/** The duplicate of a contact whose Notices choice is e-mail; the form names the contact. */
export async function emailDuplicate(deps: Deps, req: Request, res: Response): Promise<void> {
  const who = context(res)
  const row = await asked(req, res)
  const { contact: id = '' } = req.body as { contact?: string }
  const contact = (await duplicateContacts(who.db, row)).email.find((each) => String(each.id) === id)
  if (!contact) throw new NotFound('contact')
  const mail = await duplicateMail(who, deps, row, contact)
  if (sendsMail(deps)) await sendMail(deps, mail)
  await noteMail(who, row)
  if (!sendsMail(deps)) return answerMessage(res, `statement-${row.number}-duplicate`, mail)
  flash(req, `The duplicate was sent to ${mail.to}.`)
  goTo(req, res, hrefOf(row))
}

/** Sends it where there is a mail server, else answers the message with the statement as a file (product.md 3.23). */
async function deliver(deps: Deps, req: Request, res: Response, row: StatementRow): Promise<void> {
  const who = context(res)
  try {
    const mail = await statementMail(who, deps, row)
    if (sendsMail(deps)) await sendMail(deps, mail)
    await noteMail(who, row)
    if (!sendsMail(deps)) return await answerMessage(res, `statement-${row.number}`, mail)
    flash(req, `Statement ${row.number} was sent to ${mail.to}.`)
    goTo(req, res, historyOf(row.account))
  } catch (error) {
    showEmail(deps, req, res, ofStatement(row), refusedErrors(error))
  }
}
