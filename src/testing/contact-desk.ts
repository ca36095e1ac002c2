import { sql } from 'drizzle-orm'
import { one, rows } from '../db/db.ts'
import { type AppOptions, appFor, type Browser, signedIn } from './browser.ts'
import { anAccount, clerkTown } from './clerk-town.ts'
import { freshTown } from './database.ts'
import { type Form, formOf } from './form.ts'
import { withPassword } from './signing-in.ts'

export const TODAY = '2026-03-15'
/** The Contacts tab of the account that the desk has open. */
export const page = '/panel/100.01/contacts'

/** A town with accounts 100.01, 100.02 and the private 300.01, people at its desk, and hands for the Contacts tab. */
export async function contactDesk(options: AppOptions = {}) {
  const town = await freshTown()
  await clerkTown(town.db, { currentPeriod: '2026-03-31' })
  await anAccount(town.db, { number: '100.01', name: 'Dale Whitcomb' })
  await anAccount(town.db, { number: '100.02', name: 'Dale Whitcomb' })
  await anAccount(town.db, { number: '300.01', name: 'Hidden Person', customer: { public: false } })
  await town.db.execute(sql`insert into address_type (code, name) values ('cabin', 'Cabin')`)
  const app = appFor(town, { today: TODAY, ...options })
  const clerk = await signedIn(town, 'clerk', app)
  const known = await rows<{ key: string; id: string }>(
    town.db,
    sql`select 'contact ' || code as key, id::text from contact_type union all select 'address ' || code, id::text from address_type
      union all select 'email ' || code, id::text from email_type union all (select 'phone', id::text from phone_type limit 1)`,
  )
  const types = Object.fromEntries(known.map(({ key, id }) => [key, id]))
  return {
    town,
    app,
    clerk,
    types,
    second: await signedIn(town, 'clerk', app),
    viewer: await signedIn(town, 'viewer', app),
    administrator: await signedIn(town, 'administrator', app),
    supervisor: await withPassword(town, 'supervisor', 's.birch', app),
    contactRow: (id: number) =>
      one<Record<string, unknown>>(
        town.db,
        sql`select *, birth_date::text as birth_date from contact where id = ${id}`,
      ),
    ...hands(clerk, types),
  }
}

export type Desk = Awaited<ReturnType<typeof contactDesk>>

function hands(clerk: Browser, types: Record<string, string>) {
  const form = async (changes: Form = {}, url = page, who = clerk): Promise<Form> => ({
    ...formOf((await who.get(url)).text, 'contacts'),
    ...changes,
  })
  /** Presses a button of the form: the page that it answers, and its form. */
  const press = async (act: string, sent: Form): Promise<{ html: string; form: Form }> => {
    const answer = await clerk.post(page, { ...sent, act })
    if (answer.status !== 200) throw new Error(`${act} was answered with ${answer.status}`)
    return { html: answer.text, form: formOf(answer.text, 'contacts') }
  }
  const named = () => ({
    ...{ 'n1-contactTypeId': types['contact emergency'], 'n1-firstName': 'Ida', 'n1-lastName': 'Lund' },
  })
  /** Adds Ida Lund with one address, e-mail address and phone number; the id. */
  const added = async (names: Form = {}): Promise<number> => {
    let sent: Form = (await press('add', await form())).form
    for (const kind of ['address', 'email', 'phone']) sent = (await press(`${kind}:n1`, sent)).form
    const saved = await clerk.post(page, { ...sent, ...named(), ...names, ...partsOf(types) })
    if (saved.status !== 303) throw new Error(`the contact was answered with ${saved.status}: ${saved.text}`)
    return Number(/contact=(\d+)/.exec(saved.headers.location ?? '')?.[1])
  }
  return { form, press, named, added }
}

const partsOf = (types: Record<string, string>): Form => ({
  ...{ 'n1-ax1-addressTypeId': types['address cabin'], 'n1-ax1-addressLine1': '9 Palm Ave', 'n1-ax1-city': 'Ashford' },
  ...{ 'n1-ax1-state': 'ID', 'n1-ax1-country': 'USA', 'n1-ex1-emailTypeId': types['email home'] },
  ...{ 'n1-ex1-address': 'ida@example.org', 'n1-px1-phoneTypeId': types.phone },
  ...{ 'n1-px1-number': '555-0142', 'n1-px1-extension': '7' },
})
