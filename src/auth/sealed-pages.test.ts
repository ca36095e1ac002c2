import { sql } from 'drizzle-orm'
import supertest from 'supertest'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { one, rows } from '../db/db.ts'
import { account, customer, location } from '../db/tables/customers.ts'
import { fieldKeys } from '../secrets/keys.ts'
import { placeOf, sealField } from '../secrets/seal.ts'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { routesOf } from '../web/routes.ts'
import { addTokenFor } from './tokens.ts'

const SSN = '987-65-4321'
const LICENCE = 'H600123456789'
const LEAK = /987-?65-?4321|H600123456789|v1\|[0-9a-f]{8}\|/

let town: TestTown
let people: Browser[]
beforeAll(async () => {
  town = await freshTown()
  const status =
    (await one<{ id: number }>(town.db, sql`select id from account_status where code = 'CURRENT'`))?.id ?? 0
  const seal = (field: string, plain: string) => sealField(fieldKeys(), placeOf('customer', '1001', field), plain)
  const [who] = await town.db
    .insert(customer)
    .values({
      number: '1001',
      name: 'Birch, Ann',
      ssnSealed: seal('ssn', SSN),
      ssnLast4: '4321',
      licenceSealed: seal('licence', LICENCE),
      licenceLast4: '6789',
    })
    .returning()
  const [where] = await town.db.insert(location).values({ number: 'L1', serviceAddress: '1 Tamarack St' }).returning()
  await town.db
    .insert(account)
    .values({ number: '1001.01', customerId: who?.id ?? 0, locationId: where?.id ?? 0, accountStatusId: status })
  await town.db.execute(sql`update customer set ssn_last4 = '4321', version = version + 1, changed_by = 0`)
  people = [await signedIn(town, 'clerk'), await signedIn(town, 'administrator')]
})
afterAll(() => town.drop())

const filled = (path: string): string => {
  const number = /^\/(api\/v1\/)?(customers|panel\/customers)\b/.test(path) ? '1001' : '1001.01'
  return path.replace(/:number/g, number).replace(/:\w+/g, '1')
}
const gets = (api: boolean) =>
  routesOf(appFor(town)).filter(({ method, path }) => method === 'get' && path.startsWith('/api') === api)

it('S-36: no page and no fragment holds a protected number, sealed or open', async () => {
  const wrong: string[] = []
  for (const who of people) {
    const headers: Record<string, string> = who.user.role === 'clerk' ? {} : { 'HX-Request': 'true' }
    for (const { path } of gets(false)) {
      const { text = '' } = await who.get(filled(path), headers)
      if (LEAK.test(text)) wrong.push(`${who.user.role} ${path}`)
    }
  }
  expect(wrong).toEqual([])
}, 180_000)

it('S-36: no call holds one either', async () => {
  const wrong: string[] = []
  for (const who of people) {
    const token = await addTokenFor(town.databases.app, who.user.id, 'crawl', 0)
    for (const { path } of gets(true)) {
      const answer = await supertest(appFor(town)).get(filled(path)).set('Authorization', `Bearer ${token}`)
      if (LEAK.test(answer.text)) wrong.push(`${who.user.role} ${path}`)
    }
  }
  expect(wrong).toEqual([])
}, 180_000)

it('S-36: the audit trail holds none', async () => {
  const found = await rows<{ text: string }>(
    town.db,
    sql`select a::text as text from audit a where subject = 'customer'`,
  )
  expect(found).not.toHaveLength(0)
  for (const { text } of found) expect(text).not.toMatch(LEAK)
})
