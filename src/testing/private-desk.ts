import { sql } from 'drizzle-orm'
import type { Express } from 'express'
import postgres from 'postgres'
import supertest from 'supertest'
import { addTokenFor } from '../auth/tokens.ts'
import { rows } from '../db/db.ts'
import { type Route, routesOf } from '../web/routes.ts'
import { appFor, type Browser, signedIn } from './browser.ts'
import { freshTown, type TestTown } from './database.ts'
import { ASKERS, type Asker, type Target } from './hidden-places.ts'
import {
  certified,
  dressed,
  furnished,
  joined,
  late,
  metered,
  moved,
  owing,
  PRIVATE_DAY,
  planned,
} from './private-town.ts'
import { opened } from './reach.ts'
import { loadTown } from './towns.ts'

/** What was answered, by whoever asked. */
export interface Answered {
  status: number
  text: string
}

/** A town with private customers who have one of everything, and people who may not know of them. */
export async function privateDesk(folder: string) {
  const town = await freshTown()
  const targets = await arrange(town, folder)
  const app = appFor(town, { today: PRIVATE_DAY })
  const browsers = {} as Record<Asker, Browser>
  const tokens = {} as Record<Asker, string>
  for (const role of ASKERS) {
    browsers[role] = await signedIn(town, role, app)
    tokens[role] = await addTokenFor(town.db, browsers[role].user.id, 'test', 0)
  }
  return {
    ...{ town, app, browsers, ...targets },
    found: await finder(town),
    routes: (method: Route['method'] = 'get') => routesOf(app).filter((route) => route.method === method),
    asked: (role: Asker, method: Route['method'], address: string) =>
      address.startsWith('/api/') ? called(app, tokens[role], method, address) : shown(browsers[role], method, address),
  }
}

export type PrivateDesk = Awaited<ReturnType<typeof privateDesk>>

async function shown(who: Browser, method: Route['method'], address: string): Promise<Answered> {
  const answer = method === 'get' ? await opened(who, address) : await posted(who, address)
  // what is said once is said now, not on the next page
  if (answer.status === 303) await who.get('/me')
  return answer
}

async function posted(who: Browser, address: string): Promise<Answered> {
  const { status, text, headers } = await who.post(address, {})
  return { status, text: `${headers.location ?? ''}\n${text}` }
}

let keys = 0

async function called(app: Express, token: string, method: Route['method'], address: string): Promise<Answered> {
  const call = supertest(app)[method](address).set('Authorization', `Bearer ${token}`)
  const answer = method === 'get' ? await call : await call.set('Idempotency-Key', `key-${++keys}`).send({})
  return { status: answer.status, text: answer.text ?? '' }
}

async function arrange(town: TestTown, folder: string): Promise<{ hidden: Target; open: Target }> {
  await loadTown(town.db, folder)
  await furnished(town)
  for (const { location } of [...(await owing(town, true)).slice(1, 2), ...(await owing(town, false)).slice(1, 2)])
    await metered(town, location)
  const [richest = '', payer = '', other = ''] = (await owing(town, true)).map(({ number }) => number)
  const [behind = '', secret = '', waiting = ''] = (await owing(town, false)).map(({ number }) => number)
  const partner = other.split('.')[0] ?? ''
  await town.db.execute(
    sql`update customer set address_line_1 = 'Zq' || number || ' Hidden Rd', email = 'zq' || number || '@example.org' where not public`,
  )
  for (const [account, tag] of [
    [payer, 'Open'],
    [secret, 'Zqhid'],
  ] as const) {
    await dressed(town, account, tag, partner)
    await moved(town, account, tag)
    await joined(town, account.split('.')[0] ?? '', tag)
  }
  await between(town, secret, richest, partner)
  await planned(town, richest, 'Open')
  await planned(town, behind, 'Zqhid')
  await late(town, behind, waiting)
  const run = await certified(town, [richest, behind])
  const owner = postgres(town.url, { max: 1, onnotice: () => {} })
  await owner`insert into ledger.parked_account (account_id, reason) select id, 'Zqhid parked' from account where number = ${behind}`
  await owner.end()
  return { hidden: await targetOf(town, secret, behind, run), open: await targetOf(town, payer, richest, run) }
}

