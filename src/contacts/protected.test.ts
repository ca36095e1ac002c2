import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { one, rows } from '../db/db.ts'
import { anAccount } from '../testing/clerk-town.ts'
import { contactDesk, type Desk, page } from '../testing/contact-desk.ts'
import { words } from '../testing/form.ts'
import { PASSWORD } from '../testing/signing-in.ts'
import { contactsForDuplicates } from './duplicates.ts'

let desk: Desk
beforeAll(async () => {
  desk = await contactDesk()
})
afterAll(() => desk.town.drop())

describe('two clerks, protected numbers, private customers', () => {
  it('tells the second clerk what the first one changed, and leaves contacts alone that were not touched', async () => {
    const { clerk, second, form, added, contactRow } = desk
    const id = await added({ 'n1-firstName': 'Two' })
    const [mine, other] = [await form(), await added({ 'n1-firstName': 'Other' })]
    await second.post(page, await form({ [`c${id}-lastName`]: 'Birch', [`c${other}-suffix`]: 'Sr.' }, page, second))
    const told = await clerk.post(page, { ...mine, [`c${id}-suffix`]: 'III' })
    expect(told.status).toBe(409)
    expect(words(told.text)).toContain('Two Birch: Last name was Lund and is now Birch')
    expect(await contactRow(id)).toMatchObject({ last_name: 'Birch', suffix: null })
  })

  it('001-266: license and SSN are sealed, masked, and shown with the password, which is audited', async () => {
    const { town, clerk, supervisor, viewer, form, added, contactRow } = desk
    const id = await added({ 'n1-firstName': 'Sec', 'n1-ssn': '123-45-6789', 'n1-licence': 'WH1234567' })
    const row = await contactRow(id)
    expect(row).toMatchObject({ ssn_last4: '6789', licence_last4: '4567', ssn_sealed: expect.stringMatching(/^v1\|/) })
    const html = (await clerk.get(`${page}?contact=${id}`)).text
    expect(html).toContain('•••-••-6789')
    expect(html).not.toMatch(/123-?45-?6789|contacts\/\d+\/ssn\/show/)
    expect((await clerk.get(`${page}/${id}/ssn/show`)).status).toBe(403)
    await clerk.post(page, await form({ [`c${id}-suffix`]: 'Jr.' }))
    expect((await contactRow(id))?.ssn_sealed).toBe(row?.ssn_sealed)
    const shown = await supervisor.post(`${page}/${id}/ssn/show`, {
      password: PASSWORD,
      code: '',
      reason: 'asked by phone',
    })
    expect([shown.status, shown.text.includes('123-45-6789')]).toEqual([200, true])
    expect(
      await one(
        town.db,
        sql`select action, subject_key, new->>'field' as field from audit where subject = 'contact' and action = 'show'`,
      ),
    ).toEqual({ action: 'show', subject_key: row?.number, field: 'ssn' })
    expect((await viewer.get(page)).text).not.toContain('6789')
    const trail = await rows<{ text: string }>(
      town.db,
      sql`select audit::text as text from audit where subject = 'contact'`,
    )
    expect(trail.some(({ text }) => text.includes('v1|'))).toBe(false)
  })

  it('a private customer and contacts of it are not there', async () => {
    const { town, clerk, viewer, administrator, types } = desk
    expect((await clerk.get('/panel/300.01/contacts')).status).toBe(404)
    expect((await clerk.post('/panel/300.01/contacts', {})).status).toBe(404)
    expect((await viewer.post(page, {})).status).toBe(403)
    expect((await viewer.get(page)).text).not.toContain('name="act"')
    await town.db.execute(sql`insert into contact (number, customer_id, contact_type_id, first_name, last_name)
      select 'P1', id, ${Number(types['contact other'])}, 'Pri', 'Vate' from customer where number = '300'`)
    expect(await rows(town.databases.app, sql`select from contact where number = 'P1'`)).toEqual([])
    expect((await administrator.get('/panel/300.01/contacts')).text).toContain('Pri Vate')
  })

  it('001-262: duplicates follow each contact’s Notices choice; None gets none', async () => {
    const { town } = desk
    await anAccount(town.db, { number: '700.01', name: 'With Contacts' })
    const at = '/panel/700.01/contacts'
    for (const [name, notices] of [
      ['Mailed', 'mail'],
      ['Emailed', 'email'],
      ['Silent', 'none'],
    ] as const)
      await addedAt(at, name, notices)
    const account = await one<{ id: number }>(town.db, sql`select id from account where number = '700.01'`)
    expect(await contactsForDuplicates(town.db, account?.id ?? 0)).toMatchObject([
      { name: 'Emailed Lund', lines: ['9 Palm Ave', 'Ashford, ID', 'USA'], email: 'ida@example.org', notices: 'email' },
      { name: 'Mailed Lund', lines: ['9 Palm Ave', 'Ashford, ID', 'USA'], email: 'ida@example.org', notices: 'mail' },
    ])
  })
})

async function addedAt(at: string, name: string, notices: string): Promise<void> {
  const { town, types } = desk
  const type = Number(types['contact other'])
  await town.db.execute(sql`with n as (insert into contact (number, customer_id, contact_type_id, notices, first_name, last_name)
      select next_number('contact'), a.customer_id, ${type}, ${notices}, ${name}, 'Lund' from account a where a.number = ${at.split('/')[2]} returning id),
    x as (insert into contact_address (contact_id, is_primary, address_type_id, address_line_1, city, state, country)
      select id, true, ${Number(types['address cabin'])}, '9 Palm Ave', 'Ashford', 'ID', 'USA' from n)
    insert into contact_email (contact_id, is_primary, email_type_id, address) select id, true, ${Number(types['email home'])}, 'ida@example.org' from n`)
}
