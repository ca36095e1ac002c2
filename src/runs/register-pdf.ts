import { moneyText } from '../web/format.ts'
import type { RunColumn } from './kind.ts'
import { cellsOf } from './present.ts'
import type { RegisterHead } from './register.ts'
import { Paper } from './register-paper.ts'
import type { RunAccount, RunExclusion } from './store.ts'

/** pdfkit holds a file until it ends: a file has at most so many pages, and the register goes on in the next one. */
const PAGES_MOST = 1000

export interface PdfRegister {
  account(account: RunAccount): void
  exclusion(exclusion: RunExclusion): void
  /** The files in order. */
  end(): Promise<Buffer[]>
}

/** The printed register, landscape letter, text only: accounts with their lines, totals, who was left out and why. */
export function pdfRegister(head: RegisterHead, most = PAGES_MOST): PdfRegister {
  const paper = new Paper(head.town, head.title, most)
  const columns = [...head.columns.filter((c) => !c.apart), ...head.columns.filter((c) => c.apart)]
  const heads = columnHeads(head.columns)
  for (const { label, value } of head.terms) paper.pair(label, value)
  paper.gap()
  paper.heading(heads, 'Account')
  let leftOut = false
  const totals = () => {
    const { totals: t } = head
    const types = (list: RunColumn[]) => list.map(({ type }) => t.types.find((x) => x.type === type)?.amount ?? '0.00')
    paper.total(`${t.accounts} accounts`, arranged(head.columns, t.before, t.after, types))
  }
  return {
    account(account) {
      const cells = (list: RunColumn[]) => cellsOf(account.lines, list)
      const name = `${account.accountNumber}  ${account.customerName}, ${account.serviceAddress}`
      paper.row(name, arranged(head.columns, account.before, account.after, cells))
      for (const line of account.lines) paper.note(lineText(line, columns))
      for (const effect of account.effects) paper.note(effect)
    },
    exclusion({ accountNumber, customerName, reasons }) {
      if (!leftOut) {
        totals()
        paper.gap()
        paper.heading([], 'Left out, and why')
      }
      leftOut = true
      paper.row(`${accountNumber}  ${customerName}`, [])
      for (const test of reasons) {
        paper.note(
          `${test.passed ? 'passed' : 'failed'}: ${test.test}, ${test.value}${test.threshold ? ` (${test.threshold})` : ''}`,
        )
      }
    },
    end() {
      if (!leftOut) totals()
      return paper.end()
    },
  }
}

const columnHeads = (columns: RunColumn[]): string[] => [
  'Balance before',
  ...columns.filter((c) => !c.apart).map((c) => c.label),
  'Balance after',
  ...columns.filter((c) => c.apart).map((c) => c.label),
]

const arranged = (columns: RunColumn[], before: string, after: string, of: (list: RunColumn[]) => string[]) => [
  before,
  ...of(columns.filter((c) => !c.apart)),
  after,
  ...of(columns.filter((c) => c.apart)),
]

function lineText(line: RunAccount['lines'][number], columns: RunColumn[]): string {
  const label = columns.find((column) => column.type === line.type)?.label ?? line.type
  return [label, line.service ?? '', line.taxYear ?? '', moneyText(line.amount)]
    .filter((part) => part !== '')
    .join('  ')
}
