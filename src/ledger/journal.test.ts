import { execFileSync } from 'node:child_process'
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { finished } from 'node:stream/promises'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rows } from '../db/db.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { posted, smallTown, transaction } from '../testing/small-town.ts'
import { writeJournal } from './journal.ts'
import { reverse } from './reverse.ts'

function hledgerIsHere(): boolean {
  try {
    execFileSync('hledger', ['--version'])
    return true
  } catch {
    process.stderr.write('hledger is not installed: the journal is not checked by it\n')
    return false
  }
}

let town: TestTown
const folder = mkdtempSync(path.join(os.tmpdir(), 'clerkwell-journal-'))
const file = path.join(folder, 'town.journal')
beforeAll(async () => {
  town = await freshTown()
  await smallTown(town.db)
  const { answer } = await posted(town.db, '1.01', [
    await transaction(town.db, { account: '1.01', date: '2026-01-31' }, [
      ['WA', '2026-01-31', '68.27'],
      ['SE', '2026-01-31', '12.10'],
    ]),
  ])
  const odd = await transaction(town.db, { account: '2.01', date: '2026-02-28' }, [['GA', '2026-02-28', '18.50']])
  await posted(town.db, '2.01', [{ ...odd, description: 'Late;  see "note" | 5%\nsecond line' }])
  await reverse(town.db, {
    number: answer.transactionIds[0] ?? '',
    kind: 'Rev',
    reason: 'test',
    actor: 0,
    today: '2026-04-20',
  })
  const out = createWriteStream(file)
  await writeJournal(town.db, out)
  out.end()
  await finished(out)
})
afterAll(async () => {
  await town.drop()
  rmSync(folder, { recursive: true })
})

describe.skipIf(!hledgerIsHere())('hledger', () => {
  it('accepts the journal', () => {
    expect(execFileSync('hledger', ['-f', file, 'check']).toString()).toBe('')
  })

  it('agrees on the total of every GL account', async () => {
    const theirs = execFileSync('hledger', [
      '-f',
      file,
      'balance',
      '--flat',
      '--no-total',
      '--empty',
      '-O',
      'csv',
    ]).toString()
    const totals = new Map(
      [...theirs.matchAll(/^"([^"]+)","([^"]+)"$/gm)]
        .slice(1)
        .map(([, name = '', amount = '']) => [name, amount.replace('$', '')]),
    )
    const ours = await rows<{ name: string; total: string }>(
      town.db,
      sql`select g.type || ':' || g.number || ' ' || g.name as name, sum(p.amount)::text as total
        from ledger.posting p join gl_account g on g.id = p.gl_account_id group by g.id order by 1`,
    )
    expect(ours.length).toBeGreaterThan(3)
    for (const { name, total } of ours) expect([name, Number(totals.get(name))]).toEqual([name, Number(total)])
  })
})
