import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { one } from '../../db/db.ts'
import { appFor, type Browser, signedIn } from '../../testing/browser.ts'
import { type Caller, caller } from '../../testing/caller.ts'
import { freshTown, type TestTown } from '../../testing/database.ts'
import { words } from '../../testing/form.ts'
import { sendStep } from '../../testing/setup-steps.ts'
import { finalOne, setupTown } from '../../testing/setup-town.ts'

const ROOT = '/setup-new-customers'
const NOBODY = { customerTypeId: 'none' }
let town: TestTown
let clerk: Browser
let program: Caller

beforeAll(async () => {
  town = await freshTown()
  await setupTown(town.db)
  await finalOne(town.db)
  const app = appFor(town, { today: '2026-04-20' })
  clerk = await signedIn(town, 'clerk', app)
  program = await caller(town, 'clerk', app)
})
afterAll(() => town.drop())

/** Sends a step and gives the address it leads to. */
const next = async (url: string, typed: Record<string, string | undefined> = {}, wanted?: string): Promise<string> =>
  (await sendStep(clerk, url, typed, wanted)).headers.location as string

/** The page of a step that is refused, and the sentence beside a field. */
async function refused(url: string, typed: Record<string, string | undefined>, field: string) {
  const answer = await sendStep(clerk, url, typed)
  return [answer.status, words(new RegExp(`id="f-${field}-e">([^<]*)`).exec(answer.text)?.[1] ?? '')]
}

describe('what a step refuses', () => {
  it('a ZIP that is none here; with a country it is as they write it there', async () => {
    const abroad = { name: 'Jean Roy', ...NOBODY, addressLine1: '9 Rue X', zip: 'H2X 1Y4' }
    expect(await refused(ROOT, abroad, 'zip')).toEqual([422, 'ZIP must be 5 digits, or 5 and 4.'])
    expect(await refused(ROOT, { ...abroad, country: 'U.S.A.' }, 'zip')).toEqual([
      422,
      'ZIP must be 5 digits, or 5 and 4.',
    ])
    const location = await next(ROOT, { ...abroad, country: 'Canada' })
    const review = await next(location, { kind: 'none' })
    await next(review, {}, 'create')
    const found = await one(town.db, sql`select zip, country from customer where name = 'Jean Roy'`)
    expect(found).toEqual({ zip: 'H2X 1Y4', country: 'Canada' })
  })

  it('a service that connects before its account', async () => {
    const location = await next(ROOT, { name: 'Early Water', ...NOBODY })
    const services = await next(location, { serviceAddress: '1 Dam Rd', connectDate: '05/01/2026' })
    expect(await refused(services, { 'connect-WA': '01/01/2020' }, 'connect-WA')).toEqual([
      422,
      'The account connects on 05/01/2026; its services on that day or later.',
    ])
    expect(await next(services, { 'connect-WA': '05/02/2026' })).toMatch(/\/deposits$/)
    expect(await next(services, { 'connect-WA': '01/01/2020', 'on-WA': undefined })).toMatch(/\/deposits$/)
  })

  it('more instalments of a deposit than the town allows', async () => {
    const location = await next(ROOT, { name: 'Many Parts', ...NOBODY })
    const deposits = await next(await next(location, { serviceAddress: '2 Dam Rd' }))
    const most = await one<{ value: string }>(
      town.db,
      sql`select coalesce((select value from setting where name = 'maximum_deposit_installments'), '4') as value`,
    )
    expect(await refused(deposits, { 'deposit-WA': '75.00', 'parts-WA': '24' }, 'parts-WA')).toEqual([
      422,
      `At most ${most?.value} instalments (Organization > Organization > Billing).`,
    ])
    expect(await next(deposits, { 'deposit-WA': '', 'parts-WA': '24' })).toMatch(/\/meters$/)
  })

  it('a master contact that went into another one: neither found nor taken', async () => {
    await town.db.execute(
      sql`insert into master_contact (number, name) values ('3302', 'Maud Reyes'), ('3303', 'Maude Reyes')`,
    )
    await town.db.execute(sql`insert into master_merge (master_contact_id, into_id, merged_by)
      select a.id, b.id, 'somebody' from master_contact a, master_contact b where a.number = '3303' and b.number = '3302'`)
    const typed = { name: 'Reyes, Maud', ...NOBODY, masterContact: 'Reyes' }
    const page = await clerk.get(await next(ROOT, typed, 'find-masterContact'))
    expect(page.text).toContain('choose-masterContact-3302')
    expect(page.text).not.toContain('choose-masterContact-3303')
    const sentence = 'This master contact went into Maud Reyes.'
    expect(await refused(ROOT, { ...typed, masterContact: '3303' }, 'masterContact')).toEqual([
      422,
      `${sentence} Search for it.`,
    ])
    const body = { customer: { name: 'Reyes, Maud' }, connectDate: '2026-04-20' }
    const called = await program.post('/customers-setup', { ...body, masterContact: '3303' }).expect(422)
    expect(called.body.errors).toEqual({ masterContact: sentence })
    await program.post('/customers-setup', { ...body, masterContact: '3302' }).expect(201)
  })
})

