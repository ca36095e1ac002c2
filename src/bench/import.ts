import { once } from 'node:events'
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Sql } from 'postgres'
import type { Engine } from '../db/embedded.ts'
import { importTown } from '../town/import.ts'
import { benchEngine, benchTown, type Figure, figure, timed } from './bench.ts'

const ROUNDS = 5
const ACCOUNTS = 900
const MONTHS = 18
const SERVICES = ['WA', 'SE', 'GA', 'ST']

/** Importing a town folder of some 139,000 ledger lines, against COPY of the lines and INSERT … SELECT of what they say. */
export async function importing(engine: Engine): Promise<Figure[]> {
  const folder = process.env.BENCH_TOWN ?? makeFolder()
  const pairs: { ours: number; bare: number }[] = []
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const town = await benchTown(engine)
      const bare = await timed(() => copyBare(town.owner, path.join(folder, 'transactions.csv')))
      const ours = await timed(async () => {
        const done = await importTown(town.databases.private, folder, { actor: 0, today: '2026-11-01' })
        if (!done.ok) throw new Error(JSON.stringify(done.faults.slice(0, 3)))
      })
      await town.close()
      pairs.push({ ours, bare })
    }
  } finally {
    if (!process.env.BENCH_TOWN) rmSync(folder, { recursive: true })
  }
  return [figure('import a town of 139,000 ledger lines, against COPY and INSERT … SELECT of the lines', 4, pairs)]
}

/** Only the lines: no double entry, no aging, no check of anything; the same keys, indexes and column checks. */
async function copyBare(owner: Sql, file: string): Promise<void> {
  await owner.unsafe(`create schema bare;
    create table bare.line (transaction text, account_number text, date text, period text, type text, description text, service text,
      amount text, tax_year text, reverses text);
    create table bare.transaction (like ledger.transaction including all);
    create table bare.posting (like ledger.posting including all);
    create table bare.number (number text primary key, id bigint)`)
  const copy = await owner`copy bare.line from stdin (format csv, header)`.writable()
  const finished = once(copy, 'finish')
  createReadStream(file).pipe(copy)
  await finished
  await owner.unsafe(`begin;
    insert into bare.transaction (id, number, run_id, account_id, transaction_date, period, posting_count, posted_by, posted_at, type, description, source_key)
      select row_number() over (order by min(transaction)), transaction, 1, 1, min(date)::date, min(period)::date, greatest(count(*), 2), 0, now(),
        min(type), min(description), 'import/' || transaction from bare.line group by transaction;
    insert into bare.posting (transaction_id, gl_account_id, subledger, account_id, period, aging_period, line, service_id, amount)
      select t.id, 1, 'utility', 1, t.period, t.period, row_number() over (partition by t.id), 1, l.amount::numeric
      from bare.line l join bare.transaction t on t.number = l.transaction;
    commit`)
}

/** A town folder by rule: a bill of four lines and a payment of each account every month. */
function makeFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'clerkwell-bench-town-'))
  const write = (name: string, header: string, lines: string[]) =>
    writeFileSync(path.join(folder, `${name}.csv`), `${header}\n${lines.join('\n')}\n`)
  const numbers = Array.from({ length: ACCOUNTS }, (_, n) => 1001 + n)
  write('gl_accounts', 'number,name,type', [
    '1010,Cash,asset',
    ...SERVICES.flatMap((code, n) => [`111${n},Receivable ${code},asset`, `411${n},Revenue ${code},revenue`]),
  ])
  write('organization', 'setting,value', ['name,Benchmark', 'timezone,UTC', 'cash_gl,1010'])
  write(
    'services',
    'code,name,kind,sort,receivable_gl,revenue_gl',
    SERVICES.map((code, n) => `${code},${code},flat,${n},111${n},411${n}`),
  )
  write(
    'customers',
    'customer_number,name',
    numbers.map((n) => `${n},Customer ${n}`),
  )
  write(
    'locations',
    'location_number,service_address',
    numbers.map((n) => `${n},${n} Main St`),
  )
  write(
    'accounts',
    'account_number,customer_number,location_number',
    numbers.map((n) => `${n}.01,${n},${n}`),
  )
  write(
    'account_services',
    'account_number,service',
    numbers.flatMap((n) => SERVICES.map((code) => `${n}.01,${code}`)),
  )
  write(
    'periods',
    'end_date,closed',
    ends().map((end) => `${end},yes`),
  )
  write(
    'transactions',
    'transaction,account_number,date,period,type,description,service,amount,tax_year,reverses',
    history(numbers),
  )
  return folder
}

const ends = (): string[] =>
  Array.from({ length: MONTHS }, (_, n) => new Date(Date.UTC(2025, 5 + n, 0)).toISOString().slice(0, 10))

function history(numbers: number[]): string[] {
  const lines: string[] = []
  let transaction = 0
  for (const account of numbers) {
    let owed: string[] = []
    for (const [month, end] of ends().entries()) {
      transaction += 1
      const bill = SERVICES.map((_, n) => `${10 + ((account * 7 + n * 13 + month) % 90)}.25`)
      for (const [n, code] of SERVICES.entries()) {
        lines.push(`T${transaction},${account}.01,${end},${end},Bill,Bill,${code},${bill[n]},,`)
      }
      if (owed.length > 0 && (account + month) % 9 !== 0) {
        transaction += 1
        for (const [n, code] of SERVICES.entries()) {
          lines.push(`T${transaction},${account}.01,${end},${end},Pmt,Payment,${code},-${owed[n]},,`)
        }
      }
      owed = bill
    }
  }
  return lines
}

if (import.meta.main) {
  const engine = await benchEngine()
  try {
    for (const { name, ours, bare, ratio } of await importing(engine)) {
      process.stdout.write(`${ratio.toFixed(2)} × ${name}: ${ours.toFixed(0)} ms against ${bare.toFixed(0)} ms\n`)
    }
  } finally {
    await engine.remove()
  }
}
