import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { one } from '../db/db.ts'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import { clerkTown } from '../testing/clerk-town.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { formOf, words } from '../testing/form.ts'

let town: TestTown
let clerk: Browser

beforeAll(async () => {
  town = await freshTown()
  await clerkTown(town.db, { currentPeriod: '2026-03-31' })
  clerk = await signedIn(town, 'clerk', appFor(town, { today: '2026-03-15' }))
})
afterAll(() => town.drop())

const typeId = async (table: 'address_type' | 'phone_type', code: string) =>
  String((await one<{ id: number }>(town.db, sql`select id from ${sql.raw(table)} where code = ${code}`))?.id)

describe('phones and addresses', () => {
  it('001-121: a press of Save too many adds one number and one address; a phone number has a digit', async () => {
    await town.db.execute(
      sql`insert into customer (number, name, phone, address_line_1) values ('700', 'Two Press', '1', '1 A St')`,
    )
    const at = '/customers/700'
    const phone = { phoneTypeId: await typeId('phone_type', 'home'), number: '208-555-0111' }
    const line = { addressTypeId: await typeId('address_type', 'home'), addressLine1: '2 B St' }
    const wrong = await clerk.post(`${at}/phones`, { ...phone, number: 'abc' })
    expect([wrong.status, wrong.text]).toEqual([422, expect.stringMatching(/id="f-number-e">/)])
    for (const [path, typed] of [
      ['phones', phone],
      ['addresses', line],
    ] as const) {
      const form = { ...formOf((await clerk.get(`${at}/${path}/new`)).text, 'record'), ...typed }
      const both = await Promise.all([clerk.post(`${at}/${path}`, form), clerk.post(`${at}/${path}`, form)])
      expect(both.map(({ headers }) => headers.location)).toEqual([at, at])
      const other = path === 'phones' ? { number: '208-555-0112' } : { addressLine1: '3 C St' }
      const more = await clerk.post(`${at}/${path}`, { ...form, ...other })
      expect([more.status, words(more.text)]).toEqual([
        409,
        expect.stringContaining('Save again to add it as one more.'),
      ])
      expect((await clerk.post(`${at}/${path}`, formOf(more.text, 'record'))).headers.location).toBe(at)
    }
    const kept = await one(
      town.db,
      sql`select (select array_agg(p.number order by p.id) from customer_phone p where p.customer_id = c.id) as phones,
        (select array_agg(o.address_line_1 order by o.id) from customer_address o where o.customer_id = c.id) as lines from customer c where c.number = '700'`,
    )
    expect(kept).toEqual({ phones: ['208-555-0111', '208-555-0112'], lines: ['2 B St', '3 C St'] })
  })
})
