import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Db, one } from '../db/db.ts'
import { Conflict, NotFound, Refused } from '../errors.ts'
import { checkLedger } from '../ledger/check.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { buckets, posted, smallTown, transaction } from '../testing/small-town.ts'
import { toyKind } from '../testing/toy-kind.ts'
import type { RunKind } from './kind.ts'
import { makeRegistry } from './registry.ts'
import { reverseRun } from './reverse.ts'
import { cancelRun, goRun, prepareAgain, prepareRun, startRun } from './service.ts'
import { runAccounts, runExclusions } from './store.ts'

const TODAY = '2026-04-20'
const registry = makeRegistry([toyKind as RunKind])
let town: TestTown
let db: Db
beforeAll(async () => {
  town = await freshTown()
  db = town.db
  await smallTown(db, 11)
  await db.execute(sql`insert into collection_code (code, name) values ('TAX', 'Certified')`)
})
afterAll(async () => {
  const checks = await checkLedger(db)
  await town.drop()
  expect(checks.filter((check) => check.faults > 0)).toEqual([])
})

async function prepared(
  criteria: unknown = {},
  options: Record<string, unknown> = { date: '2026-04-01', amount: '5.00' },
) {
  const id = await startRun(db, registry, { kind: 'test.charges', options, criteria, actor: 0 })
  return prepareRun(db, registry, id, TODAY)
}
const transactions = async (run: number) =>
  (await one<{ n: number }>(db, sql`select count(*)::int as n from ledger.transaction where run_id = ${run}`))?.n

describe('a run', () => {
  it('prepares without posting: count, total, before and after, who is left out and why', async () => {
    const run = await prepared()
    expect(run).toMatchObject({
      state: 'prepared',
      count: 10,
      total: '50.00',
      excluded: 1,
      outsideCriteria: 0,
      posted: 0,
    })
    const accounts = await runAccounts(db, run.id)
    expect(accounts.map((account) => account.accountNumber).slice(0, 3)).toEqual(['1.01', '3.01', '4.01'])
    expect(accounts[0]).toMatchObject({ before: '0.00', after: '5.00' })
    expect(await runExclusions(db, run.id)).toMatchObject([{ accountNumber: '2.01', reasons: [{ passed: false }] }])
    expect(await transactions(run.id)).toBe(0)
    await cancelRun(db, run.id, 0)
  })

  it('takes only those that meet the criteria', async () => {
    const run = await prepared({ all: [{ field: 'accountNumber', operator: 'between', value: ['3', '5.99'] }] })
    expect(run).toMatchObject({ count: 3, outsideCriteria: 8 })
    await cancelRun(db, run.id, 0)
  })

  it.each([
    [{ all: [{ field: 'shoeSize', operator: '=', value: '1' }] }, /shoeSize/],
    [{ all: [{ field: 'balance', operator: 'contains', value: '1' }] }, /all\[0\]/],
  ])('refuses criteria that cannot be: %j', async (criteria, words) => {
    await expect(prepared(criteria)).rejects.toThrow(words)
  })

  it('refuses unknown kinds and options, naming the option', async () => {
    await expect(startRun(db, registry, { kind: 'no.such', options: {}, actor: 0 })).rejects.toThrow(NotFound)
    await expect(prepared({}, { date: '2026-02-30', amount: '5.00' })).rejects.toThrow(/date/)
    await expect(prepared({}, { date: '2026-04-01', amount: '5.00', extra: 1 })).rejects.toThrow(Refused)
  })

  it('posts once when two clerks press GO at the same time, and answers its state after', async () => {
    const run = await prepared()
    const answers = await Promise.all(Array.from({ length: 8 }, () => goRun(db, run.id, run.previewHash ?? '', 0)))
    expect(answers.every((answer) => answer.state === 'posted' && answer.posted === 10)).toBe(true)
    expect(await transactions(run.id)).toBe(10)
    await expect(goRun(db, run.id, 'another preview', 0)).rejects.toThrow(Conflict)
  })

  it('posts nothing when an account changed, names it, and posts after preparing again', async () => {
    const run = await prepared({ all: [{ field: 'accountNumber', operator: 'in', value: ['3.01', '4.01'] }] })
    await posted(db, '4.01', [
      await transaction(db, { account: '4.01', date: '2026-04-02' }, [['SE', '2026-04-30', '1.00']]),
    ])
    await expect(goRun(db, run.id, run.previewHash ?? '', 0)).rejects.toThrow(/4\.01/)
    expect(await transactions(run.id)).toBe(0)
    await prepareAgain(db, run.id)
    const again = await prepareRun(db, registry, run.id, TODAY)
    await goRun(db, run.id, again.previewHash ?? '', 0)
    expect(await transactions(run.id)).toBe(2)
  })

  it('says what changed since the last preview', async () => {
    const first = await prepared({ all: [{ field: 'accountNumber', operator: 'in', value: ['3.01', '4.01'] }] })
    const second = await prepared({ all: [{ field: 'accountNumber', operator: 'in', value: ['4.01', '5.01'] }] })
    expect(second.lastPreview).toMatchObject({ count: 2, added: ['5.01'], removed: ['3.01'], changed: [] })
    await cancelRun(db, first.id, 0)
    await cancelRun(db, second.id, 0)
  })

  it('refuses GO with nothing to post, and a preview that was tampered with', async () => {
    const empty = await prepared({ all: [{ field: 'accountNumber', operator: '=', value: 'none' }] })
    await expect(goRun(db, empty.id, empty.previewHash ?? '', 0)).rejects.toThrow(/nothing to post/)
    const run = await prepared({ all: [{ field: 'accountNumber', operator: '=', value: '6.01' }] })
    await db.execute(sql`update ledger.staged_posting set amount = amount * 2 where run_id = ${run.id}`)
    await expect(goRun(db, run.id, run.previewHash ?? '', 0)).rejects.toThrow(/not the preview/)
  })
})

