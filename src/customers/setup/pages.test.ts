import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { one, rows } from '../../db/db.ts'
import { appFor, type Browser, signedIn } from '../../testing/browser.ts'
import { freshTown, type TestTown } from '../../testing/database.ts'
import { formOf, words } from '../../testing/form.ts'
import { sendStep } from '../../testing/setup-steps.ts'
import { finalOne, setupTown } from '../../testing/setup-town.ts'

const ROOT = '/setup-new-customers'
let town: TestTown
let clerk: Browser
let other: Browser

beforeAll(async () => {
  town = await freshTown()
  await setupTown(town.db)
  await finalOne(town.db)
  const app = appFor(town, { today: '2026-04-20' })
  clerk = await signedIn(town, 'clerk', app)
  other = await signedIn(town, 'clerk', app)
})
afterAll(() => town.drop())

const send = (url: string, typed: Record<string, string | undefined>, wanted?: string) =>
  sendStep(clerk, url, typed, wanted)

const at = (answer: { headers: Record<string, string> }) => answer.headers.location as string

describe('Setup New Customers', () => {
  it('003-001 003-002 003-003 003-004 003-005 003-019: opens with the next number, the six steps, its help and None', async () => {
    const page = await clerk.get(ROOT)
    expect((await clerk.get('/')).text).toContain(`href="${ROOT}">Setup New Customers`)
    expect(words(page.text)).toContain('Customer Location Billing services Deposits Meters Review and save')
    expect(formOf(page.text, 'setup')).toMatchObject({ number: '1001', active: 'on' })
    expect(page.text).toContain('>None</option>')
    expect(words(page.text)).toContain('To copy from an existing customer')
    expect(words(page.text)).toContain('To set up a new location')
  })

  it('003-006 003-012 003-017: what is wrong stands beside its field and what was typed is kept', async () => {
    const typed = { number: '2', name: 'Rosalind Ibarra', customerTypeId: '', zip: '8300', phone: '208-555-0119' }
    const answer = await send(ROOT, typed)
    expect(answer.status).toBe(422)
    const said = words(answer.text)
    for (const sentence of ['Customer type is needed.', 'ZIP must be 5 digits, or 5 and 4.'])
      expect(said).toContain(sentence)
    expect(formOf(answer.text, 'setup')).toMatchObject({ name: 'Rosalind Ibarra', phone: '208-555-0119', zip: '8300' })
    const drafts = await clerk.get(ROOT)
    expect(drafts.text).toContain('Rosalind Ibarra</a>')
    expect((await other.get(ROOT)).text).not.toContain('Rosalind Ibarra')
    const url = /href="([^"]*\/customer)">Rosalind Ibarra/.exec(drafts.text)?.[1] ?? ''
    const taken = await send(url, { customerTypeId: 'none', zip: '83001' })
    expect(words(taken.text)).toContain('2 is the number of Customer 2.')
    expect((await other.get(url)).status).toBe(404)
    expect(at(await clerk.post(url.replace('/customer', '/discard'), {}))).toBe(ROOT)
    expect((await clerk.get(ROOT)).text).not.toContain('Rosalind Ibarra')
  })

  it('003-007 003-008 003-009 003-010 003-022 003-025 003-035 003-036 003-037: Name Details, and Search puts what is found into its field', async () => {
    const first = await send(ROOT, { name: 'Ibarra, Rosalind T.', customerTypeId: 'none' }, 'details')
    const page = await clerk.get(at(first))
    expect(formOf(page.text, 'setup')).toMatchObject({ firstName: 'Rosalind', middleName: 'T.', lastName: 'Ibarra' })
    expect(words(page.text)).toContain('Name Details')
    const url = at(first).split('?')[0] ?? ''
    await town.db.execute(
      sql`insert into master_contact (number, name, phone) values ('3307', 'Rosalind Ibarra', '208-555-0119')`,
    )
    const found = await clerk.get(
      at(await send(url, { masterContact: '', phone: '208-555-0119' }, 'find-masterContact')),
    )
    expect(found.text).toContain('value="choose-masterContact-3307"')
    await send(url, {}, 'choose-masterContact-3307')
    await send(url, { cosigner: 'Customer 3' }, 'find-cosigner')
    const chosen = await clerk.get(at(await send(url, {}, 'choose-cosigner-3')))
    expect(formOf(chosen.text, 'setup')).toMatchObject({
      masterContact: '3307',
      cosigner: '3',
      name: 'Ibarra, Rosalind T.',
    })
    expect(chosen.text).toContain('href="/customers/3"')
  })

  it('003-013 003-014 003-015 003-045 003-048 003-051 003-052 003-053 003-054 003-055 003-058 003-059: copies location, services and meters of the last occupant', async () => {
    const customer = {
      name: 'Rosalind Ibarra',
      customerTypeId: '1',
      copy: 'on',
      previous: '1',
      cosigner: '3',
      masterContact: '3307',
    }
    const second = at(
      await send(ROOT, { ...customer, addressLine1: 'PO Box 9', city: 'Ashford', state: 'ID', zip: '83001' }),
    )
    expect(second).toMatch(/\/location$/)
    expect(words((await clerk.get(second)).text)).toContain('Location number 1')
    const third = at(await send(second, { connectDate: '04/16/2026' }))
    const services = formOf((await clerk.get(third)).text, 'setup')
    expect(services).toMatchObject({
      'on-WA': 'on',
      'on-SE': 'on',
      'rate-WA': 'W-5/8',
      'quantity-WA': '2',
      'connect-WA': '04/16/2026',
    })
    expect(services['on-GA']).toBeUndefined()
    const fourth = at(await send(third, { 'on-SE': undefined, 'units-WA': '3', 'frequency-WA': 'quarterly' }))
    expect(formOf((await clerk.get(fourth)).text, 'setup')).toMatchObject({ 'deposit-WA': '75.00' })
    const fifth = at(await send(fourth, { 'parts-WA': '2' }))
    expect(formOf((await clerk.get(fifth)).text, 'setup')).toEqual(expect.objectContaining({ 'read-1': '1245' }))
    const review = at(await send(fifth, {}))
    const reviewed = words((await clerk.get(review)).text)
    expect(reviewed).toContain('Meter 48213419 begins at 1245')
    expect(reviewed).toContain('Quarterly')
    const made = await clerk.get(at(await send(review, {}, 'create')))
    expect(words(made.text)).toContain('Rosalind Ibarra is set up')
    expect(made.text).toContain('/accounts/1001.01/deposits/take')
    expect(await stored('1001.01')).toEqual({
      status: 'Current',
      connect: '2026-04-16',
      location: '1',
      type: 'R',
      address: 'PO Box 9',
      active: true,
      cosigner: '3',
      master: '3307',
      services: ['WA W-5/8 2 3 quarterly 2026-04-16'],
      deposits: ['WA 75.00 2'],
      reads: ['48213419 1245 2026-04-10'],
      notes: 0,
    })
    // a second press leads to the same answer
    expect(at(await clerk.post(review, { do: 'create' }))).toMatch(/\/done$/)
    expect((await rows(town.db, sql`select 1 from customer where name = 'Rosalind Ibarra'`)).length).toBe(1)
  })

  it('refuses, in words, a location that somebody lives at', async () => {
    const second = at(await send(ROOT, { name: 'Late Comer', customerTypeId: 'none', copy: 'on', previous: '2.01' }))
    const answer = await send(second, { connectDate: '04/20/2026' })
    expect(answer.status).toBe(422)
    expect(words(answer.text)).toContain(
      'Customer 2, account 2.01, is Current at this location. Move that customer out first',
    )
    expect((await send(second, { connectDate: '05/20/2026' })).status).toBe(303)
  })

  it('two presses at once set up one customer, and both lead to what was made', async () => {
    const second = at(await send(ROOT, { name: 'Twice Pressed', customerTypeId: 'none' }))
    const third = at(await send(second, { serviceAddress: '612 Cutbank Ln', connectDate: '04/20/2026' }))
    const fourth = at(await send(third, {}))
    const fifth = at(await send(fourth, { 'deposit-WA': '', 'deposit-SE': '' }))
    const review = at(await send(fifth, {}))
    const both = await Promise.all([1, 2].map(() => clerk.post(review, { do: 'create' })))
    expect(both.map(at)).toEqual([review.replace('/review', '/done'), review.replace('/review', '/done')])
    expect((await rows(town.db, sql`select 1 from customer where name = 'Twice Pressed'`)).length).toBe(1)
  })

  it('a beginning read is held to the rules of reads: not below the last one, and not of a day to come', async () => {
    await town.db.execute(
      sql`update account set activity_status = 'Final', disconnect_date = '2026-04-17' where number = '1001.01'`,
    )
    const begin = async (connectDate: string, read: string) => {
      const typed = { name: 'New Reader', customerTypeId: 'none', copy: 'on', previous: '1001.01' }
      const second = at(await send(ROOT, typed))
      const third = at(await send(second, { connectDate }))
      const fifth = at(await send(at(await send(third, {})), { 'deposit-WA': '' }))
      return clerk.post(at(await send(fifth, { 'read-1': read })), { do: 'create' })
    }
    const below = await begin('04/20/2026', '1240')
    expect([below.status, words(below.text).includes('This is below the last read, 1245 on 04/10/2026')]).toEqual([
      422,
      true,
    ])
    const later = await begin('05/20/2026', '1250')
    expect([later.status, words(later.text).includes('This day is still to come.')]).toEqual([422, true])
    expect((await begin('04/20/2026', '1250')).status).toBe(303)
  })

  it('003-011 003-016 003-046 003-047 003-049 003-050 003-057: a new location starts with the default services; deposits may stay blank', async () => {
    const second = at(await send(ROOT, { name: 'New Place', customerTypeId: 'none' }))
    expect(words((await send(second, { serviceAddress: '' })).text)).toContain('Service address is needed.')
    const third = at(await send(second, { serviceAddress: '611 Cutbank Ln', connectDate: '05/01/2026' }))
    const offered = formOf((await clerk.get(third)).text, 'setup')
    expect(offered).toMatchObject({ 'on-WA': 'on', 'on-SE': 'on', 'on-GA': 'on' })
    expect(words((await send(third, { 'on-WA': undefined, 'on-SE': undefined, 'on-GA': undefined })).text)).toContain(
      'Tick at least one service.',
    )
    const fourth = at(await send(third, { 'on-WA': 'on', 'on-SE': undefined, 'on-GA': undefined }))
    const fifth = at(await send(fourth, { 'deposit-WA': '' }))
    expect(words((await send(fifth, { 'meter-WA': '77', 'begin-WA': '' })).text)).toContain(
      'The read that the meter begins with is needed.',
    )
    const review = at(await send(fifth, { 'meter-WA': '77', 'begin-WA': '12' }))
    expect(at(await send(review, {}, 'create'))).toMatch(/\/done$/)
    const account = await one<{ number: string }>(
      town.db,
      sql`select a.number from account a join customer c on c.id = a.customer_id where c.name = 'New Place'`,
    )
    const found = await stored(account?.number ?? '')
    expect(found).toMatchObject({ status: 'Waiting', deposits: [], type: null, reads: ['77 12 2026-05-01'] })
  })

  it('a private owner is not replaced by somebody who does not see it', async () => {
    await town.db.execute(sql`insert into customer (number, name, public) values ('P1', 'Hidden Owner', false)`)
    await town.db.execute(
      sql`update location set owner_customer_id = (select id from customer where number = 'P1') where number = '2'`,
    )
    const second = at(await send(ROOT, { name: 'New Landlord', customerTypeId: 'none' }))
    const review = at(await send(second, { kind: 'none', landlordOf: '2' }))
    const refused = await clerk.post(review, { do: 'create' })
    expect([refused.status, words(refused.text)]).toEqual([
      422,
      expect.stringContaining('Location 2 has an owner who is not shown to you.'),
    ])
  })

  it('003-020 003-021: the list of customer types refreshes by itself', async () => {
    const supervisor = await signedIn(town, 'supervisor')
    const [, add = ''] = /href="([^"]*)"[^>]*>Add type</.exec((await supervisor.get(ROOT)).text) ?? []
    await supervisor.get(add).expect(200)
    expect((await clerk.get(ROOT)).text).not.toContain('Add type')
    await town.db.execute(sql`insert into customer_type (code, name) values ('C', 'Commercial')`)
    const list = await clerk.get(`${ROOT}/types?customerTypeId=1`)
    expect(list.text).toContain('C Commercial')
    expect(list.text).toContain('<option value="1" selected>')
  })
})

