import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rows } from '../../db/db.ts'
import { appFor } from '../../testing/browser.ts'
import { type Caller, caller } from '../../testing/caller.ts'
import { freshTown, type TestTown } from '../../testing/database.ts'
import { finalOne, setupTown } from '../../testing/setup-town.ts'

let town: TestTown
let clerk: Caller

beforeAll(async () => {
  town = await freshTown()
  await setupTown(town.db)
  await finalOne(town.db)
  clerk = await caller(town, 'clerk', appFor(town, { today: '2026-04-20' }))
})
afterAll(() => town.drop())

const setUp = (name: string, more: object) =>
  clerk.post('/customers-setup', { customer: { name }, connectDate: '2026-04-20', ...more })
const servicesOf = async (account: string) =>
  (
    await rows<{ code: string }>(
      town.db,
      sql`select s.code from account a join account_service x on x.account_id = a.id join service s on s.id = x.service_id
        where a.number = ${account} order by s.sort`,
    )
  ).map(({ code }) => code)

describe('a service that takes no new billings', () => {
  it('is not set up anew, and comes along from the account before; one that is not active does neither', async () => {
    await town.db.execute(sql`update service set allow_new_billings = false where code = 'SE'`)
    const newLocation = { number: '81', serviceAddress: '81 Quay St' }
    const refused = await setUp('Ann New', { newLocation, services: [{ service: 'WA' }, { service: 'SE' }] }).expect(
      422,
    )
    expect(refused.text).toContain('SE takes no new billings.')
    const elsewhere = await setUp('Bo Late', { copyFrom: '1.01', services: [{ service: 'GA' }] }).expect(201)
    expect(await servicesOf(elsewhere.body.account)).toEqual(['GA'])

    await town.db.execute(
      sql`update account set activity_status = 'Final', disconnect_date = '2026-04-20' where number = ${elsewhere.body.account}`,
    )
    const copied = await setUp('Cy Next', { copyFrom: '1.01' }).expect(201)
    expect(await servicesOf(copied.body.account)).toEqual(['WA', 'SE'])

    await town.db.execute(
      sql`update account set activity_status = 'Final', disconnect_date = '2026-04-20' where number = ${copied.body.account}`,
    )
    await town.db.execute(sql`update service set active = false where code = 'SE'`)
    const gone = await setUp('Di Last', { copyFrom: '1.01', services: [{ service: 'SE' }] }).expect(422)
    expect(gone.text).toContain('SE takes no new billings.')
    const rest = await setUp('Di Last', { copyFrom: '1.01' }).expect(201)
    expect(await servicesOf(rest.body.account)).toEqual(['WA'])
  })
})
