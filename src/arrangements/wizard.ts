import type { Request, Response } from 'express'
import { Conflict, Refused } from '../errors.ts'
import { text } from '../ledger/money.ts'
import { type Context, context } from '../web/context.ts'
import { sendPdf } from '../web/download.ts'
import type { FormView } from '../web/form.ts'
import { refusedErrors } from '../web/refused.ts'
import { type Feature, idParam, param } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { type Draft, draftOf, finishDraft, keepDraft, STEPS, type Step, startDraft } from './drafts.ts'
import { type ArrangementFacts, arrangementFacts } from './facts.ts'
import { confirmForm, type SetupTyped, setupForm } from './forms.ts'
import { termsPdf } from './paper.ts'
import { computed, draftShown, type TermsText, termsText } from './present.ts'
import { ticked } from './rules.ts'
import { decideTerms, planOf } from './service.ts'
import { againstWords } from './words.ts'

const NEED = 'accounts.terms'

/**
 * New Payment Arrangement Wizard: Warnings, Setup, Review, Confirmation, Finish [001-472]. Where somebody stands and
 * what was typed is kept in the database: a step that is not reached yet and one that is behind Finish are refused (S-39).
 */
export function addWizard(made: Feature): Feature {
  const at = '/panel/:number/arrangements/new'
  return made
    .get(at, NEED, warnings)
    .post(at, NEED, leaveWarnings)
    .get(`${at}/:draft/setup`, NEED, open('setup', showSetup))
    .post(`${at}/:draft/setup`, NEED, leave('setup', leaveSetup), { repeats: ['services'] })
    .get(`${at}/:draft/review`, NEED, open('review', showTerms('review')))
    .post(
      `${at}/:draft/review`,
      NEED,
      leave('review', (given) => go(given, 'confirmation')),
    )
    .get(`${at}/:draft/print`, NEED, printDraft)
    .get(`${at}/:draft/confirmation`, NEED, open('confirmation', showTerms('confirmation')))
    .post(`${at}/:draft/confirmation`, NEED, leave('confirmation', confirm))
    .get(`${at}/:draft/finish`, NEED, open('finish', showFinish))
}

interface Given {
  req: Request
  res: Response
  ctx: Context
  facts: ArrangementFacts
  draft: Draft
  /** Address of the account's tab, and of this draft's steps. */
  tab: string
  at: string
}

/** Address of an account's tab. */
export const tabOf = (number: string): string => `/panel/${encodeURIComponent(number)}/arrangements`

async function givenOf(req: Request, res: Response): Promise<Given> {
  const ctx = context(res)
  const facts = await arrangementFacts(ctx.db, param(req, 'number'), ctx.today)
  const draft = await draftOf(ctx, idParam(req, 'draft'), facts.accountId)
  const tab = tabOf(facts.number)
  return { req, res, ctx, facts, draft, tab, at: `${tab}/new/${draft.id}` }
}

type Handler = (given: Given) => Promise<void> | void

/** A step that is not reached, or lies behind Finish, leads to where the wizard stands. */
const open = (step: Step, handler: Handler) => async (req: Request, res: Response) => {
  const given = await givenOf(req, res)
  const { draft, at } = given
  const reached = STEPS.indexOf(step) <= STEPS.indexOf(draft.step) && (draft.step !== 'finish' || step === 'finish')
  if (!reached) return goTo(req, res, `${at}/${draft.step}`)
  await handler(given)
}

const leave = (step: Step, handler: Handler) => async (req: Request, res: Response) => {
  const given = await givenOf(req, res)
  if (given.draft.step === 'finish') throw new Conflict('This arrangement is finished already. Nothing was changed.')
  if (STEPS.indexOf(step) > STEPS.indexOf(given.draft.step)) {
    throw new Conflict(`The wizard stands at ${given.draft.step}. Nothing was changed.`)
  }
  await handler(given)
}

async function go(given: Given, step: Step, kept: { typed?: object; terms?: unknown } = {}): Promise<void> {
  await keepDraft(given.ctx, given.draft, { ...kept, step })
  goTo(given.req, given.res, `${given.at}/${step}`)
}

function page(
  { req, res, facts, tab }: Pick<Given, 'req' | 'res' | 'facts' | 'tab'>,
  name: string,
  data: object,
  status = 200,
) {
  const crumbs = [
    { label: 'Account Control Panel', href: '/panel' },
    { label: `${facts.number} Arrangements`, href: tab },
  ]
  const shared = {
    title: 'New Payment Arrangement Wizard',
    crumbs,
    account: facts,
    tab,
    step: name,
    inMenu: 'Customers',
  }
  view(req, res, `arrangements/${name}`, { ...shared, ...data }, { status })
}

async function warnings(req: Request, res: Response): Promise<void> {
  await showWarnings(req, res, 200)
}

async function showWarnings(req: Request, res: Response, status: number): Promise<void> {
  const { db, today } = context(res)
  const facts = await arrangementFacts(db, param(req, 'number'), today)
  const draft = /^[1-9]\d{0,8}$/.test(String(req.query.draft)) ? String(req.query.draft) : ''
  page({ req, res, facts, tab: tabOf(facts.number) }, 'warnings', { against: againstWords(facts), draft }, status)
}

