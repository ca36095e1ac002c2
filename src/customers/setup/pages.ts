import { sql } from 'drizzle-orm'
import type { Request, Response } from 'express'
import { one } from '../../db/db.ts'
import { Conflict, NotFound } from '../../errors.ts'
import { context } from '../../web/context.ts'
import type { FeatureMaker } from '../../web/deps.ts'
import { flash } from '../../web/flash.ts'
import type { Option } from '../../web/form.ts'
import { refusedErrors } from '../../web/refused.ts'
import { feature, idParam, param } from '../../web/routes.ts'
import { goTo, view } from '../../web/view.ts'
import { checkAll, orderOf } from './compile.ts'
import { beginDraft, type Draft, discardDraft, draftOf, finishDraft, keepStep, STEPS, type Step } from './drafts.ts'
import { FINDERS } from './find.ts'
import { splitName } from './rules.ts'
import { setUpCustomer } from './set-up.ts'
import { askedOf, draftName, givenOf, openingValues, ROOT, showStep } from './show.ts'
import { checked, formOf, nextStep, stepBefore } from './steps.ts'

/** Customers > Setup New Customers: six steps over a draft that is kept after each of them [003]. */
export const pages: FeatureMaker = () =>
  feature('setup')
    .get(ROOT, 'customers.edit', start, { menu: 'Customers > Setup New Customers' })
    .post(ROOT, 'customers.edit', begin)
    .get(`${ROOT}/types`, 'customers.edit', types, { passive: true })
    .get(`${ROOT}/:id/done`, 'customers.edit', done)
    .get(`${ROOT}/:id/discard`, 'customers.edit', askDiscard)
    .post(`${ROOT}/:id/discard`, 'customers.edit', discard)
    .get(`${ROOT}/:id/:step`, 'customers.edit', open)
    .post(`${ROOT}/:id/:step`, 'customers.edit', submit)

const stepOf = (req: Request): Step => {
  const step = STEPS.find((each) => each === param(req, 'step'))
  if (!step) throw new NotFound('step')
  return step
}

async function mustHave(req: Request, res: Response): Promise<Draft> {
  const { db, actor } = context(res)
  const draft = await draftOf(db, actor.id, idParam(req, 'id', 'draft'))
  if (!draft) throw new NotFound('draft')
  return draft
}

async function start(req: Request, res: Response): Promise<void> {
  const typed = await openingValues(context(res), askedOf(req))
  await showStep(req, res, { id: 0, typed, step: 'customer' })
}

/** The first step is sent: from here on there is a draft. */
async function begin(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(res)
  const { location } = await openingValues(context(res), askedOf(req))
  const first = location ? { location } : {}
  const id = await beginDraft(db, actor.id, first)
  await take(req, res, { id, typed: first, made: null, changedAt: '' }, 'customer')
}

async function open(req: Request, res: Response): Promise<void> {
  const draft = await mustHave(req, res)
  if (draft.made) return goTo(req, res, `${ROOT}/${draft.id}/done`)
  await showStep(req, res, { ...draft, step: stepOf(req) })
}

async function submit(req: Request, res: Response): Promise<void> {
  const draft = await mustHave(req, res)
  if (draft.made) return goTo(req, res, `${ROOT}/${draft.id}/done`)
  const step = stepOf(req)
  if (step !== 'review') return take(req, res, draft, step)
  const { do: wanted = '' } = req.body as { do?: string }
  if (wanted === 'create') return create(req, res, draft)
  if (wanted === 'discard') return goTo(req, res, `${ROOT}/${draft.id}/discard?from=review`)
  goTo(req, res, `${ROOT}/${draft.id}/${wanted === 'back' ? 'meters' : destination(wanted, 'review')}`)
}

const destination = (wanted: string, otherwise: Step): Step =>
  STEPS.find((step) => wanted === `goto-${step}`) ?? otherwise

/** What was typed is kept first, whatever comes next: nothing typed is ever lost. */
async function take(req: Request, res: Response, draft: Draft, step: Step): Promise<void> {
  const { db, actor } = context(res)
  const { _csrf, do: wanted = 'next', ...body } = req.body as Record<string, string>
  const fields = changed(wanted, body)
  await keepStep(db, actor.id, draft.id, step, fields)
  const typed = { ...draft.typed, [step]: fields }
  const here = `${ROOT}/${draft.id}/${step}`
  if (wanted === 'save') flash(req, 'The draft is saved. It is listed under Setup New Customers.')
  if (wanted === 'back') return goTo(req, res, `${ROOT}/${draft.id}/${stepBefore(step)}`)
  if (wanted === 'discard') return goTo(req, res, `${ROOT}/${draft.id}/discard?from=${step}`)
  if (wanted.startsWith('goto-')) return goTo(req, res, `${ROOT}/${draft.id}/${destination(wanted, step)}`)
  if (wanted.startsWith('find-')) return goTo(req, res, `${here}?find=${encodeURIComponent(wanted.slice(5))}#found`)
  if (wanted !== 'next') return goTo(req, res, wanted === 'details' ? `${here}?details=yes` : here)
  const given = await givenOf(context(res), typed)
  const answer = await checked(step, given)
  if (!answer.ok) return showStep(req, res, { id: draft.id, typed, step, form: answer.view, status: 422 })
  goTo(req, res, `${ROOT}/${draft.id}/${nextStep(step, given)}`)
}

