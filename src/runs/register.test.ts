import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Db } from '../db/db.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { pdfText } from '../testing/pdf-text.ts'
import { smallTown } from '../testing/small-town.ts'
import { toyKind } from '../testing/toy-kind.ts'
import { readRunFile, runFiles } from './files.ts'
import type { RunKind } from './kind.ts'
import { keepRegister, type RegisterHead } from './register.ts'
import { guarded } from './register-csv.ts'
import { pdfRegister } from './register-pdf.ts'
import { makeRegistry } from './registry.ts'
import { goRun, prepareRun, startRun } from './service.ts'

const registry = makeRegistry([{ ...(toyKind as RunKind), columns: [{ type: 'Misc', label: 'Charge' }] }])
let town: TestTown
let db: Db
beforeAll(async () => {
  town = await freshTown()
  db = town.db
  await smallTown(db, 12)
})
afterAll(() => town.drop())

describe('the register', () => {
  it('holds every account with its lines, totals, who was left out and why, options, who and when', async () => {
    await db.execute(sql`update customer set name = '=cmd()|Ävery, "A"' where number = '3'`)
    const options = { date: '2026-04-01', amount: '5.00' }
    const criteria = { all: [{ field: 'balance', operator: '<', value: '100.00' }] }
    const id = await startRun(db, registry, { kind: 'test.charges', options, criteria, actor: 0 })
    const run = await prepareRun(db, registry, id, '2026-04-20')
    await goRun(db, id, run.previewHash ?? '', 0)
    await keepRegister(db, registry, id)
    expect((await runFiles(town.app, id)).map((file) => [file.name, file.mediaType])).toEqual([
      ['register.csv', 'text/csv'],
      ['register.pdf', 'application/pdf'],
    ])
    const csv = (await readRunFile(db, id, 'register.csv'))?.content.toString() ?? ''
    expect(csv).toContain(`\naccount,3.01,"'=cmd()|Ävery, ""A""",3 Main St,0.00,,,,,5.00,,,,,\n`)
    expect(csv).toMatch(/\nrun,,,,,,,,,,,Selection Criteria,Balance is less than 100.00,,\n/)
    expect(csv).toMatch(/\ntotal,,,,0\.00,,,,,55\.00,/)
    expect(csv.match(/^account,/gm)).toHaveLength(11)
    const text = pdfText((await readRunFile(db, id, 'register.pdf'))?.content ?? Buffer.alloc(0))
    for (const part of [
      'Testville',
      'Toy charges, run',
      'Balance is less than 100.00',
      '3.01  =cmd()|',
      'Charge',
      '55.00',
      '11 accounts',
      'Left out, and why',
      'failed: Not customer 2',
    ]) {
      expect(text).toContain(part)
    }
  })

  it('takes the place of the earlier one when it is made again', async () => {
    const [run] = await db.execute<{ id: number }>(sql`select max(id)::int as id from ledger.run`)
    const before = await runFiles(db, run?.id ?? 0)
    await keepRegister(db, registry, run?.id ?? 0)
    expect((await runFiles(db, run?.id ?? 0)).map((file) => file.name)).toEqual(before.map((file) => file.name))
  })
})

describe('guarded', () => {
  it.each(['=1+1', '+1', '-a', '@x', '\tx', '\rx', '  =1', '＝1', '－x', '\0x'])('%j is kept text', (value) => {
    expect(guarded(value)).toBe(`'${value}`)
  })
  it.each(['', 'Avery', '12.50', '-3.00', '-1,204.18', 'a=b', '1.0212.01'])('%j stays', (value) => {
    expect(guarded(value)).toBe(value)
  })
})

describe('the printed register', () => {
  const head: RegisterHead = {
    town: 'Testville',
    title: 'Toy charges, run 1',
    terms: [{ label: 'Run', value: '1' }],
    columns: [{ type: 'Misc', label: 'Charge', apart: false }],
    totals: {
      accounts: 300,
      excluded: 0,
      before: '0.00',
      after: '1500.00',
      types: [{ type: 'Misc', amount: '1500.00' }],
    },
  }
  it('goes on in a second file, each with its pages, and prints no formula, script or link', async () => {
    const register = pdfRegister(head, 3)
    for (let n = 1; n <= 300; n += 1) {
      register.account({
        accountId: n,
        accountNumber: `${n}.01`,
        customerName: `/JavaScript (${'x'.repeat(300)}) /URI 測試`,
        serviceAddress: `${n} Main St`,
        before: '0.00',
        after: '5.00',
        lines: [{ type: 'Misc', service: 'WA', amount: '5.00', taxYear: null }],
        facts: null,
        effects: [],
      })
    }
    const files = await register.end()
    expect(files.length).toBeGreaterThan(2)
    for (const file of files) {
      const raw = file.toString('latin1')
      expect(raw.startsWith('%PDF-')).toBe(true)
      expect((raw.match(/\/Type \/Page\n/g) ?? []).length).toBeLessThanOrEqual(3)
      expect(raw).not.toMatch(/\/(JavaScript|OpenAction|Launch|URI)/)
    }
    expect(pdfText(files.at(-1) ?? Buffer.alloc(0))).toContain('1,500.00')
  })
})
