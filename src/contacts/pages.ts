import type { Request, Response } from 'express'
import { tabPage } from '../accounts/inquiry.ts'
import { protectedField } from '../auth/step-up.ts'
import { Conflict } from '../errors.ts'
import { placeOf } from '../panel/record-service.ts'
import type { Place } from '../panel/records.ts'
import { PANEL } from '../panel/tabs.ts'
import { type Context, context } from '../web/context.ts'
import type { Deps, FeatureMaker } from '../web/deps.ts'
import { flash } from '../web/flash.ts'
import { type Feature, feature, idParam, param } from '../web/routes.ts'
import { goTo } from '../web/view.ts'
import { blankDraft, blankPart, type Draft, idOf, isNew, type Sent, sentDrafts } from './draft.ts'
import { PART_KINDS } from './forms.ts'
import { contactsData, type Shown } from './present.ts'
import { contactOf, masksOf, type Outcome, openContact, readContacts, saveContacts } from './service.ts'
import { contactsTab } from './tab.ts'

/** What the Contacts tab writes: one form with the whole list, its Add and Delete, and one Save; Show with the password. */
export const pages: FeatureMaker = (deps) => {
  const made = feature('contacts').post('/panel/:number/contacts', 'customers.edit', send)
  for (const field of ['licence', 'ssn'] as const) addShow(made, deps, field)
  return made
}

const LABELS = { licence: "Driver's license", ssn: 'SSN' }

function addShow(made: Feature, deps: Deps, field: 'licence' | 'ssn'): void {
  protectedField(made, deps, {
    label: LABELS[field],
    path: `/panel/:number/contacts/:id/${field}`,
    need: 'customers.reveal',
    subject: 'contact',
    field,
    find: async (req, res) => {
      const number = param(req, 'number')
      const owner = await contactOf(context(res).db, number, idParam(req, 'id', 'contact'))
      const back = `/panel/${encodeURIComponent(number)}/contacts?contact=${owner.id}`
      const about = { key: owner.number, title: owner.name, mask: masksOf(owner)[field], back, owner }
      return owner.customerId === null ? about : { ...about, customerId: owner.customerId }
    },
    read: ({ owner }, _req, res) => openContact(context(res).db, owner, field),
  })
}

/** Every button of the tab: Add, Delete and their kind change what stands in the form and store nothing; Save stores all. */
async function send(req: Request, res: Response): Promise<void> {
  const ctx = context(res)
  const place = await placeOf(ctx.db, param(req, 'number'), 'contacts')
  const sent = sentDrafts(req.body as Record<string, string>)
  if (sent.act !== '') return again(req, res, ctx, place, { ...acted(sent), added: addedBy(sent.act) })
  const outcome = await save(ctx, place, sent.drafts)
  if (!outcome.ok) return refused(req, res, ctx, place, sent, outcome)
  if (outcome.ids.size > 0) flash(req, 'The contacts are saved.')
  else flash(req, 'Nothing was changed: there is nothing to save.', 'info')
  goTo(req, res, `${place.at}${selectedOf(sent, outcome.ids)}`)
}

/** A Save that meets a change of the same moment reads again, and tells. */
async function save(ctx: Context, place: Place, drafts: readonly Draft[]): Promise<Outcome> {
  const attempt = async () => saveContacts(ctx, place, drafts, await readContacts(ctx.db, place.number))
  try {
    return await attempt()
  } catch (error) {
    if (error instanceof Conflict) return attempt()
    throw error
  }
}

function selectedOf({ selected, drafts }: Sent, ids: ReadonlyMap<string, number>): string {
  const draft = drafts.find(({ key }) => key === selected)
  if (!draft || draft.deleted) return ''
  return `?contact=${ids.get(selected) ?? idOf(draft)}&section=${draft.section}`
}

/** What Add, Delete, Undo and a kind's own Add make of the list. */
function acted({ drafts, selected, act }: Sent): { drafts: Draft[]; selected: string } {
  const [verb = '', key = ''] = act.split(':')
  if (verb === 'add') {
    const blank = blankDraft(drafts)
    return { drafts: [...drafts, blank], selected: blank.key }
  }
  if (verb === 'delete') return deleted(drafts, selected)
  const change = (draft: Draft): Draft => {
    if (verb === 'undo') return { ...draft, deleted: false }
    const kind = PART_KINDS.find((each) => each === verb)
    return kind ? { ...draft, section: kind, parts: [...draft.parts, blankPart(kind, draft)] } : draft
  }
  return { drafts: drafts.map((draft) => (draft.key === key ? change(draft) : draft)), selected: key || selected }
}

function addedBy(act: string): Shown['added'] {
  const [verb] = act.split(':')
  return verb === 'add' ? 'contact' : PART_KINDS.find((each) => each === verb)
}

/** One that was never saved simply leaves the list; a saved one is struck out until Save [001-248]. */
function deleted(drafts: Draft[], selected: string) {
  const left = drafts.filter((draft) => draft.key !== selected || !isNew(draft))
  return { drafts: left.map((draft) => (draft.key === selected ? { ...draft, deleted: true } : draft)), selected }
}

interface Standing extends Pick<Shown, 'drafts' | 'selected' | 'checked' | 'added'> {
  status?: number
  /** What somebody else changed meanwhile, in words. */
  theirs?: readonly string[]
}

async function again(
  req: Request,
  res: Response,
  ctx: Context,
  place: Place,
  { status = 200, theirs = [], ...standing }: Standing,
): Promise<void> {
  const facts = await readContacts(ctx.db, place.number)
  const data = contactsData({ ...standing, facts, edit: true, personal: ctx.may('customers.personal') })
  // a page never carries a protected number, so it does not come back with the form
  const lost = standing.drafts.some(({ values }) => values.ssn || values.licence)
  await tabPage(PANEL, contactsTab, { data: { ...data, unsaved: true, lost, theirs }, status })(req, res)
}

async function refused(
  req: Request,
  res: Response,
  ctx: Context,
  place: Place,
  { selected }: Sent,
  { checked, theirs, drafts }: Outcome & { ok: false },
): Promise<void> {
  const shown = theirs.length > 0 ? { status: 409, theirs } : { status: 422, checked }
  await again(req, res, ctx, place, { drafts, selected, ...shown })
}
