import { randomUUID } from 'node:crypto'
import type { Request, Response } from 'express'
import { Conflict, NotFound } from '../errors.ts'
import { text } from '../ledger/money.ts'
import { context } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import { defineForm, type FormView, field } from '../web/form.ts'
import { moneyText } from '../web/format.ts'
import { codeInput, moneyInput, optional, textInput } from '../web/inputs.ts'
import { refusedErrors } from '../web/refused.ts'
import { param } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { candidatesOf } from './candidate-list.ts'
import { type CertificationCase, caseOf, certificationYear, taxYears } from './case-store.ts'
import { type CaseStage, STAGE_LABELS } from './stage-rules.ts'
import { withdrawCertification } from './withdrawal.ts'

const PATH = '/tax-certification/cases'
const CRUMB = { label: 'Certification cases', href: PATH }

/** Tax Certification > Certification cases: the tax years with what came of them. */
export async function casesPage(_req: Request, res: Response): Promise<void> {
  const { db, today } = context(res)
  const years = await taxYears(db)
  view(_req, res, 'tax-certification/cases', { title: 'Certification cases', years, next: Number(today.slice(0, 4)) })
}

const STAGES = Object.keys(STAGE_LABELS) as CaseStage[]

/** One tax year: every account and how far its certification has come; candidates are asked for, for they are decided anew. */
export async function casePage(req: Request, res: Response): Promise<void> {
  const { db, today } = context(res)
  const year = param(req, 'year')
  if (!/^[1-9]\d{3}$/.test(year)) throw new NotFound('tax year')
  const taxYear = Number(year)
  const found = await caseOf(db, taxYear)
  const stage = typeof req.query.stage === 'string' ? req.query.stage : ''
  const asksCandidates = stage === 'candidate'
  const candidates = asksCandidates || found.length === 0 ? await candidatesOf(db, taxYear, today) : []
  const stages = STAGES.map((each) => ({
    stage: each,
    label: STAGE_LABELS[each],
    count: found.filter((one) => one.stage === each).length,
  }))
  const chosen = stage === '' ? found : found.filter((one) => one.stage === stage)
  const showsCandidates = asksCandidates || found.length === 0
  const data = {
    title: `Certification case ${taxYear}`,
    crumbs: [CRUMB],
    taxYear,
    total: found.length,
    stages: stages.filter(({ count }) => count > 0),
    candidates: showsCandidates,
    heading: showsCandidates
      ? `Candidates: what would be certified today, ${candidates.length} accounts`
      : headingOf(stage, chosen.length),
    list: showsCandidates ? candidates : chosen.map(shown),
  }
  view(req, res, 'tax-certification/case', data)
}

const headingOf = (stage: string, count: number): string =>
  `${STAGE_LABELS[stage as CaseStage] ?? 'All accounts'}, ${count}`

function shown(one: CertificationCase) {
  const told = one.certifications.some(({ countyMustBeTold }) => countyMustBeTold)
  return { ...one, ...amounts(one), told }
}

const amounts = ({ certified, fee, posted, paid, adjusted, balance }: CertificationCase) => ({
  certified: text(certified),
  fee: text(fee),
  posted: text(posted),
  paid: text(paid),
  adjusted: text(adjusted),
  balance: text(balance),
})

const withdrawForm = defineForm({
  requestId: field(textInput(40), { label: '', input: 'hidden' }),
  service: field(optional(codeInput()), { label: 'Service', input: 'select', hint: 'Empty: all services' }),
  amount: field(optional(moneyInput()), {
    label: 'Amount',
    input: 'money',
    hint: 'Empty: all of it; a part is taken off the newest period first',
  }),
  reason: field(textInput(500), { label: 'Reason' }),
})

/** One certification: what it named, how far it has come, and Withdraw. */
export async function certificationPage(req: Request, res: Response): Promise<void> {
  const found = await mustFind(req, res)
  show(req, res, found, withdrawForm.show({ requestId: randomUUID() }, {}, listsOf(found)))
}

type Found = Awaited<ReturnType<typeof mustFind>>

async function mustFind(req: Request, res: Response) {
  const { db } = context(res)
  const number = param(req, 'certification')
  const where = await certificationYear(db, number)
  const [account] = where ? await caseOf(db, where.taxYear, where.accountNumber) : []
  const one = account?.certifications.find((each) => each.number === number)
  if (!where || !account || !one) throw new NotFound('certification')
  return { account, one, taxYear: where.taxYear }
}

const listsOf = ({ one }: Found) => ({ options: { service: [...new Set(one.lines.map(({ service }) => service))] } })

export async function withdraw(req: Request, res: Response): Promise<void> {
  const { db, actor, today } = context(res)
  const found = await mustFind(req, res)
  const parsed = withdrawForm.parse(req.body, listsOf(found))
  if (!parsed.ok) return show(req, res, found, parsed.view, 422)
  const { requestId, amount, ...typed } = parsed.data
  const body = { ...typed, amount: amount && text(amount) }
  const { number } = found.one
  try {
    const request = { path: `/certifications/${number}/withdrawal`, key: requestId, body }
    const left = await withdrawCertification({ db, actor: actor.id, today }, number, body, request)
    const said = left.withdrawn ? 'is withdrawn' : `stands at ${moneyText(left.certified)}`
    flash(req, `Certification ${number} ${said}.`)
    goTo(req, res, `/tax-certification/certifications/${encodeURIComponent(number)}`)
  } catch (error) {
    const errors = error instanceof Conflict ? { '': error.message } : refusedErrors(error)
    show(req, res, found, withdrawForm.show(req.body as object, errors, listsOf(found)), 422)
  }
}

function show(req: Request, res: Response, { account, one, taxYear }: Found, form: FormView, status = 200): void {
  const data = {
    title: `Certification ${one.number}`,
    crumbs: [CRUMB, { label: String(taxYear), href: `${PATH}/${taxYear}` }],
    account: { ...account, ...amounts(account) },
    one: one,
    taxYear,
    form,
    mayWithdraw: !one.withdrawn && context(res).may('certification.adjust'),
  }
  view(req, res, 'tax-certification/certification', data, { status })
}
