import { type Day, formatDay } from '../ledger/calendar.ts'
import { listPaper, oneFile } from '../runs/list-paper.ts'
import { guarded } from '../runs/register-csv.ts'
import { csvLine } from '../town/csv.ts'
import type { HistoryRow } from './store.ts'

export { type HistoryRow, wholeHistory } from './store.ts'

export interface PrintedAccount {
  town: string
  number: string
  name: string
  serviceAddress: string
  /** The day it is printed. */
  today: Day
}

const referenceOf = ({ receipt, reference, run }: HistoryRow): string =>
  [receipt ? `Receipt ${receipt}` : '', reference ?? '', run ? `Run ${run}` : ''].filter(Boolean).join(', ')

const stateOf = ({ reversedBy, reversedType, reverses, transferredBy }: HistoryRow): string => {
  if (reversedBy) return `${reversedType === 'NSF' ? 'Returned' : 'Reversed'} by ${reversedBy}`
  if (reverses) return `Reverses ${reverses}`
  return transferredBy ? `Moved by ${transferredBy}` : ''
}

/** The full account history on paper (001-375): every transaction, oldest first, by service, with the balance after it. */
export function historyPdf(account: PrintedAccount, rows: readonly HistoryRow[]): Promise<Buffer> {
  const paper = listPaper({ ...account, title: `Account history, ${account.number}` }, [
    ['Account', `${account.number} ${account.name}`],
    ['Service address', account.serviceAddress],
  ])
  paper.heading(['Amount', 'Balance'], 'Transaction')
  for (const row of rows) {
    const words = [formatDay(row.date), row.type, row.description, referenceOf(row), stateOf(row)]
    paper.row(words.filter(Boolean).join('  '), [row.amount, row.balance])
    for (const line of row.lines) {
      const name = line.book === 'utility' ? (line.name ?? 'Open credit') : `${line.book} ${line.taxYear ?? ''}`.trim()
      if (row.lines.length > 1 || line.book !== 'utility') paper.note(`${name}  ${line.amount}`)
    }
  }
  paper.total(`${rows.length} transactions`, ['', rows.at(-1)?.balance ?? '0.00'])
  return oneFile(paper)
}

const HEAD = [
  'Transaction',
  'Date',
  'Type',
  'Description',
  'Reference',
  'State',
  'Book',
  'Service',
  'Amount',
  'Balance',
  'Entered by',
  'Posted',
]

/** The same for a spreadsheet: a line for each transaction and, under it, one for each of its services. */
export function historyCsv(rows: readonly HistoryRow[]): string {
  const lines = rows.flatMap((row) => {
    const own = [row.id, row.date, row.type, row.description, referenceOf(row), stateOf(row)].map(guarded)
    return [
      [...own, '', '', row.amount, row.balance, guarded(row.by), row.postedAt],
      ...row.lines.map((line) => [
        ...own,
        line.book,
        guarded(line.service ?? String(line.taxYear ?? '')),
        line.amount,
        ...['', '', ''],
      ]),
    ]
  })
  return [HEAD, ...lines].map(csvLine).join('')
}