/** A button that fills a field: one of what was found, or the parts of the name. */
function changed(wanted: string, body: Record<string, string>): Record<string, string> {
  const [, name = '', value = ''] = /^choose-(\w+)-(.*)$/s.exec(wanted) ?? []
  if (Object.hasOwn(FINDERS, name)) return { ...body, [name]: value, ...(name === 'previous' ? { copy: 'on' } : {}) }
  if (wanted !== 'details') return body
  const parts = ['firstName', 'middleName', 'lastName'].some((part) => body[part])
  return parts ? body : { ...body, ...splitName(body.name ?? '') }
}

async function create(req: Request, res: Response, draft: Draft): Promise<void> {
  const who = context(res)
  const done = `${ROOT}/${draft.id}/done`
  // of two presses at once the second finds its own customer's number taken
  const isDone = async () => Boolean((await draftOf(who.db, who.actor.id, draft.id))?.made)
  const given = await givenOf(who, draft.typed)
  const { data, faults } = await checkAll(given)
  if (faults.length > 0) {
    return (await isDone()) ? goTo(req, res, done) : showStep(req, res, { ...draft, step: 'review', status: 422 })
  }
  try {
    await setUpCustomer(who, orderOf(given, data), async (db, made) => {
      if (!(await finishDraft(db, who.actor.id, draft.id, made))) throw new Conflict('This draft is set up already.')
    })
  } catch (error) {
    if (!(await isDone())) return refuse(req, res, draft, refusedErrors(error))
  }
  goTo(req, res, done)
}

/** What the database refused stands beside its field, on the step that has it. */
async function refuse(req: Request, res: Response, draft: Draft, errors: Record<string, string>): Promise<void> {
  const given = await givenOf(context(res), draft.typed)
  const step = STEPS.find(
    (each) => each !== 'review' && Object.keys(errors).some((name) => Object.hasOwn(formOf(each, given).shape, name)),
  )
  if (!step)
    return showStep(req, res, { ...draft, step: 'review', refused: Object.values(errors).join(' '), status: 422 })
  const form = formOf(step, given).show(draft.typed[step] ?? {}, errors, given.lists)
  return showStep(req, res, { ...draft, step, form, status: 422 })
}

/** Asks first: what was typed is gone with the draft. */
async function askDiscard(req: Request, res: Response): Promise<void> {
  const { id, typed, made } = await mustHave(req, res)
  if (made) return goTo(req, res, `${ROOT}/${id}/done`)
  const from = STEPS.find((step) => step === req.query.from) ?? 'customer'
  const data = { name: draftName(typed), action: `${ROOT}/${id}/discard`, back: `${ROOT}/${id}/${from}` }
  view(req, res, 'customers/setup/discard', { title: 'Setup New Customers', ...data })
}

async function discard(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(res)
  await discardDraft(db, actor.id, idParam(req, 'id', 'draft'))
  flash(req, 'The draft is discarded. Nothing was set up.')
  goTo(req, res, ROOT)
}

/** What was set up, and what comes next. */
async function done(req: Request, res: Response): Promise<void> {
  const { db, may } = context(res)
  const draft = await mustHave(req, res)
  if (!draft.made) return goTo(req, res, `${ROOT}/${draft.id}/review`)
  const person = await one<{ name: string; collect: string; status: string | null }>(
    db,
    sql`select c.name, (select a.activity_status from account a where a.number = ${draft.made.account}) as status,
        (select coalesce(sum(g.amount), 0)::numeric(14,2)::text from deposit_agreement g join account a on a.id = g.account_id
          where a.number = ${draft.made.account}
            and not exists (select from ledger.deposit d where d.number = g.number)) as collect
      from customer c where c.number = ${draft.made.customer}`,
  )
  // whoever set it up may not see the customer any more
  if (!person) throw new NotFound('customer')
  const data = { title: 'Setup New Customers', made: draft.made, person, mayTake: may('payments.take') }
  view(req, res, 'customers/setup/done', data)
}

/** The town's customer types as the list of the form: fetched again when its window is entered, so a new one is there. */
async function types(req: Request, res: Response): Promise<void> {
  const { lists } = await givenOf(context(res), {})
  const chosen = typeof req.query.customerTypeId === 'string' ? req.query.customerTypeId : ''
  const options = (lists.options?.customerTypeId ?? []) as Option[]
  view(req, res, 'customers/setup/types', { title: 'Customer types', options, chosen }, { block: 'main' })
}
