import { randomUUID } from 'node:crypto'
import type { Request, Response } from 'express'
import { z } from 'zod'
import { context } from '../../web/context.ts'
import type { Deps, FeatureMaker } from '../../web/deps.ts'
import { sendPdf } from '../../web/download.ts'
import { flash } from '../../web/flash.ts'
import { defineForm, type FormView, field } from '../../web/form.ts'
import { dateInput, optional, selectInput } from '../../web/inputs.ts'
import { pageNumber, paging } from '../../web/paging.ts'
import { refusedErrors } from '../../web/refused.ts'
import { feature, param } from '../../web/routes.ts'
import { goTo, view } from '../../web/view.ts'
import { email, emailDuplicate, emailOfCharge, emailPage, postEmailOfCharge } from './email-pages.ts'
import { FORMATS } from './formats.ts'
import { asked, base, crumbs, historyOf, hrefOf } from './frame.ts'
import { emailsStatements } from './mail.ts'
import {
  countStatements,
  duplicateContacts,
  duplicatesPdf,
  makeStatement,
  previewStatement,
  statementFile,
  statementsOf,
} from './service.ts'

const ACCOUNT = '/accounts/:number'
const ONE = `${ACCOUNT}/statements/:statement`

/** Statements of an account: made, looked at, duplicated for contacts, sent by e-mail (product.md 3.18). */
export const statements: FeatureMaker = (deps) => {
  const handler = (handle: (deps: Deps, req: Request, res: Response) => unknown) => (req: Request, res: Response) =>
    handle(deps, req, res)
  return feature('statements')
    .get(`${ACCOUNT}/statements`, 'billing.view', list)
    .get(`${ACCOUNT}/statements/new`, 'billing.prepare', newStatement)
    .post(`${ACCOUNT}/statements`, 'billing.prepare', postStatement)
    .get(ONE, 'billing.view', show)
    .get(`${ONE}/file`, 'billing.view', file)
    .get(`${ONE}/duplicates`, 'billing.prepare', duplicates)
    .post(`${ONE}/duplicates`, 'billing.prepare', handler(emailDuplicate))
    .get(`${ONE}/email`, 'billing.prepare', handler(emailPage))
    .post(`${ONE}/email`, 'billing.prepare', handler(email))
    .get(`${ACCOUNT}/transactions/:transaction/statement-email`, 'billing.prepare', handler(emailOfCharge))
    .post(`${ACCOUNT}/transactions/:transaction/statement-email`, 'billing.prepare', handler(postEmailOfCharge))
}

const form = defineForm({
  requestId: field(z.uuid(), { label: '', input: 'hidden' }),
  duplicates: field(optional(selectInput(['yes'])), { label: '', input: 'hidden' }),
  format: field(selectInput(FORMATS.map(({ value }) => value) as ['plain']), {
    label: 'Format',
    input: 'radio',
    options: FORMATS,
  }),
  date: field(dateInput(), { label: 'Statement date', input: 'date' }),
})

async function list(req: Request, res: Response): Promise<void> {
  const { db, may } = context(res)
  const number = param(req, 'number')
  const links = paging(base(number), req.query, pageNumber(req.query.page), await countStatements(db, number))
  const rows = await statementsOf(db, number, 50, (links.page - 1) * 50)
  const data = {
    title: `Statements of ${number}`,
    crumbs: crumbs(number),
    number,
    rows,
    links,
    mayMake: may('billing.prepare'),
  }
  view(req, res, 'billing/statements/list', { ...data, base: base(number) })
}

/** Select Report Format (001-390). */
async function newStatement(req: Request, res: Response): Promise<void> {
  const { today } = context(res)
  const asked = req.query.duplicates === 'yes' ? { duplicates: 'yes' } : {}
  const shown = form.show({ requestId: randomUUID(), format: 'plain', date: today, ...asked })
  await showNew(req, res, shown, asked.duplicates !== undefined)
}

async function showNew(
  req: Request,
  res: Response,
  shown: FormView,
  forContacts: boolean,
  status = 200,
): Promise<void> {
  const { db, today } = context(res)
  const number = param(req, 'number')
  const figures = await previewStatement(db, number, today)
  const title = forContacts ? 'Print Statement Duplicate For Contacts' : 'Statement'
  const data = { title, crumbs: crumbs(number), number, form: shown, figures, forContacts, action: base(number) }
  view(req, res, 'billing/statements/new', { ...data, back: historyOf(number) }, { status })
}

async function postStatement(req: Request, res: Response): Promise<void> {
  const number = param(req, 'number')
  const parsed = form.parse(req.body)
  const forContacts = (req.body as { duplicates?: string }).duplicates === 'yes'
  if (!parsed.ok) return showNew(req, res, parsed.view, forContacts, 422)
  const { requestId, date, format } = parsed.data
  try {
    const row = await makeStatement(context(res), number, { date, format }, requestId)
    flash(req, `Statement ${row.number} is made.`)
    goTo(req, res, hrefOf(row))
  } catch (error) {
    await showNew(req, res, form.show(req.body as object, refusedErrors(error)), forContacts, 422)
  }
}

async function show(req: Request, res: Response): Promise<void> {
  const { db, may } = context(res)
  const row = await asked(req, res)
  const data = {
    title: `Statement ${row.number}`,
    crumbs: [...crumbs(row.account), { label: 'Statements', href: base(row.account) }],
    ...{ row, href: hrefOf(row), contacts: await duplicateContacts(db, row), mayMake: may('billing.prepare') },
    drawn: row.facts !== null,
    emails: await emailsStatements(db, row.emailNotices),
    format: FORMATS.find(({ value }) => value === row.format)?.label ?? row.format,
  }
  view(req, res, 'billing/statements/statement', data)
}

/** The PDF, to be printed. */
async function file(req: Request, res: Response): Promise<void> {
  const row = await asked(req, res)
  sendPdf(res, `statement-${row.number}.pdf`, await statementFile(context(res).db, row))
}

/** The duplicates of those whose Notices choice is mail, as one PDF. */
async function duplicates(req: Request, res: Response): Promise<void> {
  const row = await asked(req, res)
  const { mail } = await duplicateContacts(context(res).db, row)
  if (mail.length === 0) {
    flash(req, 'No contact of this customer has Notices by mail: there is no duplicate to print.', 'info')
    return goTo(req, res, hrefOf(row))
  }
  sendPdf(res, `statement-${row.number}-duplicates.pdf`, await duplicatesPdf(row, mail))
}
