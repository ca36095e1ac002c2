import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { rows } from '../db/db.ts'
import { money } from '../ledger/money.ts'
import { reverse } from '../ledger/reverse.ts'
import { takePayment } from '../payments/service.ts'
import { adjustCertification, takeCertificationPayment } from '../tax-certification/service.ts'
import { create, faults, ran, reversed, standing, TODAY, update } from '../testing/certifying.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { type Files, readFolder, writeFolder } from '../testing/town-folder.ts'
import { GOLDEN } from '../testing/towns.ts'
import { exportTown } from './export.ts'
import { faultText } from './faults.ts'
import { SET_UP_FILES } from './files/index.ts'
import { importTown } from './import.ts'
import { NASTY } from './nasty-town.ts'

const towns: TestTown[] = []
afterEach(async () => {
  for (const town of towns.splice(0)) await town.drop()
})

async function importInto(folder: string): Promise<TestTown> {
  const town = await freshTown()
  towns.push(town)
  const result = await importTown(town.db, folder, { actor: 0, today: '2026-11-01' })
  if (!result.ok) throw new Error(result.faults.map(faultText).join('\n'))
  return town
}

async function exported(town: TestTown): Promise<{ folder: string; files: Files }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'clerkwell-export-'))
  await exportTown(town.db, folder)
  return { folder, files: readFolder(folder) }
}

const journal = (town: TestTown) =>
  rows(
    town.db,
    sql`select g.number, s.code, j.period::text as period, sum(j.debit - j.credit)::text as balance from ledger.journal j
      join gl_account g on g.id = j.gl_account_id left join service s on s.id = j.service_id group by 1, 2, 3 having sum(j.debit - j.credit) <> 0 order by 1, 2, 3`,
  )
const openItems = (town: TestTown) =>
  rows(
    town.db,
    sql`select a.number, s.code, o.aging_period::text as period, o.unpaid::text as unpaid from ledger.open_item o
      join account a on a.id = o.account_id join service s on s.id = o.service_id order by 1, 2, 3`,
  )

/** Export, import elsewhere, export again: the same bytes, the same balances, the same journal, nothing at fault. */
async function survives(town: TestTown): Promise<{ files: Files; elsewhere: TestTown }> {
  const first = await exported(town)
  const elsewhere = await importInto(first.folder)
  expect((await exported(elsewhere)).files).toEqual(first.files)
  expect(await openItems(elsewhere)).toEqual(await openItems(town))
  expect(await journal(elsewhere)).toEqual(await journal(town))
  expect(await faults(elsewhere.db)).toEqual([])
  return { files: first.files, elsewhere }
}

