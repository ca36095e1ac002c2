import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accountView, transactionsOf } from '../accounts/service.ts'
import { one } from '../db/db.ts'
import { deferredCharge, deferredParticipation } from '../db/tables/auto-payment.ts'
import { glAccount } from '../db/tables/organization.ts'
import { money } from '../ledger/money.ts'
import { returnPayment } from '../payments/nsf.ts'
import { previewPayment, reverseTransaction, takePayment } from '../payments/service.ts'
import { aCharge, anAccount, clerkTown } from '../testing/clerk-town.ts'
import { freshTown, type TestTown } from '../testing/database.ts'

let town: TestTown
let next = 300
let statements = 1
const today = '2011-04-20'

const who = () => ({
  db: town.app,
  actor: { id: 0, name: 'system', role: 'clerk' as const, seesPrivate: false },
  today,
  may: () => true,
})

/** An account that owes 42.00 on its latest statement, whose customer takes part in these charges. */
async function owing(charges: string[], owed = '42.00', statement: string | null = '42.00'): Promise<string> {
  const number = `${next++}.01`
  await anAccount(town.db, { number, services: ['WA', 'SE'] })
  if (owed !== '0.00') await aCharge(town.db, number, '2011-03-31', { WA: owed })
  for (const code of charges) {
    const [charge] = await town.db.select().from(deferredCharge).where(sql`code = ${code}`)
    const customer = await one<{ id: number }>(
      town.db,
      sql`select customer_id as id from account where number = ${number}`,
    )
    await town.db
      .insert(deferredParticipation)
      .values({ customerId: customer!.id, deferredChargeId: charge!.id, takesPart: true })
  }
  if (statement !== null) await aStatement(number, statement)
  return number
}

const aStatement = (number: string, amount: string, date = '2011-04-01') =>
  town.db.execute(sql`insert into ledger.statement (number, account_id, date, due_date, format, balance_forward, charges, amount, made_at, made_by, source_key)
    select ${`S${statements++}`}, id, ${date}, ${date}::date + 15, 'plain', 0, ${amount}, ${amount}, now(), 0, ${`s/${statements}`} from account where number = ${number}`)

const pay = (number: string, amount: string, key?: string) =>
  takePayment(who(), number, { amount: money(amount), date: today, method: 'check', checkNumber: '7' }, key)
const balance = async (number: string) => (await accountView(town.db, number, { today })).balance
const brought = (taken: { deferredCharges?: { code: string; amount: string }[] }) =>
  Object.fromEntries((taken.deferredCharges ?? []).map(({ code, amount }) => [code, amount]))

beforeAll(async () => {
  town = await freshTown()
  await clerkTown(town.db, {
    services: ['WA', 'SE', 'GA'].map((code) => ({ code, subject: true, certificationPeriods: 2 })),
    settings: { deferred_charges: 'yes' },
    lists: { overpayment: ['WA'] },
  })
  const [gl] = await town.db
    .insert(glAccount)
    .values({ number: '4700', name: 'Donations', type: 'revenue' })
    .returning()
  const round = { useRoundUp: true, roundUp: '5.00' }
  await town.db.insert(deferredCharge).values([
    {
      code: 'ROUND',
      name: 'Round-up donation',
      ...round,
      trigger: 'overpayment',
      sort: 1,
      glId: gl!.id,
      companyOrder: false,
      serviceOrder: 'GA\nSE',
    },
    { code: 'FOUR', name: 'Four more', useFixed: true, fixed: '4.00', trigger: 'overpayment', sort: 2 },
    { code: 'ALL', name: 'All or nothing', ...round, trigger: 'overpayment', onlyIfCovered: true, sort: 3 },
    { code: 'EACH', name: 'With each payment', ...round, trigger: 'payment', sort: 4 },
    { code: 'OFF', name: 'Out of use', ...round, trigger: 'payment', active: false, sort: 5 },
  ])
})
afterAll(() => town.drop())

