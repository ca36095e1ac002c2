import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { addAlert, endAlert } from '../customers/alerts.ts'
import { alertForm } from '../customers/forms.ts'
import { findCustomer, type Sent } from '../customers/outside.ts'
import { readPersonal, savePersonal } from '../customers/personal.ts'
import { masksOf, personalForm } from '../customers/personal-tab.ts'
import { type Db, one, rows } from '../db/db.ts'
import { Forbidden, NotFound } from '../errors.ts'
import { assign, masterOf, masterOfCustomer } from '../master-contacts/service.ts'
import { refusedForm } from '../web/refused.ts'
import { call, created, type Given, ok } from './call.ts'
import { day } from './schemas.ts'
import { sentOf } from './sent-fields.ts'

const PATH = '/customers/{number}'
type Who = Given<unknown, Sent>

const ALERT = z.object({ id: z.string(), text: z.string(), since: day })

async function alertsOf(db: Db, number: string): Promise<z.infer<typeof ALERT>[]> {
  const customer = await one<{ id: number }>(db, sql`select id from customer where number = ${number}`)
  if (!customer) throw new NotFound('customer')
  return rows(
    db,
    sql`select id::text, text, since::text from customer_alert where customer_id = ${customer.id} and ended_at is null order by customer_alert.id`,
  )
}

const alerts = call({
  method: 'get',
  path: `${PATH}/alerts`,
  need: 'customers.view',
  summary: 'The alert messages of a customer that have not ended',
  answers: { 200: z.array(ALERT) },
  handle: async ({ db, params }) => ok(await alertsOf(db, params.number ?? '')),
})

const alert = call({
  method: 'post',
  path: `${PATH}/alerts`,
  need: 'customers.edit',
  summary: 'Adds an alert message; one that the customer has already is not added again. Answers all of them',
  body: sentOf(alertForm.shape),
  answers: { 201: z.array(ALERT) },
  key: 'call',
  handle: async (given) => {
    const number = given.params.number ?? ''
    const parsed = alertForm.parse({ text: String(given.body.text ?? '') })
    if (!parsed.ok) throw refusedForm(parsed.view)
    await addAlert(given, number, parsed.data.text)
    return created(await alertsOf(given.db, number))
  },
})

const noAlert = call({
  method: 'delete',
  path: `${PATH}/alerts/{id}`,
  need: 'customers.edit',
  summary: 'Ends an alert message: it is no longer shown, and stays on record. Answers those that are left',
  answers: { 200: z.array(ALERT) },
  key: 'call',
  handle: async (given) => {
    const { number = '', id = '' } = given.params
    if (!/^[1-9]\d{0,8}$/.test(id)) throw new NotFound('alert message')
    await endAlert(given, number, Number(id))
    return ok(await alertsOf(given.db, number))
  },
})

const PERSONAL = z.object({
  birthDate: z.union([day, z.null()]),
  licenceState: z.union([z.string(), z.null()]),
  licence: z.string().meta({ description: 'No more than its last characters; empty = none.' }),
  ssn: z.string().meta({ description: 'No more than its last four digits; empty = none.' }),
})

async function personalOf({ db, params }: Pick<Who, 'db' | 'params'>) {
  const { person } = await findCustomer(db, params.number ?? '')
  const facts = await readPersonal({ db }, person.id)
  const { birthDate, licenceState } = facts
  return { person, answer: { birthDate, licenceState, ...masksOf(facts) } }
}

const personal = call({
  method: 'get',
  path: `${PATH}/personal`,
  need: 'customers.personal',
  summary: 'Date of birth and, by their last characters alone, driver’s license and Social Security number',
  answers: { 200: PERSONAL },
  handle: async (given) => ok((await personalOf(given)).answer),
})

const personalSent = sentOf(personalForm.shape, (name) => (name === 'version' || name === 'seen' ? '' : name))

const savesPersonal = call({
  method: 'put',
  path: `${PATH}/personal`,
  need: 'customers.personal',
  summary: 'Changes the fields that are named and leaves the others; null takes a value away',
  body: personalSent,
  answers: { 200: PERSONAL },
  key: 'call',
  handle: async (given) => {
    if (!given.may('customers.edit')) throw new Forbidden('customers.edit')
    const { person, answer } = await personalOf(given)
    const { birthDate, licenceState } = { ...answer, ...given.body } as Sent
    // an empty number stays what is stored; the form's hyphen takes it away
    const typed = (name: 'licence' | 'ssn') =>
      given.body[name] === null || given.body[name] === '' ? '-' : String(given.body[name] ?? '')
    const days = { birthDate: String(birthDate ?? ''), licenceState: String(licenceState ?? '') }
    const parsed = personalForm.parse({ ...days, licence: typed('licence'), ssn: typed('ssn') })
    if (!parsed.ok) throw refusedForm(parsed.view)
    await savePersonal(given, person, person, parsed.data)
    return ok((await personalOf(given)).answer)
  },
})

const MASTER = z.object({ masterContact: z.union([z.string().max(20), z.null()]) })

const master = call({
  method: 'put',
  path: `${PATH}/master-contact`,
  need: 'customers.edit',
  summary: 'Says which master contact the customer is a record of; null = of none',
  body: MASTER,
  answers: { 200: MASTER },
  key: 'call',
  handle: async (given) => {
    const { masterContact } = given.body
    const found = masterContact === null ? undefined : await masterOf(given.db, masterContact)
    await assign(given, { kind: 'customer', number: given.params.number ?? '' }, found)
    return ok({ masterContact: found?.number ?? null })
  },
})

const newMaster = call({
  method: 'post',
  path: `${PATH}/master-contact`,
  need: 'customers.edit',
  summary: 'Makes a master contact of what is known of the customer, who is its first record',
  answers: { 201: MASTER },
  key: 'call',
  handle: async (given) => created({ masterContact: await masterOfCustomer(given, given.params.number ?? '') }),
})

export const CUSTOMER_EXTRA_CALLS = [alerts, alert, noAlert, personal, savesPersonal, master, newMaster]
