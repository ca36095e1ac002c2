import path from 'node:path'
import { addLines } from './certification-lines.ts'
import { isPeriod } from './check-set-up.ts'
import { firstLine, readCsv } from './csv.ts'
import type { Faults } from './faults.ts'
import { CERTIFICATIONS, certificationColumns } from './files/certifications.ts'
import { type Header, readHeader, widthReason } from './header.ts'
import { centsText } from './history/entry.ts'
import type { Known } from './history/reversals.ts'
import { idsOf } from './ids.ts'
import type { Picture } from './picture.ts'

/** A row of certifications.csv whose cells fit their kinds. */
export interface Row {
  line: number
  cell(name: string): string
  cents(name: string): bigint
  refuse(column: string, reason: string): void
}

interface Certification {
  number: string
  rows: Row[]
}

/** Finds a transaction that was read, by its number. */
export type FindTransaction = (number: string) => Known | undefined

/** Reads certifications.csv, which rests on the transactions read before it. Answers how many rows it has. */
export async function readCertifications(
  folder: string,
  picture: Picture,
  find: FindTransaction,
  faults: Faults,
): Promise<number> {
  const found = new Map<string, Certification>()
  let header: Header | undefined
  let count = -1
  const fault = await readCsv(path.join(folder, CERTIFICATIONS), (cells, lastLine) => {
    count += 1
    if (count === 0) header = readHeader(CERTIFICATIONS, cells, certificationColumns, faults)
    else if (header) addRow(found, rowOf(cells, firstLine(cells, lastLine), header, picture, faults))
  })
  if (fault) faults.add(CERTIFICATIONS, fault.line, '', fault.reason)
  if (!faults.none) return Math.max(count, 0)
  const claims = new Map<string, string>()
  const ids = idsOf(found.keys())
  picture.ids.set('certification', ids)
  for (const certification of found.values()) take(certification, ids, claims, picture, find)
  return Math.max(count, 0)
}

function addRow(found: Map<string, Certification>, row: Row | undefined): void {
  if (!row) return
  const number = row.cell('certification')
  const known = found.get(number) ?? { number, rows: [] }
  known.rows.push(row)
  found.set(number, known)
}

function rowOf(cells: string[], line: number, header: Header, picture: Picture, faults: Faults): Row | undefined {
  if (cells.length !== header.width) {
    faults.add(CERTIFICATIONS, line, '', widthReason(cells.length, header))
    return undefined
  }
  const refuse = (column: string, reason: string) => faults.add(CERTIFICATIONS, line, column, reason)
  const cell = (name: string) => cells[header.at[name] ?? -1] ?? ''
  for (const column of certificationColumns) {
    const written = cell(column.name)
    if (written === '' && column.required) refuse(column.name, 'this is required')
    const read = written === '' ? undefined : column.kind.read(written)
    if (read && 'reason' in read) refuse(column.name, read.reason)
  }
  const { accounts, services } = picture
  if (cell('account_number') !== '' && !accounts.has(cell('account_number')))
    refuse('account_number', `there is no account ${cell('account_number')}`)
  if (cell('service') !== '' && !services.has(cell('service')))
    refuse('service', `there is no service ${cell('service')}`)
  if (cell('ages_in') !== '' && !isPeriod(cell('ages_in'), picture))
    refuse('ages_in', `no period ends on ${cell('ages_in')}`)
  const cents = (name: string) => BigInt((cell(name) || '0.00').replace(/[.+]/g, ''))
  return { line, cell, cents, refuse }
}

// The columns that all rows of a certification share.
const SHARED = [
  'account_number',
  'tax_year',
  'date',
  'run',
  'padj',
  'fee_transaction',
  'county_file',
  'parcel_number',
  'notice_date',
  'withdrawn_at',
  'withdrawal_reason',
  'updated_run',
  'county_run',
]

