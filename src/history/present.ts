import { money, sum, text } from '../ledger/money.ts'
import { RUN_KINDS } from '../run-kinds.ts'
import type { HistoryQuery } from './query.ts'
import { actionsOf, type RowFacts } from './rules.ts'
import { type Frame, rowHref, type Shown, tabHref } from './shown.ts'
import type { HistoryRow } from './store.ts'

const NSF = 'NSF'

export const factsOf = (row: HistoryRow): RowFacts => ({
  posted: true,
  type: row.type,
  stands: row.reverses === null && row.reversedBy === null && !row.moved,
  nsf: row.type === NSF || row.reversedType === NSF,
  receipt: row.receipt !== null,
  transferred: row.transferredBy !== null,
})

export function postedRow(frame: Frame, row: HistoryRow): Shown {
  const piece = encodeURIComponent(row.id)
  const offered = actionsOf(factsOf(row), frame.account, frame.may)
  return {
    key: `t-${row.id}`,
    id: row.id,
    posted: true,
    href: rowHref(frame, 'row', row.id),
    date: row.date,
    type: row.type,
    description: row.description,
    other: otherBooks(row),
    reference: referenceOf(row),
    receipt: row.receipt ?? '',
    marks: marksOf(row),
    amount: row.amount,
    balance: row.balance,
    actions: offered.map((action) => ({ ...action, href: hrefOf(frame, action.name, row) })),
    lines: row.lines.map((line) => ({ label: lineLabel(line), amount: line.amount })),
    total: text(sum(row.lines.filter(({ book }) => book === 'utility').map(({ amount }) => money(amount)))),
    facts: detailOf(frame, row),
    explain: `${frame.base}/transactions/${piece}`,
  }
}

/** Where an action leads; each is a page of its own, so that it works with scripts off. */
function hrefOf(frame: Frame, action: string, row: HistoryRow): string {
  const transaction = `${frame.base}/transactions/${encodeURIComponent(row.id)}`
  // on the NSF itself it is about the payment that came back
  const payment = row.type === NSF && row.reverses ? row.reverses : row.id
  const receipt = `/receipts/${encodeURIComponent(row.receipt ?? '')}`
  const hrefs: Record<string, string> = {
    'adjust-bill': `${transaction}/bill`,
    adjust: `${transaction}/adjust`,
    transfer: `${transaction}/transfer`,
    receipt,
    refund: row.type === 'Ref' ? `/payments/refunds/${encodeURIComponent(row.id)}` : `${frame.base}/refunds/new`,
    nsf: `${frame.base}/transactions/${encodeURIComponent(payment)}/nsf`,
    reverse: `${transaction}/reverse?from=history`,
    'email-receipt': `${receipt}/email`,
    'email-statement': `${transaction}/statement-email`,
  }
  return hrefs[action] ?? tabHref(frame, action)
}

function marksOf(row: HistoryRow): Shown['marks'] {
  const marks = []
  if (row.reversedBy !== null) {
    marks.push({
      mark: row.reversedType === NSF ? NSF : 'R',
      says: `${row.reversedType === NSF ? 'Returned' : 'Reversed'} by ${row.reversedBy}`,
    })
  }
  if (row.transferredBy !== null) marks.push({ mark: 'T', says: `Moved to another account by ${row.transferredBy}` })
  return marks
}

const otherBooks = (row: HistoryRow): string =>
  row.lines
    .flatMap((line) => {
      if (line.book === 'certification') return [`certification ${line.taxYear} ${line.amount}`]
      return line.book === 'deposit' ? [`deposit ${line.amount}`] : []
    })
    .join(', ')

function referenceOf(row: HistoryRow): string {
  if (row.receipt) return `Receipt ${row.receipt}`
  return row.reference ?? (row.run ? `Run ${row.run}` : '')
}

const lineLabel = ({ book, service, name, taxYear }: HistoryRow['lines'][number]): string => {
  if (book === 'certification') return `Certification ${taxYear}`
  if (book === 'deposit') return name ? `Deposit, ${name}` : 'Deposit'
  return service ? `${service} ${name}` : 'Open credit'
}

const titleOf = (kind: string | null): string => RUN_KINDS.list.find((known) => known.kind === kind)?.title ?? ''

function detailOf({ base }: Frame, row: HistoryRow): Shown['facts'] {
  const to = (number: string) => `${base}/transactions/${encodeURIComponent(number)}`
  const all: (Shown['facts'][number] | undefined)[] = [
    { label: 'Posted', value: row.postedAt, moment: true },
    row.run
      ? {
          label: 'Run',
          value: `${row.run} ${titleOf(row.runKind)}`.trim(),
          href: `/runs/${encodeURIComponent(row.run)}`,
        }
      : undefined,
    { label: 'Entered by', value: row.by },
    row.dueDate ? { label: 'Due', value: row.dueDate, day: true } : undefined,
    row.method ? { label: 'Method', value: row.method } : undefined,
    row.reference ? { label: 'Reference', value: row.reference } : undefined,
    row.receipt
      ? { label: 'Receipt', value: row.receipt, href: `/receipts/${encodeURIComponent(row.receipt)}` }
      : undefined,
    row.reason ? { label: 'Reason', value: row.reason } : undefined,
    row.reversedBy ? { label: 'Reversed by', value: row.reversedBy, href: to(row.reversedBy) } : undefined,
    row.reverses ? { label: 'Reverses', value: row.reverses, href: to(row.reverses) } : undefined,
    row.transferredBy ? { label: 'Moved by', value: row.transferredBy, href: to(row.transferredBy) } : undefined,
    row.statement
      ? { label: 'Statement', value: row.statement, href: `${base}/statements/${encodeURIComponent(row.statement)}` }
      : undefined,
  ]
  return all.filter((fact) => fact !== undefined)
}

/** The row that is asked for, else the newest. */
export const selectedOf = (rows: Shown[], { row, unposted }: HistoryQuery): Shown | undefined =>
  rows.find((each) =>
    unposted === undefined ? each.posted && each.id === row : !each.posted && each.id === String(unposted),
  ) ?? rows[0]
