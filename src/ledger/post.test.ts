import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Db, one, rows } from '../db/db.ts'
import { Conflict, Refused } from '../errors.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { buckets, ids, posted, smallTown, transaction, version } from '../testing/small-town.ts'
import { checkLedger, isClean } from './check.ts'
import { Stale } from './faults.ts'
import { money } from './money.ts'
import { type Document, decideAndPost, post } from './post.ts'

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

const count = async () => (await one<{ n: number }>(db, sql`select count(*)::int as n from ledger.transaction`))?.n

describe('posting', () => {
  it('posts a transaction whole and moves balance, journal, version and source key', async () => {
    const before = await version(db, '1.01')
    const { answer } = await posted(db, '1.01', [
      await transaction(db, { account: '1.01', date: '2026-01-31', source: 'bill/1' }, [
        ['WA', '2026-01-31', '10.00'],
        ['SE', '2026-01-31', '5.00'],
      ]),
    ])
    expect(answer.transactionIds).toHaveLength(1)
    expect(await buckets(db, '1.01')).toEqual(['WA 2026-01-31 10.00', 'SE 2026-01-31 5.00'])
    expect(Number((await version(db, '1.01')).version)).toBe(Number(before.version) + 1)
    expect(await rows(db, sql`select source_key from ledger.live_source where source_key = 'bill/1'`)).toHaveLength(1)
  })

  it('refuses a live source key, and nothing of the document stays', async () => {
    const n = await count()
    const twice = [
      await transaction(db, { account: '1.01', date: '2026-01-31', source: 'bill/1' }, [['WA', '2026-01-31', '10.00']]),
    ]
    await expect(posted(db, '1.01', twice)).rejects.toThrow(Conflict)
    expect(await count()).toBe(n)
  })

  it('refuses postings that do not sum to zero', async () => {
    const bad = await transaction(db, { account: '1.01', date: '2026-01-31' }, [['WA', '2026-01-31', '10.00']])
    bad.postings[0] = { ...bad.postings[0]!, amount: money('10.01') }
    await expect(posted(db, '1.01', [bad])).rejects.toThrow(/not whole/)
  })

  it('refuses to take more from a bucket than is in it', async () => {
    const over = await transaction(db, { account: '1.01', type: 'Pmt', date: '2026-02-01' }, [
      ['WA', '2026-01-31', '-10.01'],
    ])
    await expect(posted(db, '1.01', [over])).rejects.toThrow(Refused)
  })

  it('refuses an unknown account, and a period that is closed', async () => {
    await db.execute(sql`select ledger.close_period('2026-05-31', 0)`)
    const late = await transaction(db, { account: '1.01', date: '2026-05-01' }, [['WA', '2026-05-31', '1.00']])
    await expect(posted(db, '1.01', [late])).rejects.toThrow(/05\/31\/2026 is closed/)
    await db.execute(sql`select ledger.reopen_period('2026-05-31', 0, 'test')`)
  })

  it('is stale when the account moved since it was read', async () => {
    const seen = await version(db, '2.01')
    await posted(db, '2.01', [
      await transaction(db, { account: '2.01', date: '2026-01-31' }, [['WA', '2026-01-31', '1.00']]),
    ])
    const late = [await transaction(db, { account: '2.01', date: '2026-01-31' }, [['WA', '2026-01-31', '1.00']])]
    await expect(post(db, { kind: 'test', actor: 0, accounts: [seen], transactions: late })).rejects.toThrow(Stale)
  })

  it('answers twenty equal requests at once with one posting', async () => {
    const charge = await transaction(db, { account: '3.01', date: '2026-01-31' }, [['WA', '2026-01-31', '7.00']])
    const decide = async (): Promise<Document> => ({
      kind: 'test',
      actor: 0,
      request: { path: '/test', key: 'k1', body: { amount: '7.00' } },
      accounts: [await version(db, '3.01')],
      transactions: [charge],
    })
    const answers = await Promise.all(Array.from({ length: 20 }, () => decideAndPost(db, decide)))
    expect(answers.filter((answer) => answer.outcome === 'posted')).toHaveLength(1)
    expect(new Set(answers.map((answer) => answer.answer.transactionIds[0])).size).toBe(1)
    expect(await buckets(db, '3.01')).toEqual(['WA 2026-01-31 7.00'])
  })

  it('refuses a key that comes again with another body', async () => {
    const again: Document = {
      kind: 'test',
      actor: 0,
      request: { path: '/test', key: 'k1', body: { amount: '8.00' } },
      accounts: [await version(db, '3.01')],
      transactions: [await transaction(db, { account: '3.01', date: '2026-01-31' }, [['WA', '2026-01-31', '8.00']])],
    }
    await expect(post(db, again)).rejects.toThrow(Conflict)
  })
})