function take(
  { number, rows }: Certification,
  ids: Map<string, number>,
  claims: Map<string, string>,
  picture: Picture,
  find: FindTransaction,
): void {
  const [first] = rows
  const id = ids.get(number)
  const account = picture.accounts.get(first?.cell('account_number') ?? '')
  if (!first || id === undefined || !account) return
  for (const row of rows) checkRow(row, first)
  const updated = rows.map((row) => row.cell('updated_date')).find((day) => day !== '') ?? ''
  checkUpdated(rows, updated)
  const withdrawnAt = withdrawnAtOf(rows, first, picture)
  const or = (cell: string) => (cell === '' ? null : cell)
  picture.rows.table('ledger.certification')
  picture.rows.add('ledger.certification', {
    id,
    number: String(id) === number ? null : number,
    // a run that came with the folder is its run; another is known by its number alone
    run_id: picture.ids.get('run')?.get(first.cell('run')) ?? null,
    run_number: picture.runs.has(first.cell('run')) ? null : or(first.cell('run')),
    updated_run_id: runOf(first, 'updated_run', picture),
    county_run_id: runOf(first, 'county_run', picture),
    account_id: account.id,
    tax_year: first.cell('tax_year'),
    date: first.cell('date'),
    fee: first.cell('fee') || '0.00',
    parcel_number: or(first.cell('parcel_number')),
    notice_date: or(first.cell('notice_date')),
    updated_date: or(updated),
    padj_id: transactionOf(first, 'padj', 'PAdj', account.id, find, rows),
    fee_transaction_id: transactionOf(first, 'fee_transaction', 'Fee', account.id, find, rows),
    county_file: or(first.cell('county_file')),
    county_must_be_told: first.cell('county_must_be_told') || 'no',
    withdrawn_at: or(withdrawnAt),
    withdrawal_reason: or(first.cell('withdrawal_reason')),
    changed_by: picture.actor,
  })
  addLines(id, account.id, rows, updated === '' && withdrawnAt === '', claims, picture)
}

function checkRow(row: Row, first: Row): void {
  for (const column of SHARED) {
    const cell = row.cell(column)
    if (cell !== '' && cell !== first.cell(column))
      row.refuse(column, `the certification's first row has ${first.cell(column) || 'none'}`)
  }
  if (row !== first && row.cents('fee') !== 0n) row.refuse('fee', "the fee stands on the certification's first row")
  if (row.cents('fee') < 0n) row.refuse('fee', 'a fee is not below 0.00')
  if (row.cents('amount') <= 0n) row.refuse('amount', 'a certified amount is above 0.00')
}

function checkUpdated(rows: Row[], updated: string): void {
  for (const row of rows) {
    const [status, date] = [row.cell('status'), row.cell('updated_date')]
    if (status === 'updated' && updated === '') row.refuse('updated_date', 'an updated row has the date of its update')
    if (status === 'certified' && updated !== '') row.refuse('status', `the certification was updated on ${updated}`)
    if (date !== '' && date !== updated) row.refuse('updated_date', `another row has ${updated}`)
  }
}

/** A certification of which nothing is left but what was withdrawn, or paid before, is withdrawn as a whole. */
function withdrawnAtOf(rows: Row[], first: Row, picture: Picture): string {
  const live = rows.find((row) => row.cell('status') === 'certified' || row.cell('status') === 'updated')
  const given = first.cell('withdrawn_at')
  if (given !== '' && live) live.refuse('status', 'a withdrawn certification has no certified or updated row')
  if (given !== '' || live) return given
  return rows.some((row) => row.cell('status') === 'withdrawn') ? `${picture.today}T00:00:00Z` : ''
}

/** A certification's PAdj or Fee: it must be there, of that type, the account's, not reversed, and a PAdj to the cent. */
function transactionOf(
  row: Row,
  column: 'padj' | 'fee_transaction',
  type: 'PAdj' | 'Fee',
  account: number,
  find: FindTransaction,
  rows: Row[],
): number | null {
  const number = row.cell(column)
  if (number === '') return null
  const found = find(number)
  if (!found || found.type !== type || found.account !== account)
    row.refuse(column, `transaction ${number} is not a ${type} of this account`)
  else if (found.reversedBy !== '') row.refuse(column, `transaction ${number} is reversed by ${found.reversedBy}`)
  else if (type === 'PAdj') {
    const posted = rows.reduce((sum, one) => (one.cell('status') === 'updated' ? sum + one.cents('amount') : sum), 0n)
    if (posted !== -found.utility)
      row.refuse(
        'amount',
        `the updated rows (${centsText(posted)}) are not what ${number} took (${centsText(-found.utility)})`,
      )
  }
  return found?.id ?? null
}

function runOf(row: Row, column: 'updated_run' | 'county_run', picture: Picture): number | null {
  const number = row.cell(column)
  if (number === '') return null
  const id = picture.ids.get('run')?.get(number)
  if (id === undefined) row.refuse(column, `there is no run ${number}`)
  return id ?? null
}