describe('reversing a run', () => {
  const code = async (number: string) =>
    (
      await one<{ code: string | null }>(
        db,
        sql`select k.code from customer c left join collection_code k on k.id = c.collection_code_id where c.number = ${number}`,
      )
    )?.code

  beforeEach(async () => {
    await db.execute(sql`update customer set collection_code_id = null`)
  })

  it('undoes money and effects, also where what it posted was paid since; once', async () => {
    const run = await prepared(
      { all: [{ field: 'accountNumber', operator: 'in', value: ['7.01', '8.01', '9.01'] }] },
      { date: '2026-04-01', amount: '9.00', code: 'TAX' },
    )
    const before = { seven: await buckets(db, '7.01'), eight: await buckets(db, '8.01') }
    await goRun(db, run.id, run.previewHash ?? '', 0)
    expect(await code('7')).toBe('TAX')
    const [owed = ''] = await buckets(db, '8.01')
    await posted(db, '8.01', [
      await transaction(db, { account: '8.01', type: 'Pmt', date: '2026-04-03' }, [
        ['WA', '2026-04-30', `-${owed.split(' ')[2]}`],
      ]),
    ])
    await db.execute(sql`insert into collection_code (code, name) values ('AGY', 'Agency')`)
    await db.execute(
      sql`update customer set collection_code_id = (select id from collection_code where code = 'AGY') where number = '9'`,
    )
    const order = { runId: run.id, reason: 'wrong amount', withDependents: false, actor: 0, today: TODAY }
    await expect(reverseRun(db, registry, { ...order, reason: '' })).rejects.toThrow(/Say why/)
    await reverseRun(db, registry, order)
    expect(await buckets(db, '7.01')).toEqual(before.seven)
    // the payment stays: what it paid is open credit now
    expect(await buckets(db, '8.01')).toEqual(['WA open -9.00'])
    expect(await code('7')).toBe(null)
    // somebody set another code since: it is left
    expect(await code('9')).toBe('AGY')
    await expect(reverseRun(db, registry, order)).rejects.toThrow(Conflict)
    expect(before.eight).toHaveLength(1)
  })
})