/**
 * Records of people who are seen that name one who is not: a master contact of both, one that is like him, a cosigner, the
 * owner of a rented location.
 */
async function between(town: TestTown, secret: string, open: string, partner: string): Promise<void> {
  const [theirs, ours] = [secret, open].map((account) => account.split('.')[0])
  await town.db.execute(
    sql.raw(`
    insert into master_contact (number, name) select 'Like', split_part(name, ' ', 2) || ' Trading' from customer where number = '${theirs}';
    insert into master_contact (number, name) values ('Both', 'Shared Records');
    update customer set master_contact_id = (select id from master_contact where number = 'Both')
      where number = '${partner}' or id = (select max(id) from customer where not public and master_contact_id is null);
    insert into cosigner (customer_id, cosigner_customer_id)
      select c.id, k.id from customer c, customer k where c.number = '${ours}' and k.number = '${theirs}';
    update location set rental = true, owner_customer_id = (select id from customer where number = '${theirs}')
      where id = (select location_id from account where number = '${open}')`),
  )
}

async function targetOf(town: TestTown, account: string, plan: string, run: number): Promise<Target> {
  const [found] = await rows<Omit<Target, 'run'>>(
    town.db,
    sql`select a.id as account, a.number as "accountNumber", c.id as customer, c.number as "customerNumber",
      p.id as planned, p.number as "plannedNumber" from account a join customer c on c.id = a.customer_id, account p
      where a.number = ${account} and p.number = ${plan}`,
  )
  if (!found) throw new Error(`no account ${account}`)
  return { ...found, run }
}

/** Tables whose rows are hidden from who may not see them. */
export const policed = (town: TestTown) =>
  rows<{ name: string }>(
    town.db,
    sql`select schemaname || '.' || tablename as name from pg_policies where policyname = 'public_only' order by 1`,
  )

/** What stands in the texts of these tables, as one of the pools sees it. */
async function textsOf(town: TestTown, which: 'db' | 'app', tables: string[]): Promise<Set<string>> {
  const found = new Set<string>()
  for (const table of tables) {
    const texts = sql.raw(`select distinct j.value #>> '{}' as value from ${table} t, jsonb_each(to_jsonb(t)) j
      where jsonb_typeof(j.value) = 'string'`)
    for (const { value } of await rows<{ value: string }>(town[which], texts)) found.add(value)
  }
  return found
}

// dates, moments and short codes say nothing of anybody
const DULL = /^\d[\d.:\- +T]*$|^.{0,5}$/
const NUMBER = /T\d{7}/g

/**
 * Finds in a text what stands in hidden rows and in no other: every text of theirs, with numbers of accounts, telephones and
 * transactions.
 */
async function finder(town: TestTown): Promise<(text: string) => string[]> {
  // a file of a run bears the name that every run's has
  const tables = (await policed(town)).map(({ name }) => name).filter((name) => name !== 'ledger.run_file')
  const seen = await textsOf(town, 'app', [...tables, 'service', 'setting', 'location', 'meter'])
  const theirs = [...(await textsOf(town, 'db', tables))].filter((value) => !seen.has(value) && !DULL.test(value))
  const people = await rows<{ number: string; phone: string }>(
    town.db,
    sql`select a.number, c.phone from account a join customer c on c.id = a.customer_id where not c.public`,
  )
  const numbers = new Set(theirs.filter((value) => /^T\d{7}$/.test(value)))
  const words = [
    ...theirs.filter((value) => !numbers.has(value)),
    ...people.flatMap(({ number, phone }) => [number, phone]),
  ]
  if (words.length < 60 || numbers.size < 100) throw new Error(`only ${words.length} words are hidden`)
  return (text) => [
    ...words.filter((word) => text.includes(word)),
    ...(text.match(NUMBER) ?? []).filter((number) => numbers.has(number)),
  ]
}
