import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { recordEvent } from '../audit/service.ts'
import { addTokenFor } from '../auth/tokens.ts'
import { one } from '../db/db.ts'
import { account, customer, customerAlert, location, note } from '../db/tables/customers.ts'
import { routesOf } from '../web/routes.ts'
import { appFor, type Browser, signedIn } from './browser.ts'
import { freshTown, type TestTown } from './database.ts'

// Closes attributes, tags, comments and template brackets; every part of it must arrive as text.
const PAYLOAD = `"'></title><img src=x onerror=alert(1)><div hx-get=x hx-trigger=load>{{7*191}}{%raw%}`
const RAW = /<img src=x|<div hx-get=x|1337/

let town: TestTown
let admin: Browser
beforeAll(async () => {
  town = await freshTown()
  admin = await signedIn(town, 'administrator')
  const status =
    (await one<{ id: number }>(town.db, sql`select id from account_status where code = 'CURRENT'`))?.id ?? 0
  await town.db.execute(
    sql`insert into setting (name, value) values ('name', ${PAYLOAD}), ('address_line_1', ${PAYLOAD}), ('city', ${PAYLOAD})`,
  )
  const [who] = await town.db
    .insert(customer)
    .values({ number: '1001', name: PAYLOAD, addressLine1: PAYLOAD, email: PAYLOAD, phone: PAYLOAD })
    .returning()
  const [where] = await town.db
    .insert(location)
    .values({ number: 'L1', serviceAddress: PAYLOAD, description: PAYLOAD, parcelNumber: PAYLOAD })
    .returning()
  const customerId = who?.id ?? 0
  await town.db
    .insert(account)
    .values({ number: '1001.01', customerId, locationId: where?.id ?? 0, accountStatusId: status })
  await town.db.insert(customerAlert).values({ customerId, text: PAYLOAD, since: '2026-03-01', addedBy: 0 })
  const type = (await one<{ id: number }>(town.db, sql`select id from note_type limit 1`))?.id ?? 0
  await town.db
    .insert(note)
    .values({ level: 'customer', customerId, noteTypeId: type, subject: PAYLOAD, text: PAYLOAD, created: '2026-03-01' })
  await town.db.execute(sql`insert into collection_code (code, name) values ('X', ${PAYLOAD})`)
  await town.db.execute(sql`insert into customer_type (code, name) values ('X', ${PAYLOAD})`)
  await town.db.execute(sql`insert into cycle (code, name) values (${PAYLOAD.slice(0, 20)}, ${PAYLOAD})`)
  await town.db.execute(sql`insert into service (code, name) values ('X', ${PAYLOAD})`)
  await town.db.execute(sql`update app_user set full_name = ${PAYLOAD} where id = ${admin.user.id}`)
  await addTokenFor(town.app, admin.user.id, PAYLOAD, 0)
  await recordEvent(town.app, {
    actor: 0,
    action: PAYLOAD,
    subject: 'x',
    subjectKey: PAYLOAD,
    reason: PAYLOAD,
    new: { [PAYLOAD]: PAYLOAD },
  })
})
afterAll(() => town.drop())

const filled = (path: string): string => path.replace(/:number/g, '1001.01').replace(/:\w+/g, '1')

it('S-17, S-21: what people typed is text on every page, whole and in fragments', async () => {
  const wrong: string[] = []
  let shown = 0
  const routes = routesOf(appFor(town)).filter((route) => route.method === 'get' && !route.path.startsWith('/api'))
  for (const { path } of routes) {
    for (const headers of [{}, { 'HX-Request': 'true' }]) {
      const { status, text = '' } = await admin.get(filled(path), headers)
      if (status >= 500 || RAW.test(text)) wrong.push(`${path} ${status} ${RAW.exec(text)?.[0] ?? ''}`)
      if (text.includes('&lt;img src=x')) shown += 1
    }
  }
  expect(wrong).toEqual([])
  expect(shown).toBeGreaterThan(routes.length / 2)
}, 120_000)

it('S-21: what was looked for is text too', async () => {
  for (const path of ['/go?q=', '/go/suggestions?q=', '/customers/inquiry?q=']) {
    const { text } = await admin.get(path + encodeURIComponent(PAYLOAD))
    expect(text).not.toMatch(RAW)
  }
})
