import { z } from 'zod'
import { serviceForm } from '../customers/forms.ts'
import { codesOf, outerName, outside, outward, readSent, type Sent } from '../customers/outside.ts'
import {
  addService,
  type Billable,
  billable,
  changeService,
  type KeptService,
  NEW_SERVICE,
  removeService,
  serviceOf,
  servicesOf,
} from '../locations/services.ts'
import { call, created, type Given, ok } from './call.ts'
import { sentOf } from './sent-fields.ts'

const PATH = '/accounts/{number}/services'
const SENT = sentOf(serviceForm.shape, (name) => (name === 'version' || name === 'seen' ? '' : outerName(name)))
const SERVICE = z.object({ ...(SENT instanceof z.ZodObject ? SENT.shape : {}), billed: z.boolean() })

type Who = Given<unknown, Sent>

const accountOf = ({ db, params }: Pick<Who, 'db' | 'params'>) => billable(db, params.number ?? '')

async function answerOf({ db }: Pick<Who, 'db'>, { values, billed }: KeptService): Promise<Sent> {
  const { version: _version, ...shown } = values as Sent
  return { ...outward(shown, await codesOf(db)), billed }
}

/** What was sent over what is there, by the form's own rules. */
async function read({ db, body }: Who, of: Billable, before: Sent) {
  return readSent(serviceForm, await codesOf(db), before, body, { options: { serviceId: of.choices } })
}

const list = call({
  method: 'get',
  path: PATH,
  need: 'customers.view',
  summary: 'The services of an account; billed = something was posted for it, so it stays',
  answers: { 200: z.array(SERVICE) },
  handle: async (given) => {
    const [of, codes] = [await accountOf(given), await codesOf(given.db)]
    const found = await servicesOf(given.db, of)
    return ok(
      found.map(({ values, billed }) => {
        const { version: _version, ...shown } = values as Sent
        return { ...outward(shown, codes), billed }
      }),
    )
  },
})

const add = call({
  method: 'post',
  path: PATH,
  need: 'customers.edit',
  summary: 'Adds a service to an account',
  body: SENT,
  answers: { 201: SERVICE },
  key: 'call',
  handle: async (given) => {
    const of = await accountOf(given)
    const data = await read(given, of, { ...NEW_SERVICE, connectDate: given.today })
    await outside(() => addService(given, of, data))
    const code = String(given.body.service)
    return created(await answerOf(given, await serviceOf(given.db, of, code)))
  },
})

const change = call({
  method: 'put',
  path: `${PATH}/{service}`,
  need: 'customers.edit',
  summary: 'Changes the fields that are named and leaves the others; a disconnect date is the last day of service',
  body: SENT,
  answers: { 200: SERVICE },
  key: 'call',
  handle: async (given) => {
    const of = await accountOf(given)
    const kept = await serviceOf(given.db, of, given.params.service ?? '')
    const data = await read(given, of, kept.values as Sent)
    await outside(() => changeService(given, kept, kept, data))
    return ok(await answerOf(given, await serviceOf(given.db, of, String(given.body.service ?? kept.code))))
  },
})

const remove = call({
  method: 'delete',
  path: `${PATH}/{service}`,
  need: 'customers.edit',
  summary: 'Takes a service that was never billed off an account',
  answers: { 200: SERVICE },
  key: 'call',
  handle: async (given) => {
    const kept = await serviceOf(given.db, await accountOf(given), given.params.service ?? '')
    await removeService(given, kept)
    return ok(await answerOf(given, kept))
  },
})

export const SERVICE_CALLS = [list, add, change, remove]