/** Next of Warnings: on to Setup, with the draft that one came back from or a new one. */
async function leaveWarnings(req: Request, res: Response): Promise<void> {
  const ctx = context(res)
  const facts = await arrangementFacts(ctx.db, param(req, 'number'), ctx.today)
  if (facts.against.length > 0) return showWarnings(req, res, 422)
  const back = (req.body as { draft?: unknown }).draft
  const known = typeof back === 'string' && /^[1-9]\d{0,8}$/.test(back)
  const id = known ? (await draftOf(ctx, Number(back), facts.accountId)).id : await startDraft(ctx, facts.accountId)
  goTo(req, res, `${tabOf(facts.number)}/new/${id}/setup`)
}

function showSetup(given: Given): void {
  const { draft, facts } = given
  const untouched = Object.keys(draft.typed).length === 0
  const services = facts.owed.filter(({ balance }) => balance.gt('0')).map(({ code }) => code)
  const amount = text(ticked(facts.owed, services).balance)
  const initial = { description: 'Payment arrangement', services, amount, frequency: 'monthly' }
  setupPage(given, setupForm.show(untouched ? initial : draft.typed), untouched ? initial : draft.typed)
}

function setupPage(given: Given, form: FormView, typed: object, status = 200): void {
  const sums = computed(given.facts.owed, typed as Record<string, unknown>)
  page(given, 'setup', { form, sums, at: given.at, draft: given.draft }, status)
}

/** What was typed is kept whether it fits or not; Calculate shows the sums, Next goes on when the terms hold. */
async function leaveSetup(given: Given): Promise<void> {
  const body = given.req.body as Record<string, string | string[]>
  const { _csrf, do: wanted, ...typed }: Record<string, string | string[]> = { services: [], ...body }
  if (wanted === 'calculate') {
    await keepDraft(given.ctx, given.draft, { typed, step: 'setup' })
    return setupPage(given, setupForm.show(typed), typed)
  }
  const parsed = setupForm.parse(body)
  if (!parsed.ok) {
    await keepDraft(given.ctx, given.draft, { typed, step: 'setup' })
    return setupPage(given, parsed.view, typed, 422)
  }
  try {
    const terms = decideTerms(given.facts, orderOf(parsed.data))
    await go(given, 'review', { typed, terms: termsText(terms) })
  } catch (error) {
    const errors = refusedErrors(error)
    await keepDraft(given.ctx, given.draft, { typed, step: 'setup' })
    setupPage(given, setupForm.show(typed, errors), typed, 422)
  }
}

const orderOf = ({ do: _wanted, ...order }: SetupTyped) => order

const showTerms =
  (step: 'review' | 'confirmation', error = '', status = 200): Handler =>
  (given) => {
    const errors: Record<string, string> = error ? { reviewed: error } : {}
    const shown = draftShown(given.draft, given.facts)
    page(given, step, { ...shown, at: given.at, form: confirmForm.show({}, errors) }, status)
  }

/** Next of Confirmation: with the box ticked, and when the terms are still what was reviewed. */
async function confirm(given: Given): Promise<void> {
  const parsed = confirmForm.parse(given.req.body)
  if (!parsed.ok || !parsed.data.reviewed) {
    return showTerms('confirmation', 'Tick the box when everything is reviewed and correct.', 422)(given)
  }
  const { ctx, draft, facts, at } = given
  const setup = setupForm.parse(draft.typed)
  if (!setup.ok) throw new Conflict('What was typed cannot be read any more. Go back to Setup.')
  const order = orderOf(setup.data)
  try {
    const terms = decideTerms(facts, order)
    if (JSON.stringify(termsText(terms)) !== JSON.stringify(inOrder(draft.terms as TermsText))) {
      throw new Refused(
        'changed',
        'The account has changed since the arrangement was reviewed. Go back to Setup and look again.',
      )
    }
    await finishDraft(ctx, draft, facts, order, terms)
  } catch (error) {
    const [says = ''] = Object.values(refusedErrors(error))
    return showTerms('confirmation', says, 422)(given)
  }
  goTo(given.req, given.res, `${at}/finish`)
}

// the database keeps json without the order of its keys
const inOrder = ({ services, accountBalance, amount, remaining, payment, instalments }: TermsText): TermsText => ({
  services: services.map(({ code, name, balance }) => ({ code, name, balance })),
  ...{ accountBalance, amount, remaining, payment },
  instalments: instalments.map(({ due, amount: part }) => ({ due, amount: part })),
})

async function showFinish(given: Given): Promise<void> {
  const { draft, facts, ctx, at } = given
  const plan = await planOf(ctx.db, facts.number, draft.made ?? '')
  page(given, 'finish', { plan, at })
}

/** The report of what is being arranged, before it is saved [001-500]. */
async function printDraft(req: Request, res: Response): Promise<void> {
  const given = await givenOf(req, res)
  const { draft, facts, at } = given
  if (draft.terms === null || draft.step === 'setup') return goTo(req, res, `${at}/${draft.step}`)
  const shown = draftShown(draft, facts)
  const bytes = await termsPdf(res, facts, shown)
  sendPdf(res, `arrangement-${facts.number}.pdf`, bytes)
}
