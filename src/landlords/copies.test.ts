import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rows } from '../db/db.ts'
import { addDays, dayIn, formatDay } from '../ledger/calendar.ts'
import { appFor, type Browser, signedIn } from '../testing/browser.ts'
import type { TestTown } from '../testing/database.ts'
import { formOf, words } from '../testing/form.ts'
import { owingTown } from '../testing/setup-town.ts'

let town: TestTown
let clerk: Browser
let administrator: Browser

beforeAll(async () => {
  town = await owingTown()
  const app = appFor(town, { today: '2026-04-20' })
  clerk = await signedIn(town, 'supervisor', app)
  administrator = await signedIn(town, 'administrator', app)
})
afterAll(() => town.drop())

const save = async (location: string, typed: Record<string, string>) => {
  const form = formOf((await clerk.get(`/landlords/${location}`)).text, 'property')
  expect((await clerk.post(`/landlords/${location}`, { ...form, rental: 'on', ...typed })).status).toBe(303)
}
const statement = async (account: string, requestId: string) =>
  (await clerk.post(`/accounts/${account}/statements`, { requestId, format: 'plain', date: '04/20/2026' })).headers
    .location ?? ''
const pages = (pdf: { body: Buffer }) => pdf.body.toString('latin1').match(/\/Type \/Page\b/g)?.length
const ID = '7d4b1a54-5a0e-4d6f-9b0e-0d6f3a1c2b1'

describe("The landlord gets copies of the tenant's statements", () => {
  it('adds the landlord to the duplicates, by mail or by e-mail; not before it was agreed, and never of their own', async () => {
    await save('1', { landlord: '3', since: '01/01/2199', noticeCopies: 'on' })
    const at = await statement('1.01', `${ID}1`)
    const said = async (by = clerk) => words((await by.get(at)).text)
    expect(await said()).toContain('No contact of this customer gets a duplicate.')
    await save('1', { since: '04/20/2026' })
    await town.db.execute(
      sql`update customer set address_line_1 = 'PO Box 3', city = 'Ashford', state = 'ID', zip = '83001' where number = '3'`,
    )
    expect(await said()).toContain('Customer 3, landlord Mail: PO Box 3, Ashford, ID 83001')
    expect(pages(await clerk.get(`${at}/duplicates`).buffer(true))).toBe(1)

    await town.db.execute(
      sql`update customer set mail_notices = false, email_notices = true, email = 'three@example.org' where number = '3'`,
    )
    expect(await said()).toContain('Customer 3, landlord E-mail: three@example.org')
    const message = await clerk.post(`${at}/duplicates`, formOf((await clerk.get(at)).text, 'duplicate-landlord'))
    expect(message.body instanceof Buffer ? message.body.toString() : message.text).toContain('To: three@example.org')

    await save('3', { landlord: '3', noticeCopies: 'on', since: '04/01/2026' })
    expect(words((await clerk.get(await statement('3.01', `${ID}2`))).text)).toContain('No contact of this customer')
    await town.db.execute(sql`update landlord_agreement set notice_copies = false`)
    expect(await said()).toContain('No contact of this customer gets a duplicate.')
  })

  it('asks the day a statement was made where its own date is before the agreement', async () => {
    await save('2', { landlord: '3', noticeCopies: 'on', since: formatDay(addDays(dayIn('UTC'), -1)) })
    const form = { requestId: `${ID}3`, format: 'plain', date: '01/15/2020' }
    const at = (await clerk.post('/accounts/2.01/statements', form)).headers.location ?? ''
    expect(words((await clerk.get(at)).text)).toContain('Customer 3, landlord')
  })

  it('a private landlord is among the duplicates for whoever may see them, and for nobody else', async () => {
    await town.db.execute(sql`update landlord_agreement set notice_copies = true`)
    await town.db.execute(sql`update customer set public = false where number = '3'`)
    const [row] = await rows<{ number: string }>(
      town.db,
      sql`select k.number from ledger.statement k join account a on a.id = k.account_id where a.number = '1.01' order by k.id`,
    )
    const at = `/accounts/1.01/statements/${row?.number}`
    expect(words((await clerk.get(at)).text)).not.toContain('landlord')
    expect((await clerk.post(`${at}/duplicates`, { contact: 'landlord' })).status).toBe(404)
    expect(words((await administrator.get(at)).text)).toContain('Customer 3, landlord E-mail')
  })
})
