import { createHash } from 'node:crypto'
import { Refused } from '../errors.ts'
import { periodOf } from '../ledger/calendar.ts'
import { type Money, money, sum, text, ZERO } from '../ledger/money.ts'
import type { NewTransaction } from '../ledger/transaction.ts'
import type { Prepared, Preparing, RunKind } from '../runs/kind.ts'
import { csvCell } from '../runs/register-csv.ts'
import type { Test } from '../runs/stage.ts'
import { type ImportOptions, importOptions } from './forms.ts'
import { namesPrivate, type PaymentAccount, paymentAccounts, takenKeys } from './import-store.ts'
import { type PaymentLine, readPayments } from './payment-file.ts'
import { describeImport } from './present.ts'
import { needGl, type TownFacts, townFacts } from './town-facts.ts'

/**
 * Tax Certification > Enter Certification Payments, from a file of the county: each line that can be posted is a
 * CertPmt; every other line is listed with its reason, in the preview where its account is known and always in the file
 * of lines not posted. The key of a payment is the file's hash and its line: the same file cannot be posted twice.
 */
export const importPayments: RunKind<ImportOptions> = {
  kind: 'tax-certification.import-payments',
  menu: 'Tax Certification',
  title: 'Import Certification Payments',
  path: '/tax-certification/import-payments',
  may: { prepare: 'certification.payments', post: 'certification.payments', reverse: 'certification.reverse' },
  options: importOptions,
  factsKind: 'version',
  columns: [{ type: 'CertPmt', label: 'County payment', apart: true }],
  describe: describeImport,
  receives: {
    option: 'content',
    mediaType: 'text/csv',
    fileName: ({ fileName }) => fileName,
    holdsPrivate: namesPrivate,
  },
  explain: ({ facts }) => (facts as { lines: string[] }).lines,
  prepare,
}

interface Refusal {
  line: PaymentLine
  accountId: number | null
  test: Test
}

async function prepare(preparing: Preparing, options: ImportOptions): Promise<Prepared> {
  const { db, stage } = preparing
  const read = readPayments(options.content)
  if (!read.ok)
    throw new Refused(read.refusal, read.detail.says ?? read.refusal, {
      content: read.detail.says ?? read.refusal,
    })
  const town = await townFacts(db)
  const key = `certification-payment/${createHash('sha256').update(options.content).digest('hex').slice(0, 32)}`
  const accounts = await paymentAccounts(db, read.value)
  const taken = await takenKeys(
    db,
    read.value.map(({ line }) => `${key}/${line}`),
  )
  const posting = new Posting({
    town,
    accounts: new Map(accounts.flatMap((account) => account.lines.map((line) => [line, account] as const))),
    taken,
    key,
    selected: preparing.selected && new Set(preparing.selected),
  })
  for (const line of read.value) posting.add(line)
  for (const account of posting.staged.values()) stageAccount(preparing, account)
  for (const [id, refusals] of Map.groupBy(posting.refused, ({ accountId }) => accountId)) {
    if (id !== null && !posting.staged.has(id))
      stage.exclude(
        id,
        refusals.map(({ test }) => test),
      )
  }
  const hidden = new Set(accounts.flatMap(({ id, isPrivate }) => (isPrivate ? [id] : [])))
  const isPrivate = posting.refused.some(({ accountId }) => accountId !== null && hidden.has(accountId))
  if (posting.refused.length > 0)
    stage.file('lines-not-posted.csv', 'text/csv', Buffer.from(notPosted(posting.refused)), isPrivate)
  const paid = sum([...posting.staged.values()].flatMap(({ payments }) => payments.map(({ amount }) => amount)))
  return { total: text(paid), fees: text(ZERO) }
}

interface Staged {
  account: PaymentAccount
  payments: { line: PaymentLine; amount: Money; transaction: NewTransaction }[]
}

interface Given {
  town: TownFacts
  /** By the line of the file. */
  accounts: Map<number, PaymentAccount>
  /** Keys of lines that are posted already. */
  taken: Set<string>
  key: string
  /** Who met the selection criteria; undefined = everyone. */
  selected: Set<number> | undefined
}

/** Decides line by line on what the lines before it left of each certification balance. */
class Posting {
  readonly staged = new Map<number, Staged>()
  readonly refused: Refusal[] = []
  private readonly given: Given

