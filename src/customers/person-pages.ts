import { sql } from 'drizzle-orm'
import type { Request, Response } from 'express'
import { tabPage } from '../accounts/inquiry.ts'
import { one } from '../db/db.ts'
import { customer } from '../db/tables/customers.ts'
import { Conflict, NotFound } from '../errors.ts'
import { type Person, personOf, personRoute } from '../panel/person.ts'
import { PANEL } from '../panel/tabs.ts'
import { context } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import type { FormView } from '../web/form.ts'
import { refusedErrors } from '../web/refused.ts'
import { type Feature, param } from '../web/routes.ts'
import { goTo } from '../web/view.ts'
import { addresses } from './addresses.ts'
import { addPart } from './part-pages.ts'
import { refuseMissingName, saveCustomer } from './person.ts'
import { type PersonFacts, type PersonLists, readPerson } from './person-facts.ts'
import { type IdentityData, type PersonData, personForm } from './person-forms.ts'
import { besideOf, formValues, type OfAccount, personOptions } from './person-page.ts'
import { phones } from './phones.ts'
import { whoChanged } from './rows.ts'
import { toldOf } from './told.ts'

/** What the Customer and Owner tabs write: Customer ID with the address, Customer ID alone, phones, other addresses. */
export function addPersonPages(made: Feature): void {
  const repeats = { repeats: ['disallowedPayMethods'] }
  personRoute(made, 'post', '', 'customers.edit', save, repeats)
  addPart(made, phones)
  addPart(made, addresses)
}

type Kind = 'person' | 'identity'

/** Customer ID is saved alone where it stands above another inner tab than Address. */
const kindOf = (req: Request): Kind => (innerOf(req) === '' ? 'person' : 'identity')

interface Asked {
  person: Person
  facts: PersonFacts
  lists: PersonLists
  account: (OfAccount & { id: number }) | undefined
}

async function askedOf(req: Request, res: Response): Promise<Asked> {
  const { db } = context(res)
  const person = await personOf(req, res)
  const read = await readPerson(db, person.id)
  const account = await one<OfAccount & { id: number }>(
    db,
    sql`select id, version, account_status_id as "statusId" from account where number = ${param(req, 'number')}`,
  )
  if (!read || !account) throw new NotFound('account')
  return { person, facts: read.person, lists: read.lists, account: person.who === 'customer' ? account : undefined }
}

const formOf = (kind: Kind, { lists, account }: Asked, res: Response) =>
  personForm(kind, besideOf(context(res).may, lists, account !== undefined))

async function save(req: Request, res: Response): Promise<void> {
  const kind = kindOf(req)
  const asked = await askedOf(req, res)
  const { facts, account, person } = asked
  const form = formOf(kind, asked, res)
  const options = personOptions(asked.lists, facts.values)
  const parsed = form.parse(req.body, options)
  if (!parsed.ok) return again(asked, req, res, parsed.view, 422)
  const data = parsed.data as PersonData & Partial<IdentityData>
  const status =
    account && data.accountStatusId !== undefined
      ? { at: { id: account.id, version: data.accountVersion ?? 0 }, statusId: data.accountStatusId }
      : undefined
  try {
    refuseMissingName(facts, data)
    await saveCustomer(context(res), { id: facts.id, version: data.version ?? 0 }, facts, data, status)
    flash(req, `Saved. Customer ${facts.number}.`)
    goTo(req, res, `${person.base}${innerOf(req)}`)
  } catch (error) {
    if (error instanceof Conflict) return tell(kind, req, res, error)
    return again(asked, req, res, form.show(req.body as object, refusedErrors(error), options), 422)
  }
}

/** Somebody else was quicker: their changes, field by field, and the form to go on with. */
async function tell(kind: Kind, req: Request, res: Response, conflict: Conflict): Promise<void> {
  const asked = await askedOf(req, res)
  const form = formOf(kind, asked, res)
  const options = personOptions(asked.lists, asked.facts.values)
  const stored = formValues(asked.facts, asked.account)
  const { form: shown, theirs } = toldOf(stored, { form, body: req.body, options, conflict })
  const whoElse = (await whoChanged(context(res).db, customer, asked.facts.id)) ?? ''
  await again(asked, req, res, shown, 409, { theirs, whoElse })
}

/** The inner tab that Customer ID was saved from. */
const innerOf = (req: Request): string => {
  const { inner = '' } = req.body as { inner?: unknown }
  return typeof inner === 'string' && /^[a-z-]+$/.test(inner) ? `/${inner}` : ''
}

/** The same page with the form as typed. */
async function again(
  { person }: Asked,
  req: Request,
  res: Response,
  form: FormView,
  status: number,
  more: object = {},
) {
  const path = `${person.who}${innerOf(req)}`
  const inner = PANEL.tabs.find((each) => each.inside === person.who && each.path === path)
  if (!inner) throw new NotFound('page')
  await tabPage(PANEL, inner, { data: { personForm: form, ...more }, status })(req, res)
}
