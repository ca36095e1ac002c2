import { sql } from 'drizzle-orm'
import { pino } from 'pino'
import postgres from 'postgres'
import { LOG_OPTIONS } from '../log.ts'
import { type Caller, caller } from './caller.ts'
import { contactDesk, page as contactsPage, type Desk } from './contact-desk.ts'
import { type Form, formOf, tokenIn } from './form.ts'
import { byForm, PASSWORD, withPassword } from './signing-in.ts'

/** Each typed in one place, none of them stored anywhere else in the test. */
const TYPED = {
  ssn: '517-83-2946',
  licence: 'WQ 736-2951',
  refusedSsn: '529-61-7384',
  contactSsn: '538-74-9162',
  contactLicence: 'KZ 841-6293',
  bank: '84-613 97258',
  token: 'tok_Qz7nVx3LpW9',
  idleSsn: '541-92-6837',
  idleContactSsn: '546-38-1792',
  idleBank: '93-472 61854',
  idleToken: 'tok_Ht5wRm8KdY2',
  apiSsn: '552-17-8463',
  failedSsn: '567-29-4813',
  setupSsn: '571-46-9328',
}
export const VALUES = Object.values(TYPED)

export const PERSON = '/panel/100.01/customer/personal-info'
export const PAYING = '/panel/100.01/customer/auto-payment'

let desk: Desk
let api: Caller
/** What each request answered, by what was done. */
let answers: [what: string, text: string][] = []

const said = <T extends { text?: string; headers: Record<string, string> }>(what: string, answer: T): T => {
  answers.push([what, JSON.stringify(answer.headers) + (answer.text ?? '')])
  return answer
}

/** Refuses to go on where a form was not answered as it has to be. */
function must({ status, text }: { status: number; text: string }, wanted: number): void {
  if (status !== wanted) throw new Error(`${status} instead of ${wanted}: ${text}`)
}

const typed = async (url: string, id: string, changes: Form): Promise<Form> => ({
  ...formOf((await desk.clerk.get(url)).text, id),
  ...changes,
})

async function typePersonal(): Promise<void> {
  const { clerk } = desk
  const form = (changes: Form) => typed(PERSON, 'personal', changes)
  const wrong = await clerk.post(PERSON, await form({ ssn: TYPED.refusedSsn, birthDate: '02/30/1952' }))
  must(said('refused', wrong), 422)
  const late = await form({ ssn: TYPED.refusedSsn })
  const saved = await clerk.post(PERSON, await form({ ssn: TYPED.ssn, licence: TYPED.licence, licenceState: 'ID' }))
  must(said('personal info', saved), 303)
  must(said('conflict', await clerk.post(PERSON, late)), 409)
}

async function typeContact(): Promise<number> {
  const secrets = { 'n1-ssn': TYPED.contactSsn, 'n1-licence': TYPED.contactLicence }
  const begun = (await desk.press('add', await desk.form())).form
  // a button that sends the whole form on its way, as without scripts
  said('contact, half typed', await desk.clerk.post(contactsPage, { ...begun, ...secrets, act: 'address:n1' }))
  return desk.added(secrets)
}

async function typePaying(): Promise<void> {
  const { clerk, town } = desk
  await town.db.execute(sql`insert into bank_code (code, name) values ('091000019', 'Norbank')`)
  const draft = { type: 'draft', accountType: 'checking', routing: '091000019', special: 'balance' }
  const form = await typed(PAYING, 'auto-payment', { ...draft, bankAccount: TYPED.bank })
  const wrong = await clerk.post(PAYING, { ...form, special: 'maximum', maximum: 'no money' })
  must(said('draft refused', wrong), 422)
  must(said('draft', await clerk.post(PAYING, form)), 303)
}

/** The same forms from somebody whose session has just ended: kept sealed, and shown again after signing in. */
async function typeIdle(contact: number): Promise<void> {
  const { town, app } = desk
  await withPassword(town, 'clerk', 'alder', app)
  const forms: [string, Record<string, string>][] = [
    [PERSON, { ssn: TYPED.idleSsn, birthDate: '02/29/1952' }],
    [contactsPage, { [`${contact}-ssn`]: TYPED.idleContactSsn, [`${contact}-firstName`]: 'Sec' }],
    [PAYING, { type: 'draft', bankAccount: TYPED.idleBank, token: TYPED.idleToken }],
  ]
  for (const [url, form] of forms) {
    const { agent } = await byForm(app, 'alder')
    const _csrf = tokenIn((await agent.get('/me')).text)
    await town.db.execute(
      sql`update login_session set last_active_at = now() - interval '16 minutes' where user_id = (select id from app_user where name = 'alder')`,
    )
    said(
      `idle ${url}`,
      await agent
        .post(url)
        .type('form')
        .send({ _csrf, ...form }),
    )
    const again = await agent.get('/sign-in?returnTo=%2Fme%2Fdraft')
    const signIn = { _csrf: tokenIn(again.text), name: 'alder', password: PASSWORD, returnTo: '/me/draft' }
    await agent.post('/sign-in').type('form').send(signIn)
    const offered = said(`draft of ${url}`, await agent.get('/me/draft'))
    if (!offered.text.includes('What you were sending')) throw new Error(`${url} was not kept`)
  }
}

/** A save that the database throws out: what is logged of it must not quote it. */
async function typeInVain(): Promise<void> {
  const owner = postgres(desk.town.url, { max: 1, onnotice: () => {} })
  await owner`create function no_more() returns trigger language plpgsql as $$ begin raise exception 'disk full'; end $$`
  await owner`create trigger a_stop before update on customer for each row execute function no_more()`
  const answer = await desk.clerk.post(PERSON, await typed(PERSON, 'personal', { ssn: TYPED.failedSsn }))
  must(said('failed', answer), 500)
  await owner`drop trigger a_stop on customer`
  await owner.end()
}

async function typeElsewhere(): Promise<void> {
  const made = await api.post(
    '/accounts/100.01/contacts',
    { type: 'emergency', firstName: 'Api', lastName: 'Call', ssn: TYPED.apiSsn },
    'one-key',
  )
  must(said('api', made), 201)
  const { clerk } = desk
  const form = formOf((await clerk.get('/setup-new-customers')).text, 'setup')
  said('set-up', await clerk.post('/setup-new-customers', { ...form, name: 'Ibarra', ssn: TYPED.setupSsn, do: 'save' }))
}

/**
 * A town in which protected numbers were typed through every form that takes them, once each: saved, refused, in conflict, after
 * the session had ended, by the API, and in vain.
 */
export async function secretDesk() {
  const logged: string[] = []
  answers = []
  const log = pino({ ...LOG_OPTIONS, level: 'trace' }, { write: (line: string) => void logged.push(line) })
  desk = await contactDesk({ log })
  api = await caller(desk.town, 'clerk', desk.app)
  await typePersonal()
  const contact = await typeContact()
  await typePaying()
  await typeElsewhere()
  await typeIdle(contact)
  await typeInVain()
  /** Every Show there is, with the value behind it. */
  const doors: [door: string, value: string][] = [
    [`${PERSON}/ssn`, TYPED.ssn],
    [`${PERSON}/licence`, TYPED.licence],
    [`${contactsPage}/${contact}/ssn`, TYPED.contactSsn],
    [`${contactsPage}/${contact}/licence`, TYPED.contactLicence],
    [`${PAYING}/account-no`, TYPED.bank],
  ]
  return { ...desk, api, doors, logged, answers }
}

export type SecretDesk = Awaited<ReturnType<typeof secretDesk>>