describe('a payment and its deferred charges', () => {
  it('001-209 001-224: an overpayment is taken up and never raises the balance (D2, D9)', async () => {
    for (const [amount, charged, left] of [
      ['42.00', undefined, '0.00'],
      ['45.00', '3.00', '0.00'],
      ['44.00', '2.00', '0.00'],
      ['50.00', '3.00', '-5.00'],
    ] as const) {
      const number = await owing(['ROUND'])
      expect(await balance(number)).toBe('42.00')
      const preview = await previewPayment(town.app, number, { amount: money(amount), date: today })
      const taken = await pay(number, amount)
      expect(taken).toMatchObject(preview)
      expect(brought(taken).ROUND, amount).toBe(charged)
      expect(await balance(number), amount).toBe(left)
      expect(taken.balanceAfter).toBe(left)
    }
  })

  it('001-225 001-226: a payment trigger charges whenever one is made, covered or not (D3)', async () => {
    const short = await owing(['EACH'])
    expect(brought(await pay(short, '42.00'))).toEqual({ EACH: '3.00' })
    expect(await balance(short)).toBe('3.00')
    const covered = await owing(['EACH'])
    await pay(covered, '45.00')
    expect(await balance(covered)).toBe('0.00')
  })

  it('001-216 001-219: Apply Order, only if fully covered, and not active (D4, D7)', async () => {
    const number = await owing(['ROUND', 'FOUR', 'OFF'])
    expect(brought(await pay(number, '47.00'))).toEqual({ ROUND: '3.00', FOUR: '2.00' })
    const all = await owing(['ALL'])
    const taken = await pay(all, '44.00')
    expect(brought(taken)).toEqual({})
    expect(taken.overpayment).toEqual([{ service: 'WA', amount: '2.00' }])
  })

  it('001-236 001-237: is booked on the first listed service that is active, against its GL Code', async () => {
    const number = await owing(['ROUND'])
    await pay(number, '45.00')
    const list = await transactionsOf(town.db, number)
    const misc = list.find(({ type }) => type === 'Misc')
    expect(misc).toMatchObject({ description: 'Round-up donation', amount: '3.00' })
    const line = await one<{ gl: string; amount: string; service: string }>(
      town.db,
      sql`select g.number as gl, p.amount::text, (select s.code from ledger.posting u join service s on s.id = u.service_id
          where u.transaction_id = p.transaction_id and u.subledger = 'utility' limit 1) as service
        from ledger.posting p join gl_account g on g.id = p.gl_account_id where p.subledger = 'general'
          and p.transaction_id = (select id from ledger.transaction where coalesce(number, id::text) = ${misc!.id})`,
    )
    expect(line).toEqual({ gl: '4700', amount: '-3.00', service: 'SE' })
  })

  it('is charged once for each statement, and again on the next one (D5)', async () => {
    const number = await owing(['EACH'])
    expect(brought(await pay(number, '20.00', 'one'))).toEqual({ EACH: '3.00' })
    expect(brought(await pay(number, '20.00', 'one'))).toEqual({ EACH: '3.00' })
    expect(brought(await pay(number, '5.00'))).toEqual({})
    expect(await balance(number)).toBe('20.00')
    await aStatement(number, '12.00', '2011-04-10')
    expect(brought(await pay(number, '1.00'))).toEqual({ EACH: '3.00' })
  })

  it('without a statement nothing is rounded up (D6)', async () => {
    const number = await owing(['EACH', 'FOUR'], '42.00', null)
    expect(brought(await pay(number, '50.00'))).toEqual({ FOUR: '4.00' })
  })

  it('reversal and NSF of the payment take the charge back; the charge alone is not reversed (D5)', async () => {
    for (const undo of ['Rev', 'NSF'] as const) {
      const number = await owing(['ROUND', 'EACH'])
      const taken = await pay(number, '50.00')
      expect(await balance(number)).toBe('-2.00')
      const misc = (await transactionsOf(town.db, number)).find(({ type }) => type === 'Misc')
      await expect(reverseTransaction(who(), misc!.id, { reason: 'x' })).rejects.toThrow('reverse the payment')
      await reverseTransaction(who(), taken.transactionId, { reason: 'Wrong account', kind: undo })
      expect(await balance(number)).toBe('42.00')
      expect(brought(await pay(number, '50.00'))).toEqual({ ROUND: '3.00', EACH: '3.00' })
    }
  })

  it('a returned check is marked on its screen, and the charge goes with it', async () => {
    const number = await owing(['EACH'])
    const { transactionId } = await pay(number, '45.00')
    await returnPayment(who(), transactionId, {
      method: 'check',
      reason: 'Insufficient',
      fee: money('0.00'),
      date: today,
    })
    expect(await balance(number)).toBe('42.00')
  })

  it('001-208: switched off, nothing is charged', async () => {
    await town.db.execute(sql`update setting set value = 'no' where name = 'deferred_charges'`)
    const number = await owing(['ROUND', 'EACH'])
    expect(brought(await pay(number, '50.00'))).toEqual({})
    expect(await balance(number)).toBe('-8.00')
    await town.db.execute(sql`update setting set value = 'yes' where name = 'deferred_charges'`)
  })
})