describe('a town folder survives export, import and export', () => {
  it('golden-2011', async () => {
    const { files } = await survives(await importInto(GOLDEN))
    expect(files['transactions.csv']?.split('\n')[1]).toMatch(
      /^T1,100\.01,2010-12-31,2010-12-31,Bill,Water,WA,68\.27,,,2010-12-31,{12}\d{4}-\d{2}-\d{2}T[\d:.]+Z$/,
    )
  })

  it('quotes, line feeds, other alphabets, every book and every status', async () => {
    const town = await importInto(writeFolder(NASTY))
    expect(await faults(town.db)).toEqual([])
    const { files } = await survives(town)
    expect(files['customers.csv']).toContain('"O""Brien, Zoë\nc/o 市役所"')
    expect(files['customers.csv']).toContain('"Dog in yard\n""Beware"""')
    expect(files['notes.csv']?.match(/Same note/g)).toHaveLength(2)
    expect(files['transactions.csv']).toContain('Credit moved')
  })

  it('what the product posted: payments, returns, certifications, reversed runs', async () => {
    const town = await importInto(GOLDEN)
    const { db } = town
    const who = {
      db,
      actor: { id: 0, name: 'test', role: 'administrator', seesPrivate: true },
      today: TODAY,
      may: () => true,
    } as const
    const door = { db, actor: 0, today: TODAY }
    const pay = (amount: string, checkNumber: string) =>
      takePayment(who, '100.01', { amount: money(amount), date: TODAY, method: 'check', checkNumber })
    const first = await pay('20.00', '101')
    const second = await pay('300.00', '102')
    await reverse(db, { number: first.transactionId, kind: 'NSF', reason: 'returned, "NSF"', actor: 0, today: TODAY })
    await reverse(db, { number: second.transactionId, kind: 'NSF', reason: 'returned too', actor: 0, today: TODAY })
    const created = await create(db, { addAlertMessage: 'Certified' })
    await reversed(db, created)
    await create(db)
    const updated = await update(db)
    await reversed(db, updated)
    await update(db, { description: 'Again, {year}' })
    await takeCertificationPayment(door, '100.01', {
      taxYear: 2011,
      amount: '10.00',
      date: TODAY,
      checkNumber: '7',
    } as never)
    await adjustCertification(door, '100.01', {
      taxYear: 2011,
      amount: '200.00',
      reason: 'removed',
      date: TODAY,
    } as never)
    await adjustCertification(door, '100.01', {
      taxYear: 2011,
      amount: '10.00',
      reason: 'paid',
      date: TODAY,
      method: 'cash',
    } as never)
    await adjustCertification(door, '100.01', {
      taxYear: 2011,
      amount: '4.00',
      reason: 'write_off',
      date: TODAY,
    } as never)
    expect(await faults(db)).toEqual([])
    const { files, elsewhere } = await survives(town)
    expect(files['receipts.csv']?.split('\n').length).toBeGreaterThan(2)
    expect(files['certifications.csv']).toContain(',updated,')
    expect(await standing(elsewhere.db, '100.01')).toEqual(await standing(db, '100.01'))
    // The new town goes on where the old one stopped.
    const more = await takePayment({ ...who, db: elsewhere.db }, '100.01', {
      amount: money('5.00'),
      date: TODAY,
      method: 'cash',
    })
    const again = await takePayment(who, '100.01', { amount: money('5.00'), date: TODAY, method: 'cash' })
    expect(more.receiptNumber).toBe(again.receiptNumber)
    expect(Number(more.transactionId)).toBeGreaterThan(Number(again.transactionId) - 2)
    expect(await faults(elsewhere.db)).toEqual([])
  })

  it('a certification that came without a file of its run can be updated in the new town', async () => {
    const town = await importInto(GOLDEN)
    await create(town.db)
    const { elsewhere } = await survives(town)
    expect(await update(elsewhere.db)).toMatchObject({ state: 'posted', total: '-204.55', fees: '25.00' })
    expect(
      await ran(elsewhere.db, 'update-customer-balances', { date: TODAY, include: { unupdated: true } }),
    ).toMatchObject({ count: 0 })
    expect(await faults(elsewhere.db)).toEqual([])
    await survives(elsewhere)
  })

  it('refuses a folder with something else in it and replaces its own files', async () => {
    const town = await importInto(GOLDEN)
    const { folder, files } = await exported(town)
    writeFileSync(path.join(folder, 'meters.csv'), 'meter_number\n')
    await exportTown(town.db, folder)
    expect(readFolder(folder)).toEqual(files)
    writeFileSync(path.join(folder, 'letter.txt'), 'keep me')
    await expect(exportTown(town.db, folder)).rejects.toMatchObject({ code: 'folder_not_empty' })
  })
})

describe('the file descriptions', () => {
  // What a set-up table has and no file carries: ids, versions, and what the contract leaves out.
  const OWN_WAY = new Set(['id', 'version', 'changed_by', 'fixed'])
  const NOT_TAKEN: Record<string, string[]> = {
    gl_account: ['subledger'],
    rate_block: ['rate_id'],
    rate_size: ['rate_id'],
    customer_alert: ['customer_id', 'text', 'since', 'added_by', 'ended_at'],
  }
  // Sign-ins, tokens, sessions, the audit trail and the files of runs do not travel.
  const STAYS = [
    'app_user',
    'login_session',
    'web_session',
    'login_attempt',
    'setup_link',
    'api_token',
    'audit',
    'audit_seal',
    'file',
    'file_chunk',
  ]

  it('leave no column of a table of the town out', async () => {
    const town = await freshTown()
    towns.push(town)
    const found = await rows<{ table: string; column: string }>(
      town.db,
      sql`select table_name as table, column_name as column from information_schema.columns where table_schema = 'public' order by 1, 2`,
    )
    const carried = new Map(
      SET_UP_FILES.map((file) => [
        file.table,
        file.columns.map((column) => column.into ?? column.select.match(/t\.(\w+)/)?.[1]),
      ]),
    )
    const missing = found
      .filter(({ table }) => !STAYS.includes(table))
      .filter(
        ({ table, column }) =>
          !OWN_WAY.has(column) &&
          !NOT_TAKEN[table]?.includes(column) &&
          !carried.get(`public.${table}`)?.includes(column),
      )
      .map(({ table, column }) => `${table}.${column}`)
    expect(missing).toEqual([])
  })
})
