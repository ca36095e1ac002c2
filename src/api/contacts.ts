import { z } from 'zod'
import type { Checked } from '../contacts/check.ts'
import type { Draft } from '../contacts/draft.ts'
import { contactAnswer, givenContact, givenDraft } from '../contacts/given.ts'
import { readContacts, saveContacts } from '../contacts/service.ts'
import { Conflict, NotFound, type Refused } from '../errors.ts'
import { placeOf } from '../panel/record-service.ts'
import { refusedForm } from '../web/refused.ts'
import { type Call, call, created, type Given, ok } from './call.ts'

const PATH = '/accounts/{number}/contacts'
const CONTACT = z.looseObject({ id: z.number(), number: z.string() })
const STORED = z.object({ id: z.number() })

const list = call({
  method: 'get',
  path: PATH,
  need: 'customers.view',
  summary: "The contacts of the account's customer and of its location",
  answers: { 200: z.array(CONTACT) },
  handle: async ({ db, params }) => {
    const facts = await readContacts(db, params.number ?? '')
    return ok(facts.contacts.map((each) => contactAnswer(each, facts)))
  },
})

const add = call({
  method: 'post',
  path: PATH,
  need: 'customers.edit',
  summary: 'Adds a contact with its addresses, e-mail addresses and phone numbers',
  body: givenContact,
  answers: { 201: STORED },
  key: 'call',
  handle: async (given) => {
    const facts = await readContacts(given.db, given.params.number ?? '')
    return created({ id: await stored(given, givenDraft(given.body, facts), facts) })
  },
})

const change = call({
  method: 'put',
  path: `${PATH}/{id}`,
  need: 'customers.edit',
  summary: 'Changes what is named of a contact and leaves the rest; a list takes the place of the one that is there',
  body: givenContact,
  answers: { 200: STORED },
  key: 'call',
  handle: async (given) => {
    const { facts, found } = await foundOf(given)
    return ok({ id: await stored(given, givenDraft(given.body, facts, found), facts) })
  },
})

const remove = call({
  method: 'delete',
  path: `${PATH}/{id}`,
  need: 'customers.edit',
  summary: 'Deletes a contact',
  answers: { 200: STORED },
  key: 'call',
  handle: async (given) => {
    const { facts, found } = await foundOf(given as Who)
    return ok({ id: await stored(given as Who, { ...givenDraft({}, facts, found), deleted: true }, facts) })
  },
})

type Who = Given<unknown, unknown>
type Facts = Awaited<ReturnType<typeof readContacts>>

async function foundOf({ db, params }: Who) {
  const facts = await readContacts(db, params.number ?? '')
  const found = facts.contacts.find(({ id }) => String(id) === params.id)
  if (!found) throw new NotFound('contact')
  return { facts, found }
}

async function stored(given: Who, draft: Draft, facts: Facts): Promise<number> {
  const place = await placeOf(given.db, given.params.number ?? '', 'contacts')
  const outcome = await saveContacts(given, place, [draft], facts)
  if (!outcome.ok) throw outcome.theirs.length > 0 ? new Conflict(outcome.theirs.join(' ')) : refusal(outcome.checked)
  return outcome.ids.get(draft.key) ?? Number(draft.key.slice(1))
}

function refusal(checked: readonly Checked[]): Refused {
  const faults = checked.flatMap(({ view, parts }) =>
    [view, ...parts.map((each) => each.view)].flatMap((each) => each.summary),
  )
  return refusedForm({ summary: faults })
}

export const CONTACT_CALLS: Call[] = [list, add, change, remove]
