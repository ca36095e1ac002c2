import { z } from 'zod'
import { addresses } from '../customers/addresses.ts'
import { customers } from '../customers/customers.ts'
import { codesOf, customerAnswer, findCustomer, outerName, outside, readSent, type Sent } from '../customers/outside.ts'
import type { Key, PartKind } from '../customers/part.ts'
import { addCustomer, saveCustomer } from '../customers/person.ts'
import { readLists } from '../customers/person-facts.ts'
import { personForm } from '../customers/person-forms.ts'
import { besideOf, personOptions } from '../customers/person-page.ts'
import { phones } from '../customers/phones.ts'
import { takeNumber } from '../customers/rows.ts'
import { NotFound } from '../errors.ts'
import { accountMessages } from '../panel/message-service.ts'
import { type Call, call, created, type Given, ok } from './call.ts'
import { amount, day, daySent } from './schemas.ts'
import { sentOf } from './sent-fields.ts'

const BESIDE = ['version', 'accountVersion', 'seen', 'requestId', 'inner']
/** The fields of a form by their names outside. Which of them this person and this town have is asked when they are read. */
const sentBy = (shape: object) =>
  sentOf(shape as Record<string, z.ZodType>, (name) => (BESIDE.includes(name) ? '' : outerName(name)))
const SENT = sentBy(personForm('record', { private: true, web: true, status: false }).shape)

const CUSTOMER = z.looseObject({
  customerNumber: z.string(),
  name: z.string(),
  phones: z.array(z.looseObject({ id: z.string(), number: z.string(), primary: z.boolean() })),
  addresses: z.array(z.looseObject({ id: z.string(), addressLine1: z.string() })),
  mailingAddress: z.union([z.object({ primary: z.boolean(), lines: z.array(z.string()) }), z.null()]),
  accounts: z.array(z.string()),
})

type Who = Given<unknown, Sent>

const answered = async ({ db, today }: Pick<Who, 'db' | 'today'>, number: string, on = today) =>
  customerAnswer(db, await findCustomer(db, number), on)

const list = call({
  method: 'get',
  path: '/customers',
  need: 'customers.view',
  summary: 'Customers by number, name, address, phone, e-mail or old id; at most 50',
  query: z.strictObject({ query: z.string().max(100).optional() }),
  answers: { 200: z.array(z.looseObject({ number: z.string(), name: z.string() })) },
  handle: async (given) => ok((await customers.list(given, given.query.query ?? '', 50, 0)).rows),
})

const show = call({
  method: 'get',
  path: '/customers/{number}',
  need: 'customers.view',
  summary: 'A customer with phones, addresses and the mailing address in force today, or on a day',
  query: z.strictObject({ on: daySent().optional() }),
  answers: { 200: CUSTOMER },
  handle: async (given) => ok(await answered(given, given.params.number ?? '', given.query.on)),
})

const formOf = (given: Who, lists: Awaited<ReturnType<typeof readLists>>) =>
  personForm('record', besideOf(given.may, lists, false))

const add = call({
  method: 'post',
  path: '/customers',
  need: 'customers.edit',
  summary: 'Adds a customer; without a number it gets the next one',
  body: SENT,
  answers: { 201: CUSTOMER },
  key: 'call',
  handle: async (given) => {
    const lists = await readLists(given.db)
    const initial = { kind: 'individual', active: true, public: true, mailNotices: true }
    const codes = await codesOf(given.db)
    const number = await given.db.transaction(async (db) => {
      const before = { ...initial, number: await takeNumber(db, 'customer') }
      const data = readSent(formOf(given, lists), codes, before, given.body, personOptions(lists, given.body))
      await outside(() => addCustomer({ ...given, db }, data))
      return data.number
    })
    return created(await answered(given, number))
  },
})

const change = call({
  method: 'put',
  path: '/customers/{number}',
  need: 'customers.edit',
  summary: 'Changes the fields that are named and leaves the others',
  body: SENT,
  answers: { 200: CUSTOMER },
  key: 'call',
  handle: async (given) => {
    const { person, lists, codes } = await findCustomer(given.db, given.params.number ?? '')
    const before = { ...person.values, number: person.number }
    const options = personOptions(lists, person.values)
    const data = readSent(formOf(given, lists), codes, before, given.body, options)
    await outside(() => saveCustomer(given, person, person, data))
    return ok(await answered(given, data.number))
  },
})

/** Calls of the phones and the further addresses of a customer, by the rules of their own forms. */
function partCalls<T extends object>(kind: PartKind<T> & { form: { shape: object } }): Call[] {
  const path = `/customers/{number}/${kind.path}`
  const common = { need: 'customers.edit', answers: { 200: CUSTOMER }, key: 'call' } as const
  const save = async (given: Who, key?: Key) => {
    const { person, lists, codes } = await findCustomer(given.db, given.params.number ?? '')
    const part = key === undefined ? undefined : await kind.find(person, key, given as never)
    if (key !== undefined && !part) throw new NotFound(kind.noun)
    const data = readSent(kind.form, codes, (part?.values ?? {}) as Sent, given.body, kind.options(lists))
    await outside(() => kind.save(given as never, person, data, part))
    return answered(given, person.number)
  }
  return [
    call({
      method: 'post',
      path,
      summary: `Adds: ${kind.noun}`,
      body: sentBy(kind.form.shape),
      ...common,
      answers: { 201: CUSTOMER },
      handle: async (given) => created(await save(given)),
    }),
    call({
      method: 'put',
      path: `${path}/{id}`,
      summary: `Changes: ${kind.noun}; id primary = the primary one`,
      body: sentBy(kind.form.shape),
      ...common,
      handle: async (given) => ok(await save(given, keyOf(given.params.id))),
    }),
    call({
      method: 'delete',
      path: `${path}/{id}`,
      summary: `Deletes: ${kind.noun}`,
      ...common,
      handle: async (given) => ok(await removePart(kind, given as never)),
    }),
  ]
}

async function removePart<T>(kind: PartKind<T>, given: Who): Promise<Sent> {
  const { person } = await findCustomer(given.db, given.params.number ?? '')
  const part = await kind.find(person, keyOf(given.params.id), given as never)
  if (!part) throw new NotFound(kind.noun)
  await kind.remove(given as never, person, part)
  return answered(given, person.number)
}

function keyOf(id: string | undefined): Key {
  if (id === 'primary') return 'primary'
  if (id === undefined || !/^[1-9]\d{0,8}$/.test(id)) throw new NotFound('record')
  return Number(id)
}

const messages = call({
  method: 'get',
  path: '/accounts/{number}/message-center',
  need: 'customers.view',
  summary: "The customer's Message Center on the account: lines, flagged notes and both balances",
  answers: {
    200: z.object({
      lines: z.array(z.object({ label: z.string(), text: z.string() })),
      notes: z.array(z.looseObject({ subject: z.string(), created: day })),
      customerBalance: amount,
      locationBalance: amount,
    }),
  },
  handle: async (given) => ok(await accountMessages(given, given.params.number ?? '')),
})

export const CUSTOMER_CALLS = [
  list,
  show,
  add,
  change,
  ...partCalls(phones as never),
  ...partCalls(addresses as never),
  messages,
]
