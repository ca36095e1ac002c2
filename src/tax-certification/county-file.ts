import { Refused } from '../errors.ts'
import { money, text, ZERO } from '../ledger/money.ts'
import { settings } from '../organization/settings.ts'
import type { Prepared, Preparing, RunKind } from '../runs/kind.ts'
import type { PreviewLine, Test } from '../runs/stage.ts'
import { layoutNamed } from './county-layouts.ts'
import { coverLetter } from './county-letter.ts'
import { type CountyAccount, countyAccounts, lastTaxYear } from './county-store.ts'
import { type CountyOptions, countyOptions } from './forms.ts'
import type { FaultReason } from './layout-field-rules.ts'
import { readBackFaults } from './layout-reading.ts'
import { type CountyFile, type CountyRow, type Layout, type RowFault, renderLayout } from './layout-rules.ts'
import { describeCounty } from './present.ts'

/**
 * Tax Certification > County file: the certifications of a tax year in the county's layout, a preset or one of the town's
 * own, with the control totals for its cover letter. Accounts whose line does not fit (no parcel number, one too long)
 * are left out and listed; posting marks the certifications, so that a later change says *county must be told*
 * (product.md 3.10).
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
  explain: explainLine,
  prepare,
  defaults: async (db, today) => ({ taxYear: (await lastTaxYear(db)) ?? Number(today.slice(0, 4)), layout: 'csv' }),
}

async function prepare(preparing: Preparing, options: CountyOptions): Promise<Prepared> {
  const { db, stage, today, selected } = preparing
  const { taxYear } = options
  const layout = await layoutNamed(db, options.layout)
  const { certificationIdNumber: idNumber, certificationChargeCode: chargeCode } = await settings(db)
  const { owing, settled } = Object.groupBy(await countyAccounts(db, taxYear, selected), isOwing)
  const rows = (owing ?? []).map(rowOf)
  const file = renderLayout(layout, rows, { chargeCode, idNumber, taxYear, date: today })
  refuseBroken(layout, file)
  const name = `county-${taxYear}-${layout.code}.${layout.kind === 'csv' ? 'csv' : 'txt'}`
  for (const account of settled ?? []) stage.exclude(account.id, [NOTHING_LEFT])
  const accounts = stageAccounts(preparing, owing ?? [], file, { taxYear, name })
  if (accounts.length > 0) {
    const isPrivate = accounts.some((account) => account.isPrivate)
    const accountsLeftOut = rows.length - accounts.length
    const letter = coverLetter(file, { name, layout, date: today, taxYear, accountsLeftOut })
    stage.file(name, layout.kind === 'csv' ? 'text/csv' : 'text/plain', Buffer.from(file.text), isPrivate)
    stage.file(`county-${taxYear}-control-totals.txt`, 'text/plain', Buffer.from(letter), isPrivate)
  }
  return { total: text(file.totals.amount), fees: text(file.totals.fee) }
}

const isOwing = ({ amount, fee }: CountyAccount): 'owing' | 'settled' =>
  money(amount.plus(fee)).gt(ZERO) ? 'owing' : 'settled'

const NOTHING_LEFT: Test = {
  test: 'Left for the county to collect',
  value: '0.00',
  threshold: 'more than 0.00',
  passed: false,
}

export const rowOf = (account: CountyAccount): CountyRow => {
  const { number, parcelNumber: parcel, owner, address, description, amount, fee } = account
  return { account: number, parcel, owner, address, description, amount, fee }
}

/** A header or trailer that does not fit is the layout's fault, not an account's; a file is read back before it is kept. */
function refuseBroken(layout: Layout, file: CountyFile): void {
  const fault = file.faults.find(({ account }) => account === null)
  if (fault) {
    const what = `${fault.field}, ${REASONS[fault.reason]}`
    throw new Refused('layout_does_not_fit', `The layout's header or trailer does not fit: ${what}.`)
  }
  const [differs] = readBackFaults(layout, file)
  if (differs) throw new Refused('file_reads_otherwise', `Read back, the file has ${differs}. It was not kept.`)
}

export const REASONS: Record<FaultReason, string> = {
  parcel_missing: 'there is no parcel number',
  description_missing: 'there is no legal description',
  not_numeric: 'it is not of digits only',
  not_like_mask: 'it has more or fewer letters and digits than its mask',
  not_positive: 'it is not above 0.00',
  too_long: 'it is too long for the layout',
  not_ascii: 'it holds a character the layout cannot carry',
}

const faultTest = ({ field, value, reason }: RowFault): Test => {
  return { test: `${field} fits the layout`, value: value || 'none', threshold: REASONS[reason], passed: false }
}

interface Facts {
  parcel: string | null
  owner: string
  /** Absent in runs of an earlier version. */
  line?: string
  with?: string[]
}

/** Stages every account that stands in the file and excludes the others; answers those in the file. */
function stageAccounts(
  preparing: Preparing,
  accounts: readonly CountyAccount[],
  file: CountyFile,
  options: { taxYear: number; name: string },
): CountyAccount[] {
  const faults = Map.groupBy(file.faults, ({ account }) => account ?? '')
  const secret = new Set(accounts.flatMap(({ number, isPrivate }) => (isPrivate ? [number] : [])))
  const lines = new Map(file.lines.flatMap((line) => line.accounts.map((account) => [account, line] as const)))
  return accounts.filter((account) => {
    const wrong = faults.get(account.number)
    if (wrong) preparing.stage.exclude(account.id, wrong.map(faultTest))
    else stageAccount(preparing, account, lines.get(account.number), { ...options, secret })
    return !wrong
  })
}

function stageAccount(
  { stage }: Preparing,
  account: CountyAccount,
  written: CountyFile['lines'][number] | undefined,
  { taxYear, name, secret }: { taxYear: number; name: string; secret: ReadonlySet<string> },
): void {
  const line = (type: string, amount: string): PreviewLine => ({ type, service: null, amount, taxYear })
  const facts: Facts = {
    parcel: account.parcelNumber,
    ...shownOf(account, written, secret),
  }
  stage.account({
    accountId: account.id,
    fingerprint: account.version,
    before: account.balance,
    after: account.balance,
    lines: [line('Certified', text(account.amount)), line('Fee', text(account.fee))],
    facts,
  })
  for (const { id, ...old } of account.certifications) {
    const next = { countyFile: name, countyRunId: 0, countyMustBeTold: false }
    stage.effect({ accountId: account.id, kind: 'certification', target: id, old, new: next, note: '' })
  }
}

/** What the account's row says of its line: nothing that names somebody private, unless the row itself is hidden. */
function shownOf(
  { number, owner, isHidden }: CountyAccount,
  written: CountyFile['lines'][number] | undefined,
  secret: ReadonlySet<string>,
): Omit<Facts, 'parcel'> {
  const all = written?.accounts ?? []
  const isSecret = (each: string) => !isHidden && secret.has(each)
  return {
    owner: isSecret(number) ? '' : owner,
    line: all.some(isSecret) ? '' : (written?.text ?? ''),
    with: all.filter((other) => other !== number && !isSecret(other)),
  }
}

/** The account's line as it stands in the file, and the accounts whose amounts are in it too. */
function explainLine(account: { facts: unknown }): string[] {
  const { line, with: others = [] } = account.facts as Facts
  return [
    ...(line ? [`In the file: ${line.trimEnd()}`] : []),
    ...(others.length > 0 ? [`One line for the parcel: the amounts of ${others.join(', ')} are in it too`] : []),
  ]
}