describe('Review and save', () => {
  it('shows all that will be saved', async () => {
    await town.db.execute(sql`insert into collection_code (code, name) values ('Z9', 'Slow payer')`)
    const code = await one<{ id: string }>(town.db, sql`select id::text from collection_code where code = 'Z9'`)
    const customer = {
      ...{ name: 'Full Record', firstName: 'Fulla', customerTypeId: '1', collectionCodeId: code?.id },
      ...{
        phone: '208-555-0119',
        email: 'full@example.org',
        billBy: 'both',
        addressLine1: 'PO Box 9',
        country: 'Canada',
      },
    }
    const place = { serviceAddress: '3 Dam Rd', connectDate: '05/01/2026', crossStreet: 'Elm', landlordOf: '1' }
    const services = await next(await next(ROOT, customer), { ...place, outOfTown: 'on' })
    const deposits = await next(services, { 'connect-WA': '05/02/2026', 'on-SE': undefined })
    const meters = await next(deposits, { 'deposit-WA': '75.00', 'parts-WA': '2' })
    const review = await next(meters, { 'meter-WA': '779', 'begin-WA': '12' })
    const said = words((await clerk.get(review)).text)
    for (const each of [
      ...['First name Fulla', 'Collection code Z9 Slow payer', 'Primary phone 208-555-0119', 'Email full@example.org'],
      ...[
        'Bill by Mail and email',
        'PO Box 9',
        'Canada',
        'Cross Street Elm',
        'Out of town yes',
        'Landlord of location 1',
      ],
      ...['05/02/2026', '75.00 in 2 instalments', 'Meter 779 (new) for Water begins at 12'],
    ])
      expect(said).toContain(each)
  })

  it('a landlord without an account and without an address has none', async () => {
    const review = await next(await next(ROOT, { name: 'Ferry Rentals', ...NOBODY }), { kind: 'none' })
    const said = words((await clerk.get(review)).text)
    expect(said).toContain('Mailing address none')
    expect(said).not.toContain('the service address')
  })
})

describe('a draft', () => {
  it('is discarded when that was confirmed, and what was typed last is kept until then', async () => {
    const location = await next(ROOT, { name: 'Second Thoughts', ...NOBODY })
    const from = await next(location, { serviceAddress: '4 Dam Rd' }, 'discard')
    const page = await clerk.get(from)
    const [asked = ''] = from.split('?')
    expect(page.text).toContain(`href="${location}"`)
    expect(words(page.text)).toContain('Discard the draft of Second Thoughts?')
    expect((await clerk.get(location)).text).toContain('4 Dam Rd')
    expect((await clerk.get(ROOT)).text).toContain(`href="${asked}"`)
    expect((await clerk.get(location)).text).not.toContain(`action="${asked}"`)
    expect(page.text).toContain(`action="${asked}"`)
    await clerk.post(asked, {})
    expect((await clerk.get(asked)).status).toBe(404)
    expect((await clerk.get(ROOT)).text).not.toContain('Second Thoughts')
  })
})

describe('what was set up', () => {
  it('leads to a service order of the account; 404 once the customer is not shown any more', async () => {
    const location = await next(ROOT, { name: 'New Order', ...NOBODY })
    const deposits = await next(await next(location, { serviceAddress: '5 Dam Rd' }))
    const review = await next(await next(deposits, { 'deposit-WA': '', 'deposit-SE': '' }))
    const done = await next(review, {}, 'create')
    const [, order = ''] = /href="([^"]*\/service-orders\/new)"/.exec((await clerk.get(done)).text) ?? []
    expect([order.split('/')[1], (await clerk.get(order)).status]).toEqual(['panel', 200])
    await town.db.execute(sql`update customer set public = false where name = 'New Order'`)
    expect((await clerk.get(done)).status).toBe(404)
  })
})