describe('the database refuses for everybody', () => {
  it.each([
    ['update', sql`update ledger.transaction set description = 'x'`],
    ['delete', sql`delete from ledger.posting`],
    ['truncate', sql`truncate ledger.transaction`],
    [
      'raw insert',
      sql`insert into ledger.transaction (id, run_id, transaction_date, period, posting_count, posted_by, posted_at, type, description, source_key)
      values (999999, 1, '2026-01-31', '2026-01-31', 2, 0, now(), 'Bill', 'x', 'y')`,
    ],
  ])('%s on the ledger by the application', async (_, statement) => {
    await expect(db.execute(statement)).rejects.toThrow()
  })

  it.each([
    ['update', 'update ledger.transaction set description = description'],
    ['delete', 'delete from ledger.posting'],
    ['truncate', 'truncate ledger.journal'],
    [
      'raw insert',
      `insert into ledger.transaction (id, run_id, transaction_date, period, posting_count, posted_by, posted_at, type, description, source_key)
      values (999999, 1, '2026-01-31', '2026-01-31', 2, 0, now(), 'Bill', 'x', 'y')`,
    ],
    [
      'half posted run',
      `update ledger.run set state = 'posting' where state = 'prepared'; insert into ledger.run (kind, state, prepared_by) values ('x', 'prepared', 0); update ledger.run set state = 'posting' where kind = 'x'`,
    ],
  ])('%s by the owner too', async (_, statement) => {
    const { default: postgres } = await import('postgres')
    const owner = postgres(town.url, { max: 1, onnotice: () => {} })
    await expect(owner.unsafe(statement)).rejects.toThrow(/LG|refused|posted|not being posted/i)
    await owner.end()
  })
})

describe('private accounts', () => {
  it('are invisible to the pool that may not see them, with everything that hangs on them', async () => {
    await posted(db, '9.01', [
      await transaction(db, { account: '9.01', date: '2026-01-31' }, [['WA', '2026-01-31', '30.00']]),
    ])
    await db.execute(sql`update customer set public = false where number = '9'`)
    const { account } = await ids(db)
    const hidden = sql`select 1 from ledger.transaction where account_id = ${account['9.01'] ?? 0}`
    expect(await rows(town.app, hidden)).toHaveLength(0)
    expect(await rows(db, hidden)).toHaveLength(1)
    for (const table of ['account', 'account_service', 'ledger.open_item', 'ledger.posting', 'ledger.account_ledger']) {
      const column = table === 'account' ? 'id' : 'account_id'
      expect(
        await rows(town.app, sql`select 1 from ${sql.raw(table)} where ${sql.raw(column)} = ${account['9.01'] ?? 0}`),
      ).toHaveLength(0)
    }
  })
})

describe('check', () => {
  it('finds a kept sum that was changed behind its back, names the account and parks it', async () => {
    const { default: postgres } = await import('postgres')
    const owner = postgres(town.url, { max: 1, onnotice: () => {} })
    await posted(db, '10.01', [
      await transaction(db, { account: '10.01', date: '2026-01-31' }, [['WA', '2026-01-31', '30.00']]),
    ])
    const tamper = (by: string) =>
      owner.unsafe(
        `update ledger.open_item set unpaid = unpaid + ${by} where account_id = (select id from account where number = '10.01')`,
      )
    await tamper('1')
    const checks = await checkLedger(db)
    expect(checks.find((check) => check.name === 'open_items')).toMatchObject({ faults: 1, accounts: ['10.01'] })
    const more = [await transaction(db, { account: '10.01', date: '2026-01-31' }, [['WA', '2026-01-31', '1.00']])]
    await expect(posted(db, '10.01', more)).rejects.toThrow(/found a fault/)
    await tamper('-1')
    expect(isClean(await checkLedger(db))).toBe(true)
    await posted(db, '10.01', more)
    await owner.end()
  })
})
