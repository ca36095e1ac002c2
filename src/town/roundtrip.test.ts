import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { sql } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { saveAutoPayment } from '../auto-payment/service.ts'
import { rows } from '../db/db.ts'
import { money } from '../ledger/money.ts'
import { reverse } from '../ledger/reverse.ts'
import { takePayment } from '../payments/service.ts'
import { adjustCertification, takeCertificationPayment } from '../tax-certification/service.ts'
import { create, faults, ran, reversed, standing, TODAY, update } from '../testing/certifying.ts'
import { freshTown } from '../testing/database.ts'
import { dropTowns, exported, importInto, survives, towns } from '../testing/round-trip.ts'
import { readFolder, writeFolder } from '../testing/town-folder.ts'
import { GOLDEN } from '../testing/towns.ts'
import { exportTown } from './export.ts'
import { SET_UP_FILES } from './files/index.ts'
import { NASTY } from './nasty-town.ts'

afterEach(dropTowns)

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
    expect(files['notes.csv']?.match(/Same note/g)).toHaveLength(3)
    expect(files['note_attachments.csv']?.match(/^(1001|N\/7),/gm)).toEqual(['1001,', '1001,', 'N/7,'])
    expect(files['transactions.csv']).toContain('Credit moved')
    expect(files['runs.csv']).toContain('""share"": 1.10')
    expect(files['run_effects.csv']?.match(/\n/g)).toHaveLength(7)
    expect(Object.keys(files).filter((name) => name.startsWith('files/'))).toEqual([
      expect.stringMatching(/^files\/notes\/1001\//),
      expect.stringMatching(/^files\/notes\/1001\//),
      expect.stringMatching(/^files\/notes\/N_7/),
      expect.stringMatching(/^files\/runs\/L_uf_8_9-[0-9a-f]{12}\/_x-[0-9a-f]{12}$/),
      expect.stringMatching(/^files\/runs\/R7\/Liste_f_r_2025_csv-[0-9a-f]{12}$/),
      'files/runs/R7/register.pdf',
    ])
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

  it('an auto payment set up in the product, under the reference that the product gave it', async () => {
    const town = await importInto(GOLDEN)
    const { db } = town
    const actor = { id: 0, name: 'test', role: 'administrator', seesPrivate: true } as const
    const found = await rows<{ id: number }>(db, sql`select id from customer where number = '100'`)
    const draft = { type: 'draft', accountType: 'checking', routing: '', newRouting: '091000019', newBank: 'Norbank' }
    const money20 = { bankAccount: '987654321012', special: 'fixed', fixed: money('20.00') }
    const who = { db, actor, today: TODAY, may: () => true }
    await saveAutoPayment(who, found[0]?.id ?? 0, { ...draft, ...money20 } as never)
    const { files } = await survives(town)
    expect(files['auto_payments.csv']).toMatch(/\n100,[0-9a-f-]{36},draft,/)
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
  // Of runs also what is counted anew, and users, who travel by name.
  const NOT_TAKEN: Record<string, string[]> = {
    run: [
      ...['state', 'account_count', 'transaction_count', 'posting_count', 'entered_transactions', 'entered_postings'],
      ...['prepared_by', 'posted_by', 'failure', 'result', 'import_run_id'],
    ],
    staged_account: ['fingerprint'],
    run_effect: ['target'],
    receipt: ['taken_by'],
    statement: ['made_by'],
    period: ['closed_at'],
    gl_account: ['subledger'],
    rate_block: ['rate_id'],
    rate_size: ['rate_id'],
    customer_alert: ['added_by'],
  }
  // Sign-ins, tokens, sessions and the audit trail do not travel; bytes do with the rows that name them.
  const STAYS = [
    'app_user',
    'login_session',
    'web_session',
    'second_factor',
    'recovery_code',
    'form_draft',
    'setup_draft',
    'arrangement_draft',
    'login_attempt',
    'customer_web_login',
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
    const found = await rows<{ schema: string; table: string; column: string }>(
      town.db,
      sql`select table_schema as schema, table_name as table, column_name as column from information_schema.columns
        where table_schema in ('public', 'ledger') order by 1, 2, 3`,
    )
    const carried = new Map(
      SET_UP_FILES.map((file) => [
        file.table,
        file.columns.map((column) => column.into ?? column.select.match(/t\.(\w+)(?! =)/)?.[1]),
      ]),
    )
    const missing = found
      .filter(({ schema, table }) => (schema === 'public' ? !STAYS.includes(table) : carried.has(`${schema}.${table}`)))
      .filter(
        ({ schema, table, column }) =>
          !OWN_WAY.has(column) &&
          !NOT_TAKEN[table]?.includes(column) &&
          !carried.get(`${schema}.${table}`)?.includes(column),
      )
      .map(({ table, column }) => `${table}.${column}`)
    expect(missing).toEqual([])
  })
})
