import { sql } from 'drizzle-orm'
import { type Db, one } from '../db/db.ts'
import { Refused } from '../errors.ts'
import type { Day } from '../ledger/calendar.ts'
import { formatDay } from '../ledger/calendar.ts'
import { sum, text, ZERO } from '../ledger/money.ts'
import { settings } from '../organization/settings.ts'
import type { Prepared, Preparing, RunKind } from '../runs/kind.ts'
import type { Test } from '../runs/stage.ts'
import { type CountyAccount, countyAccounts } from './county-store.ts'
import { type CountyOptions, countyOptions } from './forms.ts'
import type { FaultReason } from './layout-field-rules.ts'
import { LAYOUT_PRESETS } from './layout-preset-rules.ts'
import { type CountyFile, type Layout, type RowFault, renderLayout } from './layout-rules.ts'
import { describeCounty } from './present.ts'

/**
 * Tax Certification > County file: the certifications of a tax year in the county's layout, with the control totals
 * for its cover letter. Accounts whose line does not fit (no parcel number, one too long) are left out and listed;
 * posting marks the certifications, so that a later change says *county must be told* (product.md 3.10).
 */
export const countyFile: RunKind<CountyOptions> = {
  kind: 'tax-certification.county-file',
  menu: 'Tax Certification',
  title: 'County file',
  path: '/tax-certification/county-file',
  may: { prepare: 'certification.prepare', post: 'certification.post', reverse: 'certification.reverse' },
  options: countyOptions,
  factsKind: 'version',
  columns: [
    { type: 'Certified', label: 'Certified', apart: true },
    { type: 'Fee', label: 'Fee', apart: true },
  ],
  describe: describeCounty,
  prepare,
  defaults: async (db, today) => ({ taxYear: (await lastTaxYear(db)) ?? Number(today.slice(0, 4)), layout: 'csv' }),
}

/** The latest tax year with certifications. */
export async function lastTaxYear(db: Db): Promise<number | undefined> {
  const found = await one<{ year: number | null }>(db, sql`select max(tax_year)::int as year from ledger.certification`)
  return found?.year ?? undefined
}

async function prepare(preparing: Preparing, options: CountyOptions): Promise<Prepared> {
  const { db, stage, today } = preparing
  const layout = layoutNamed(options.layout)
  const { certificationIdNumber, certificationChargeCode } = await settings(db)
  const accounts = await countyAccounts(db, options.taxYear, preparing.selected)
  const collected = accounts.filter(({ amount }) => amount.gt(ZERO))
  const context = {
    certificationId: certificationChargeCode || certificationIdNumber,
    taxYear: options.taxYear,
    date: today,
  }
  const file = renderLayout(
    layout,
    collected.map((account) => rowOf(account, options.taxYear)),
    context,
  )
  refuseBrokenFrame(file.faults)
  const name = `county-${options.taxYear}-${layout.code}.${layout.kind === 'csv' ? 'csv' : 'txt'}`
  const faults = Map.groupBy(file.faults, ({ account }) => account ?? '')
  const written = collected.filter(({ number }) => !faults.has(number))
  for (const account of collected) {
    const wrong = faults.get(account.number)
    if (wrong) stage.exclude(account.id, wrong.map(faultTest))
    else stageAccount(preparing, account, options, name)
  }
  if (written.length > 0)
    stageFiles(preparing, file, { name, layout, date: today, options, accounts: written, leftOut: faults.size })
  return { total: text(file.totals.amount), fees: text(file.totals.fee) }
}

function layoutNamed(code: string): Layout {
  const layout = LAYOUT_PRESETS.find((each) => each.code === code)
  if (layout) return layout
  const sentence = `There is no layout ${code}. There are: ${LAYOUT_PRESETS.map((each) => each.code).join(', ')}.`
  throw new Refused('unknown_layout', sentence, { layout: sentence })
}

const rowOf = ({ number, parcelNumber, owner, address, amount, fee }: CountyAccount, taxYear: number) => {
  return { account: number, parcel: parcelNumber, owner, address, taxYear, amount, fee }
}

/** A header or trailer that does not fit is the layout's fault, not an account's. */
function refuseBrokenFrame(faults: RowFault[]): void {
  const fault = faults.find(({ account }) => account === null)
  if (fault)
    throw new Refused(
      'layout_does_not_fit',
      `The layout's header or trailer does not fit: ${fault.field}, ${REASONS[fault.reason]}.`,
    )
}

const REASONS: Record<FaultReason, string> = {
  parcel_missing: 'there is no parcel number',
  not_numeric: 'it is not of digits only',
  not_positive: 'it is not above 0.00',
  too_long: 'it is too long for the layout',
  not_ascii: 'it holds a character the layout cannot carry',
}

const faultTest = ({ field, value, reason }: RowFault): Test => {
  return { test: `${field} fits the layout`, value: value || 'none', threshold: REASONS[reason], passed: false }
}

function stageAccount({ stage }: Preparing, account: CountyAccount, { taxYear }: CountyOptions, name: string): void {
  const line = (type: string, amount: string) => ({ type, service: null, amount, taxYear })
  stage.account({
    accountId: account.id,
    fingerprint: account.version,
    before: account.balance,
    after: account.balance,
    lines: [line('Certified', text(account.amount)), line('Fee', text(account.fee))],
    facts: { parcel: account.parcelNumber, owner: account.owner },
  })
  for (const { id, ...old } of account.certifications) {
    const next = { countyFile: name, countyRunId: 0, countyMustBeTold: false }
    stage.effect({ accountId: account.id, kind: 'certification', target: id, old, new: next, note: '' })
  }
}

interface Written {
  name: string
  layout: Layout
  date: Day
  options: CountyOptions
  accounts: CountyAccount[]
  leftOut: number
}

function stageFiles({ stage }: Preparing, file: CountyFile, written: Written): void {
  const isPrivate = written.accounts.some((account) => account.isPrivate)
  const type = written.layout.kind === 'csv' ? 'text/csv' : 'text/plain'
  stage.file(written.name, type, Buffer.from(file.text), isPrivate)
  stage.file(
    `county-${written.options.taxYear}-control-totals.txt`,
    'text/plain',
    Buffer.from(coverLetter(file, written)),
    isPrivate,
  )
}

/** What goes with the file to the county: how many lines, their sums, the smallest and the greatest. */
function coverLetter({ totals }: CountyFile, { name, layout, date, options, leftOut }: Written): string {
  const lines: [string, string][] = [
    ['File', name],
    ['Layout', layout.name],
    ['Made', formatDay(date)],
    ['Tax year', String(options.taxYear)],
    ['Parcels', String(totals.count)],
    ['Certified', text(totals.amount)],
    ['Fees', text(totals.fee)],
    ['Total', text(sum([totals.amount, totals.fee]))],
    ['Smallest', text(totals.min)],
    ['Greatest', text(totals.max)],
    ['Accounts left out', String(leftOut)],
  ]
  return lines.map(([label, value]) => `${`${label}:`.padEnd(20)}${value}\n`).join('')
}