async function stored(account: string) {
  const found = await one<{ found: object }>(
    town.db,
    sql`select json_build_object('status', a.activity_status, 'connect', a.connect_date, 'location', n.number, 'type', k.code,
        'address', c.address_line_1, 'active', c.active, 'master', m.number,
        'cosigner', (select o.number from cosigner x join customer o on o.id = x.cosigner_customer_id where x.customer_id = c.id),
        'services', (select coalesce(json_agg(concat_ws(' ', s.code, x.rate, trim_scale(x.quantity), trim_scale(x.units), x.frequency, x.connect_date) order by s.sort), '[]')
          from account_service x join service s on s.id = x.service_id where x.account_id = a.id),
        'deposits', (select coalesce(json_agg(concat_ws(' ', s.code, g.amount, g.installments)), '[]') from deposit_agreement g join service s on s.id = g.service_id where g.account_id = a.id),
        'reads', (select coalesce(json_agg(concat_ws(' ', t.number, trim_scale(b.reading), b.read_date)), '[]') from beginning_read b join meter t on t.id = b.meter_id where b.account_id = a.id),
        'notes', (select count(*) from note x where x.customer_id = c.id)) as found
      from account a join customer c on c.id = a.customer_id join location n on n.id = a.location_id
      left join customer_type k on k.id = c.customer_type_id left join master_contact m on m.id = c.master_contact_id where a.number = ${account}`,
  )
  return found?.found
}
