import { sql } from 'drizzle-orm'
import { afterAll, describe, expect, it } from 'vitest'
import { one, rows } from '../db/db.ts'
import { money, sum, text } from '../ledger/money.ts'
import { runAccounts } from '../runs/store.ts'
import { faults, ran, reversed } from '../testing/certifying.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { loadTown, millbrook } from '../testing/towns.ts'

const large = millbrook()
if (!large)
  process.stderr.write('The town of 900 accounts is not beside the repository: its certification is not tested.\n')

describe.skipIf(!large)('on a town of 900 accounts (skipped where the town is not beside the repository)', () => {
  const figures = large?.expected.certify
  let town: TestTown | undefined
  afterAll(async () => town?.drop())

  it('certifies, updates and reverses to the cent, service by service', async () => {
    town = await freshTown()
    const { db } = town
    await loadTown(db, large?.folder ?? '')
    const run = await ran(db, 'create-records', { date: '2026-10-31', taxYear: 2026 })
    expect(run).toMatchObject({ count: figures?.accounts, total: figures?.amount, fees: figures?.fees })
    const byService = await rows<{ code: string; total: string }>(
      db,
      sql`select s.code, sum(l.certified)::text as total from ledger.certification_line l join service s on s.id = l.service_id group by 1`,
    )
    expect(Object.fromEntries(byService.map(({ code, total }) => [code, total]))).toEqual(figures?.by_service)
    const accounts = await runAccounts(db, run.id)
    for (const [number, sample] of Object.entries(large?.expected.samples ?? {})) {
      const lines =
        accounts
          .find(({ accountNumber }) => accountNumber === number)
          ?.lines.filter(({ type }) => type === 'Certified') ?? []
      expect(Object.fromEntries(lines.map(({ service, amount }) => [service, amount]))).toEqual(sample.certify)
    }
    const unmarked = accounts.filter(({ facts }) =>
      (facts as { marks: string[] }).marks.some((mark) => mark.startsWith('No parcel')),
    )
    expect(unmarked).toHaveLength(figures?.without_parcel ?? 0)
    const before = await one(db, sql`select sum(unpaid)::text as total from ledger.open_item`)
    const updated = await ran(db, 'update-customer-balances', { date: '2026-10-31', include: { unupdated: true } })
    expect(updated).toMatchObject({ count: figures?.accounts, total: `-${figures?.amount}`, fees: figures?.fees })
    const certified = await one<{ total: string }>(
      db,
      sql`select sum(balance)::text as total from ledger.certified_balance`,
    )
    expect(certified?.total).toBe(text(sum([money(figures?.amount ?? '0'), money(figures?.fees ?? '0')])))
    expect(
      (await ran(db, 'update-customer-balances', { date: '2026-10-31', include: { unupdated: true } })).count,
    ).toBe(0)
    expect(await faults(db)).toEqual([])
    await reversed(db, run, true)
    expect(await one(db, sql`select sum(unpaid)::text as total from ledger.open_item`)).toEqual(before)
    expect(await faults(db)).toEqual([])
  })
})
