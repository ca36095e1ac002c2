import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkLedger } from '../ledger/check.ts'
import { apiApp, type Caller, caller } from '../testing/caller.ts'
import { type MovementTown, movementTown } from '../testing/movement-town.ts'

let made: MovementTown
let clerk: Caller
let account: string
const DAY = '2011-04-20'

beforeAll(async () => {
  made = await movementTown()
  await made.town.db.execute(sql`update service set deposit_allowed = true`)
  account = await made.owing({ WA: '40.00' })
  clerk = await caller(made.town, 'clerk', apiApp(made.town))
})
afterAll(async () => {
  const faulty = (await checkLedger(made.town.db)).filter(({ faults }) => faults > 0)
  await made.town.drop()
  expect(faulty).toEqual([])
})

const agree = async () => {
  const asked = { service: 'WA', amount: '50.00', agreedOn: DAY }
  return String((await clerk.post(`/accounts/${account}/deposit-agreements`, asked).expect(201)).body.deposit)
}

describe('deposits', () => {
  it('one deposit listed twice is refused and nothing is taken', async () => {
    const deposit = await agree()
    const line = { deposit, amount: '50.00' }
    const take = (lines: object[]) =>
      clerk.post(`/accounts/${account}/deposits`, { lines, date: DAY, method: 'check', checkNumber: '7' })
    const { body } = await take([line, line]).expect(422)
    expect(body.errors).toEqual({ lines: `Deposit ${deposit} is listed twice.` })
    expect((await clerk.get(`/deposits?query=${account}`).expect(200)).body).toEqual([])
    await take([line]).expect(201)
    const { body: held } = await clerk.get(`/deposits?query=${account}`).expect(200)
    expect(held).toMatchObject([{ number: deposit, account, held: '50.00' }])
  })

  it('are listed 500 a page', async () => {
    await made.town.db.execute(sql`insert into deposit_agreement (number, account_id, service_id, amount, agreed_on)
      select 'L' || x, a.id, s.id, 10, ${DAY} from generate_series(1, 501) x, account a, service s
      where a.number = ${account} and s.code = 'WA'`)
    const page = async (more: string) =>
      (await clerk.get(`/deposits?show=collect${more}`).expect(200)).body.map((each: { number: string }) => each.number)
    const [first, second, third] = [await page(''), await page('&page=2'), await page('&page=3')]
    expect([first.length, second.length, third.length]).toEqual([500, 1, 0])
    expect(new Set([...first, ...second]).size).toBe(501)
    await clerk.get('/deposits?page=0').expect(422)
  })
})
