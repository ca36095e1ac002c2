import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { one, rows } from '../db/db.ts'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { formOf, words } from '../testing/form.ts'
import { setupTown } from '../testing/setup-town.ts'

let town: TestTown
let clerk: Browser
let administrator: Browser

beforeAll(async () => {
  town = await freshTown()
  await setupTown(town.db)
  const app = appFor(town, { today: '2026-04-20' })
  clerk = await signedIn(town, 'clerk', app)
  administrator = await signedIn(town, 'administrator', app)
})
afterAll(() => town.drop())

const cosigner = async () =>
  (
    await one<{ number: string }>(
      town.db,
      sql`select k.number from cosigner g join customer k on k.id = g.cosigner_customer_id
    join customer c on c.id = g.customer_id where c.number = '1'`,
    )
  )?.number ?? null

const save = async (by: Browser, typed: Record<string, string>) => {
  const form = formOf((await by.get('/panel/1.01/customer')).text, 'person')
  return by.post('/panel/1.01/customer', { ...form, kind: 'individual', name: 'Customer 1', ...typed })
}

describe('Modify Existing Customers: Cosigner, type, mailing address', () => {
  it("003-018 003-021: the town's types label a customer, a new one at once", async () => {
    await town.db.execute(sql`insert into customer_type (code, name) values ('SR', 'Senior')`)
    expect((await clerk.get('/customers/1')).text).toContain('SR Senior')
    expect(words((await clerk.get('/customers')).text)).toContain('Modify Existing Customers')
    expect((await clerk.get('/customers')).text).toContain('href="/panel/1.01/customer"')
  })

  it('003-022 003-023 003-024 003-025 003-026 003-027: picked by number, with Search, Modify and Add New; optional', async () => {
    const page = await clerk.get('/customers/1')
    for (const label of ['Search for a cosigner', 'Add New cosigner'])
      expect(page.text).toContain(`aria-label="${label}"`)
    expect((await save(clerk, { cosigner: '99' })).status).toBe(422)
    expect(words((await save(clerk, { cosigner: '1' })).text)).toContain('The cosigner is somebody else.')
    expect((await save(clerk, { cosigner: '2' })).status).toBe(303)
    expect(await cosigner()).toBe('2')
    const modify = await clerk.get('/panel/1.01/customer')
    expect(modify.text).toContain('href="/customers/2" target="_blank" rel="noopener" aria-label="Modify the cosigner"')
    await save(clerk, { cosigner: '' })
    expect(await cosigner()).toBe(null)
    const told = await rows(town.db, sql`select 1 from audit where subject = 'cosigner' and actor = ${clerk.user.id}`)
    expect(told.length).toBeGreaterThanOrEqual(2)
  })

  it('a private cosigner is not shown to a clerk, who keeps it as it is', async () => {
    await save(administrator, { cosigner: '3' })
    await town.db.execute(sql`update customer set public = false where number = '3'`)
    const form = formOf((await clerk.get('/panel/1.01/customer')).text, 'person')
    expect(form.cosigner).toBe('not shown')
    expect((await save(clerk, { spouse: 'Ann' })).status).toBe(303)
    expect(await cosigner()).toBe('3')
    for (const typed of ['2', '']) {
      const refused = await save(clerk, { cosigner: typed })
      expect([refused.status, words(refused.text)]).toEqual([
        422,
        expect.stringContaining('The cosigner is not shown to you and stays.'),
      ])
    }
    expect(await cosigner()).toBe('3')
  })

  it('003-060 003-061 003-062 003-063 003-064 003-065: bills go to the permanent mailing address where there is one', async () => {
    const address = { addressLine1: 'PO Box 9', addressLine2: 'Unit 2', city: 'Ashford', state: 'ID', zip: '83001' }
    expect(await sentTo('11111111-1111-4111-8111-111111111111')).toEqual(['Customer 1', '1 Main St'])
    expect((await save(clerk, address)).status).toBe(303)
    expect(await sentTo('22222222-2222-4222-8222-222222222222')).toEqual([
      'Customer 1',
      'PO Box 9',
      'Unit 2',
      'Ashford, ID 83001',
    ])
  })

  it('003-066 003-067: an alternate mailing address serves for part of the year and leaves the permanent one', async () => {
    const type = await one<{ id: number }>(town.db, sql`select min(id)::int as id from address_type`)
    const season = {
      addressTypeId: String(type?.id),
      addressLine1: '9 Palm Ave',
      city: 'Miami',
      state: 'FL',
      zip: '33101',
      mailFrom: '04/01',
      mailTo: '04/30',
    }
    const added = await clerk.post('/customers/1/addresses', season)
    expect(added.status).toBe(303)
    expect(await sentTo('33333333-3333-4333-8333-333333333333')).toContain('9 Palm Ave')
    expect(formOf((await clerk.get('/panel/1.01/customer')).text, 'person').addressLine1).toBe('PO Box 9')
  })

  it('003-068: new locations are added to the location table', async () => {
    expect((await clerk.get('/')).text).toContain('href="/locations">Setup New Locations')
    const form = formOf((await clerk.get('/locations/new')).text, 'record')
    const answer = await clerk.post('/locations', { ...form, serviceAddress: '16 Canal St' })
    expect(answer.headers.location).toBe('/locations/1001')
  })
})

/** Whom a statement made today is addressed to. */
async function sentTo(requestId: string): Promise<string[]> {
  await clerk.post('/accounts/1.01/statements', { requestId, format: 'plain', date: '04/20/2026' })
  const row = await one<{ to: string[] }>(
    town.db,
    sql`select facts->'paper'->'to' as to from ledger.statement order by id desc limit 1`,
  )
  return row?.to ?? []
}
