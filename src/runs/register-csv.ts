import type { RegisterHead } from './register.ts'
import type { RunAccount, RunExclusion } from './store.ts'

const COLUMNS = [
  'record',
  'account_number',
  'customer_name',
  'service_address',
  'before',
  'type',
  'service',
  'tax_year',
  'amount',
  'after',
  'account_changes',
  'test',
  'value',
  'threshold',
  'outcome',
] as const

type Row = Partial<Record<(typeof COLUMNS)[number], string>>

/** Amounts and years are numbers to a spreadsheet; everything else stays text. */
const NUMERIC = new Set<string>(['before', 'tax_year', 'amount', 'after'])

/** One line for each account, one for each of its lines, one for each test of who was left out; `record` says which. */
export interface CsvRegister {
  account(account: RunAccount): void
  exclusion(exclusion: RunExclusion): void
  end(): Buffer
}

export function csvRegister(head: RegisterHead): CsvRegister {
  const lines: string[] = [`${COLUMNS.join(',')}\n`]
  const add = (row: Row) => {
    lines.push(`${COLUMNS.map((name) => csvCell(row[name] ?? '', NUMERIC.has(name))).join(',')}\n`)
  }
  for (const { label, value } of head.terms) add({ record: 'run', test: label, value })
  return {
    account(account) {
      const { accountNumber, customerName, serviceAddress, before, after } = account
      const common = { account_number: accountNumber, customer_name: customerName, service_address: serviceAddress }
      add({ record: 'account', ...common, before, after, account_changes: account.effects.join('; ') })
      for (const { type, service, amount, taxYear } of account.lines) {
        add({
          record: 'line',
          ...common,
          type,
          service: service ?? '',
          amount,
          tax_year: taxYear ? String(taxYear) : '',
        })
      }
    },
    exclusion({ accountNumber, customerName, reasons }) {
      const common = { record: 'left out', account_number: accountNumber, customer_name: customerName }
      for (const { test, value, threshold, passed } of reasons) {
        add({ ...common, test, value, threshold, outcome: passed ? 'passed' : 'failed' })
      }
    },
    end() {
      add({ record: 'total', before: head.totals.before, after: head.totals.after })
      for (const { type, amount } of head.totals.types) add({ record: 'total', type, amount })
      return Buffer.from(lines.join(''))
    },
  }
}

/** A cell of a file that people open with a spreadsheet. */
export function csvCell(value: string, numeric = false): string {
  const safe = numeric ? value : guarded(value)
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Text that a spreadsheet would take for a formula is kept text (S-26); a plain number is harmless and stays. */
export function guarded(value: string): string {
  if (/^-?\d[\d,]*(\.\d+)?$/.test(value)) return value
  return /^\s*[=+\-@\t\r\0＝＋－＠]/u.test(value) || /^[\t\r]/.test(value) ? `'${value}` : value
}
