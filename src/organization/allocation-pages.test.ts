import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser } from '../testing/browser.ts'
import type { TestTown } from '../testing/database.ts'
import { type Form, formOf, plain } from '../testing/form.ts'
import { office } from '../testing/office.ts'
import { settings } from './settings.ts'
import { allocationLists } from './store.ts'

const ALLOCATION = '/organization/organization/payment-allocation'

let town: TestTown
let supervisor: Browser
let clerk: Browser

beforeAll(async () => {
  ;({ town, supervisor, clerk } = await office({ WA: '30.00', SE: '15.00', GA: '10.00' }))
})
afterAll(() => town.drop())

describe('Organization > Organization > Payment Allocation', () => {
  const open = async () => formOf((await supervisor.get(ALLOCATION)).text, 'allocation')
  const press = async (form: Form, button: string, ticks: Form = {}) => {
    const answer = await supervisor.post(ALLOCATION, { ...form, ...ticks, do: button })
    expect(answer.status, answer.text).toBe(200)
    return { page: plain(answer.text), form: formOf(answer.text, 'allocation') }
  }
  const set = async (list: string, codes: string[]) => {
    await supervisor.post(ALLOCATION, { ...(await open()), [list]: JSON.stringify(codes) })
  }

  test('004-001 004-003 is a tab of Organization > Organization and has the section Overpayments', async () => {
    const page = (await clerk.get(ALLOCATION)).text
    expect(page).toMatch(
      /<a href="\/organization\/organization\/payment-allocation" aria-current="page"[^>]*>Payment Allocation/,
    )
    expect(page).toContain('<h2>Overpayments</h2>')
  })

  test.each([
    ['004-009 004-010', 'First Priority Services', 'first'],
    ['004-012 004-013', 'Second Priority Services', 'second'],
    ['004-015 004-016', 'Third Priority Services', 'third'],
    ['004-018 004-019', 'Overpayment Service Allocation Order', 'overpayment'],
    ['004-022 004-023', 'Exclude These Services', 'exclude'],
  ])('%s %s has its Select, and works without scripts through buttons', async (_id, label, list) => {
    const form = await open()
    const selected = await press(form, `select:${list}`)
    expect(selected.page).toContain(`aria-label="Select ${label}" aria-expanded="true"`)
    expect(selected.page).toContain('aria-keyshortcuts="Alt+ArrowUp"')
    const added = await press(selected.form, 'add', { available: ['WA', 'GA'] })
    const moved = await press(added.form, 'up', { chosen: ['GA'] })
    const done = await press(moved.form, 'done')
    expect(done.page).toContain('value="1 Garbage, 2 Water"')
    const saved = await supervisor.post(ALLOCATION, done.form)
    expect(saved.status).toBe(303)
    expect((await allocationLists(town.db))[list as 'first']).toEqual(['GA', 'WA'])
    await set(list, [])
    expect((await allocationLists(town.db))[list as 'first']).toEqual([])
  })

  test('004-004 a penalty service can be put into any priority list; one that another list has is named there', async () => {
    await town.db.execute(sql`insert into service (code, name, kind, sort) values ('PE', 'Penalty', 'penalty', 9)`)
    for (const list of ['first', 'second', 'third']) {
      await set(list, ['PE'])
      expect((await allocationLists(town.db))[list as 'first']).toEqual(['PE'])
      const other = list === 'first' ? 'second' : 'first'
      expect((await press(await open(), `select:${other}`)).page).toContain(
        `in ${list[0]?.toUpperCase()}${list.slice(1)}`,
      )
      await set(list, [])
    }
  })

  test('004-005 past due before current is an option, off until it is ticked', async () => {
    const form = await open()
    expect(form.payPastDueFirst).toBeUndefined()
    await supervisor.post(ALLOCATION, { ...form, payPastDueFirst: 'on' })
    expect((await settings(town.db)).payPastDueFirst).toBe(true)
    const { payPastDueFirst: _off, ...again } = await open()
    await supervisor.post(ALLOCATION, again)
    expect((await settings(town.db)).payPastDueFirst).toBe(false)
  })

  test('004-021 004-024 004-025 offers history, all except the excluded, a single service, and open credit', async () => {
    for (const method of ['history', 'all_except', 'open_credit', 'listed'] as const) {
      const saved = await supervisor.post(ALLOCATION, { ...(await open()), overpaymentMethod: method })
      expect(saved.status).toBe(303)
      expect((await settings(town.db)).overpaymentMethod).toBe(method)
    }
    const page = plain((await clerk.get(ALLOCATION)).text)
    expect(page).toContain("by percentage of the customer's payment history")
    expect(page).toContain('to all services except Exclude These Services')
    expect(page).toContain('the first of Allocate Overpayments to These Services that the account has')
  })

  test('004-026 refuses a service that is in both overpayment lists and names it', async () => {
    const form = { ...(await open()), overpayment: '["WA"]', exclude: '["GA","WA"]' }
    const refused = await supervisor.post(ALLOCATION, form)
    expect(refused.status).toBe(422)
    expect(refused.text).toContain(
      'Water is in Allocate Overpayments to These Services and in Exclude These Services. It can be in one of them only.',
    )
    expect(formOf(refused.text, 'allocation')).toMatchObject({ overpayment: '["WA"]', exclude: '["GA","WA"]' })
    expect((await allocationLists(town.db)).exclude).toEqual([])
    const twice = await supervisor.post(ALLOCATION, { ...(await open()), first: '["SE"]', third: '["SE"]' })
    expect(twice.status).toBe(422)
    expect(twice.text).toContain('Sewer stands twice in First Priority Services and in Third Priority Services.')
  })

  test('004-006 004-008 the worked example shows what a payment would pay under the lists on the screen', async () => {
    const none = await press({ ...(await open()), amount: '20.00', account: '1.01' }, 'example')
    expect(none.page).toContain('1.01 Customer 1, owing 55.00')
    expect(none.page).toMatch(/In no list<\/td><td>Water<\/td><td class="amt">30.00<\/td><td class="amt">10.91/)
    const first = await press({ ...none.form, first: '["GA","SE"]', firstPriorityMethod: 'listed' }, 'example')
    expect(first.page).toMatch(/First 1<\/td><td>Garbage<\/td><td class="amt">10.00<\/td><td class="amt">10.00/)
    expect(first.page).toContain('one after the other, in listed order')
    const over = await press({ ...first.form, amount: '60.00', overpayment: '["WA"]' }, 'example')
    expect(over.page).toContain('5.00 is more than is owed')
    expect((await allocationLists(town.db)).first).toEqual([])
    expect((await press({ ...(await open()), account: 'x' }, 'example')).page).toContain('There is no such account.')
    expect((await press({ ...(await open()), amount: 'x' }, 'example')).page).toContain('Write an amount like 20.00.')
  })

  test('004-006 who may not change the lists tries the stored ones with an amount and an account of their own', async () => {
    const { text } = await clerk.get(`${ALLOCATION}?amount=20.00&account=1.01&do=example`)
    expect(plain(text)).toMatch(/In no list<\/td><td>Water<\/td><td class="amt">30.00<\/td><td class="amt">10.91/)
    expect(formOf(text, 'allocation')).toMatchObject({ amount: '20.00', account: '1.01' })
    const odd = await clerk.get(`${ALLOCATION}?amount=1,2&account=9.99`)
    expect(odd.text).toContain('Write an amount like 20.00.')
  })

  test('two clerks: the second is told which list the first changed', async () => {
    const form = await open()
    await set('first', ['WA'])
    const second = await supervisor.post(ALLOCATION, { ...form, second: '["SE"]' })
    expect(second.status).toBe(409)
    expect(second.text).toContain('First Priority Services was none and is now WA.')
    expect((await supervisor.post(ALLOCATION, formOf(second.text, 'allocation'))).status).toBe(303)
    expect(await allocationLists(town.db)).toMatchObject({ first: ['WA'], second: ['SE'] })
  })
})