  constructor(given: Given) {
    this.given = given
  }

  add(line: PaymentLine): void {
    const account = this.given.accounts.get(line.line)
    const test = this.fault(line, account)
    if (test || !account || line.fault || line.amount === undefined) {
      this.refused.push({ line, accountId: account?.id ?? null, test: test ?? noAccount(line) })
      return
    }
    const staged = this.staged.get(account.id) ?? { account, payments: [] }
    staged.payments.push({ line, amount: line.amount, transaction: this.transaction(account.id, line, line.amount) })
    this.staged.set(account.id, staged)
  }

  private fault(line: PaymentLine, account: PaymentAccount | undefined): Test | undefined {
    if (line.fault) return { test: `Line ${line.line} can be read`, ...line.fault, passed: false }
    if (!account) return noAccount(line)
    const { taken, key, town, selected } = this.given
    if (selected && !selected.has(account.id)) {
      const test = `Line ${line.line}: the account meets the Selection Criteria`
      return { test, value: 'no', threshold: 'yes', passed: false }
    }
    if (taken.has(`${key}/${line.line}`)) {
      return { test: `Line ${line.line} is not posted yet`, value: 'posted already', threshold: 'once', passed: false }
    }
    if (town.closed.includes(periodOf(line.date, town.periods))) {
      return {
        test: `Line ${line.line}: the date is in an open period`,
        value: line.date,
        threshold: 'closed',
        passed: false,
      }
    }
    const left = this.left(account, line.taxYear)
    if (line.amount?.lte(left)) return undefined
    const value = line.amount === undefined ? '' : text(line.amount)
    const test = `Line ${line.line}: certification balance of tax year ${line.taxYear}`
    return { test, value, threshold: `at most ${text(left)}`, passed: false }
  }

  private left(account: PaymentAccount, taxYear: number): Money {
    const balance = account.balances.find((each) => each.taxYear === taxYear)?.balance ?? ZERO
    const earlier = this.staged.get(account.id)?.payments ?? []
    return money(balance.minus(sum(earlier.filter(({ line }) => line.taxYear === taxYear).map(({ amount }) => amount))))
  }

  private transaction(accountId: number, line: PaymentLine, amount: Money): NewTransaction {
    const { taxYear, date, checkNumber, sourceId } = line
    const { town, key } = this.given
    return {
      accountId,
      type: 'CertPmt',
      date,
      period: periodOf(date, town.periods),
      description: `Certification payment ${taxYear}`,
      sourceKey: `${key}/${line.line}`,
      reference: checkNumber || undefined,
      facts: { taxYear, ...(sourceId ? { sourceId } : {}) },
      postings: [
        {
          gl: needGl(town, 'certification_receivable_gl'),
          book: 'certified',
          taxYear,
          amount: amount.times('-1'),
        },
        { gl: needGl(town, 'cash_gl'), book: 'general', amount },
      ],
    }
  }
}

const noAccount = (line: PaymentLine): Test => {
  return {
    test: `Line ${line.line}: account or parcel`,
    value: line.account || line.parcel,
    threshold: 'one account',
    passed: false,
  }
}

function stageAccount({ stage }: Preparing, { account, payments }: Staged): void {
  for (const { transaction } of payments) stage.transaction(transaction)
  stage.account({
    accountId: account.id,
    fingerprint: account.version,
    before: account.balance,
    after: account.balance,
    lines: payments.map(({ line, amount }) => ({
      type: 'CertPmt',
      service: null,
      amount: text(amount.times('-1')),
      taxYear: line.taxYear,
    })),
    facts: {
      lines: payments.map(
        ({ line, amount }) => `Line ${line.line}: ${text(amount)} on ${line.date}, tax year ${line.taxYear}`,
      ),
    },
  })
}

function notPosted(refused: Refusal[]): string {
  const lines = refused.map(({ line, test }) => [
    String(line.line),
    line.account || line.parcel,
    test.test,
    test.value,
    test.threshold,
  ])
  return [['Line', 'Account or parcel', 'Test', 'Value', 'Needed'], ...lines]
    .map((cells) => `${cells.map((cell) => csvCell(cell)).join(',')}\n`)
    .join('')
}
