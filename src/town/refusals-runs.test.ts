import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rows } from '../db/db.ts'
import { freshTown, type TestTown } from '../testing/database.ts'
import { type Files, writeFolder } from '../testing/town-folder.ts'
import { faultText } from './faults.ts'
import { importTown } from './import.ts'
import { NASTY } from './nasty-town.ts'

let town: TestTown
beforeAll(async () => {
  town = await freshTown()
})
afterAll(() => town.drop())

/** The faults of the nasty town with one file changed. */
async function faultsWith(file: string, from: string, to: string): Promise<string[]> {
  const text = NASTY[file] ?? ''
  if (!text.includes(from)) throw new Error(`${file} has no ${from}`)
  const files: Files = { ...NASTY, [file]: text.replace(from, to) }
  const result = await importTown(town.db, writeFolder(files), { actor: 0, today: '2026-11-01' })
  return result.ok ? [] : result.faults.map(faultText)
}

describe('a folder whose runs do not fit names file, line, column and reason', () => {
  it.each([
    ['runs', 'R7,tax', 'Läuf 8/9,tax', 'runs.csv:3:run: Läuf 8/9 stands twice'],
    ['runs', 'billing.of-the-future', 'payment', 'runs.csv:3:kind: runs of this kind do not travel'],
    ['runs', 'billing.of-the-future', 'town.import', 'runs.csv:3:kind: runs of this kind do not travel'],
    ['runs', 'Läuf 8/9,"No', '99,"No', 'runs.csv:4:reverses: there is no run 99'],
    ['runs', 'Läuf 8/9,"No', '10,"No', 'runs.csv:4:reverses: run 10 is itself a reversal'],
    ['runs', 'Läuf 8/9,"No', ',"No', 'runs.csv:4:reverses: a runs.reversal names the run that it reverses'],
    ['runs', ',2025-03-09T10:00:00Z', ',', 'runs.csv:3:posted_at: this is required'],
    ['runs', '{""all"": []}', '{""all"": [}', 'runs.csv:2:criteria: this is not JSON'],
    ['run_accounts', 'Läuf 8/9,200.01', '77,200.01', 'run_accounts.csv:3:run: there is no run 77'],
    ['run_accounts', 'Läuf 8/9,200.01', 'R7,100.01', 'run_accounts.csv:3:account_number: R7, 100.01 stands twice'],
    ['run_exclusions', 'R7,200.01', 'R7,900.01', 'run_exclusions.csv:2:account_number: there is no account 900.01'],
    ['run_effects', 'code,100,', 'code,900,', 'run_effects.csv:2:target: there is no customer 900'],
    ['run_effects', '""TAX""', '""XAT""', 'run_effects.csv:2:new: there is no collection code XAT'],
    ['run_effects', 'alert_end,9', 'alert_end,99', 'run_effects.csv:4:target: there is no alert 99'],
    ['run_effects', '""padj"": ""19""', '""padj"": ""1900""', 'run_effects.csv:6:new: there is no transaction 1900'],
    ['run_effects', 'certification,3', 'certification,33', 'run_effects.csv:6:target: there is no certification 33'],
    ['run_effects', '""updatedRun"": ""R7""', '""updatedRun"": 7', 'run_effects.csv:6:new: there is no run 7'],
    ['run_effects', '""service"": ""WA""', '""service"": ""XX""', 'run_effects.csv:6:old: there is no service XX'],
    ['run_effects', '{""text"": ""Old""}', '[1]', 'run_effects.csv:4:old: this is not a JSON object'],
    ['run_effects', '{""text"": ""Old""}', '{""text"":', 'run_effects.csv:4:old: this is not JSON'],
    ['run_effects', '""lines"": [{', '""lines"": [null, {', 'run_effects.csv:6:old: this is not a JSON object'],
    ['run_effects', 'alert_reopen', 'constructor', 'run_effects.csv:5:kind: write one of'],
    ['run_effects', 'alert_reopen', 'alert_sing', 'run_effects.csv:5:kind: write one of'],
    ['run_files', 'files/b.csv', '../b.csv', 'run_files.csv:3:file: this is not a path like'],
    ['run_files', 'files/b.csv', 'files/../b.csv', 'run_files.csv:3:file: this is not a path like'],
    ['run_files', 'files/b.csv', 'files/d.csv', 'run_files.csv:3:file: there is no file files/d.csv'],
    ['run_files', 'files/b.csv', 'files/c.txt', 'run_files.csv:4:file: another row has this file'],
    ['run_files', ',text/csv,', ',,', 'run_files.csv:3:media_type: a row with a file has it'],
    ['files/c.txt', 'c', 'd', 'run_files.csv:4:sha256: files/c.txt has another SHA-256'],
    ['files/a/register.pdf', 'xxx', 'xx', 'run_files.csv:2:sha256: files/a/register.pdf has another SHA-256'],
    ['certifications', 'R7,19,20', 'R8,19,20', "certifications.csv:3:run: the certification's first row has R8"],
    ['move_outs', '""2024-01-31""', '7', 'move_outs.csv:2:reads: this is not a list of meters and days'],
    ['meters', 'WA,10,6,', 'WA,10,0,', 'meters.csv:2:dials: '],
    ['customer_alerts', 'Dog in yard', 'Cat', 'customer_alerts.csv:3:text: this alert has not ended and customers.csv'],
  ])('%s: %s to %s', async (file, from, to, says) => {
    const found = await faultsWith(file, from, to)
    expect(found.find((fault) => fault.startsWith(says)) ?? found).toEqual(expect.stringContaining(says))
  })

  it('leaves nothing behind', async () => {
    await faultsWith('files/c.txt', 'c', 'd')
    const [left] = await rows(
      town.db,
      sql`select (select count(*)::int from ledger.staged_effect) as staged, (select count(*)::int from ledger.run) as runs,
        (select count(*)::int from ledger.staged_transaction) as transactions, (select count(*)::int from file) as files`,
    )
    expect(left).toEqual({ staged: 0, runs: 0, transactions: 0, files: 0 })
  })

  it('a file that no row names', async () => {
    const files = { ...NASTY, 'files/more/secret.txt': 'x' }
    const result = await importTown(town.db, writeFolder(files), { actor: 0, today: '2026-11-01', dryRun: true })
    expect(result.ok ? [] : result.faults.map(faultText)).toEqual(['files/more/secret.txt:1:-: no row names this file'])
  })
})
