import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Db, rows } from '../db/db.ts'
import { Conflict } from '../errors.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { buckets, posted, smallTown, transaction } from '../testing/small-town.ts'
import { checkLedger } from './check.ts'
import { reverse } from './reverse.ts'

let town: TestTown
let db: Db
beforeAll(async () => {
  town = await freshTown()
  db = town.db
  await smallTown(db, 12)
})
afterAll(async () => {
  const checks = await checkLedger(db)
  await town.drop()
  expect(checks.filter((check) => check.faults > 0)).toEqual([])
})

const order = { kind: 'Rev' as const, reason: 'a mistake', actor: 0, today: '2026-04-20' }

describe('reversing', () => {
  it('restores its own buckets although a newer payment came', async () => {
    const bill = (period: string) => transaction(db, { account: '4.01', date: period }, [['WA', period, '50.00']])
    for (const period of ['2026-01-31', '2026-02-28', '2026-03-31']) await posted(db, '4.01', [await bill(period)])
    const january = await posted(db, '4.01', [
      await transaction(db, { account: '4.01', type: 'Pmt', date: '2026-02-10' }, [['WA', '2026-01-31', '-50.00']]),
    ])
    await posted(db, '4.01', [
      await transaction(db, { account: '4.01', type: 'Pmt', date: '2026-03-10' }, [['WA', '2026-02-28', '-50.00']]),
    ])
    await reverse(db, { ...order, number: january.answer.transactionIds[0]! })
    expect(await buckets(db, '4.01')).toEqual(['WA 2026-01-31 50.00', 'WA 2026-03-31 50.00'])
  })

  it('takes missing open credit back from the bill that took it up', async () => {
    const ahead = await posted(db, '5.01', [
      await transaction(db, { account: '5.01', type: 'Pmt', date: '2026-01-10' }, [['WA', 'open', '-100.00']]),
    ])
    await posted(db, '5.01', [
      await transaction(db, { account: '5.01', date: '2026-01-31' }, [['WA', 'open', '60.00']]),
    ])
    expect(await buckets(db, '5.01')).toEqual(['WA open -40.00'])
    const { answer } = await reverse(db, { ...order, number: ahead.answer.transactionIds[0]! })
    expect(await buckets(db, '5.01')).toEqual(['WA 2026-01-31 60.00'])
    expect(answer.transactionIds).toHaveLength(2)
  })

  it('moves credit to the oldest bucket when the reversed bill was paid', async () => {
    const bill = await posted(db, '6.01', [
      await transaction(db, { account: '6.01', date: '2026-01-31' }, [['WA', '2026-01-31', '30.00']]),
    ])
    await posted(db, '6.01', [
      await transaction(db, { account: '6.01', type: 'Pmt', date: '2026-02-10' }, [['WA', '2026-01-31', '-30.00']]),
    ])
    await posted(db, '6.01', [
      await transaction(db, { account: '6.01', date: '2026-02-28' }, [['WA', '2026-02-28', '20.00']]),
    ])
    await reverse(db, { ...order, number: bill.answer.transactionIds[0]! })
    expect(await buckets(db, '6.01')).toEqual(['WA open -10.00'])
  })

  it('reverses once, never a reversal, and not without a reason', async () => {
    const bill = await posted(db, '7.01', [
      await transaction(db, { account: '7.01', date: '2026-01-31', source: 'bill/7' }, [['WA', '2026-01-31', '30.00']]),
    ])
    const number = bill.answer.transactionIds[0]!
    await expect(reverse(db, { ...order, number, reason: ' ' })).rejects.toThrow(/Say why/)
    const reversal = await reverse(db, { ...order, number })
    await expect(reverse(db, { ...order, number })).rejects.toThrow(Conflict)
    await expect(reverse(db, { ...order, number: reversal.answer.transactionIds[0]! })).rejects.toThrow(/not reversed/)
    await posted(db, '7.01', [
      await transaction(db, { account: '7.01', date: '2026-01-31', source: 'bill/7' }, [['WA', '2026-01-31', '31.00']]),
    ])
    expect(await buckets(db, '7.01')).toEqual(['WA 2026-01-31 31.00'])
  })

  it('dates the reversal today when the period of the original is closed', async () => {
    const bill = await posted(db, '8.01', [
      await transaction(db, { account: '8.01', date: '2026-01-31' }, [['WA', '2026-01-31', '30.00']]),
    ])
    await db.execute(sql`select ledger.close_period('2026-01-31', 0)`)
    await reverse(db, { ...order, number: bill.answer.transactionIds[0]! })
    const [row] = await rows<{ period: string }>(
      db,
      sql`select period from ledger.transaction order by id desc limit 1`,
    )
    expect(row?.period).toBe('2026-04-30')
    await db.execute(sql`select ledger.reopen_period('2026-01-31', 0, 'test')`)
  })
})
