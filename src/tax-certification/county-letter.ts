import { createHash } from 'node:crypto'
import { type Day, formatDay } from '../ledger/calendar.ts'
import { text } from '../ledger/money.ts'
import type { CountyFile, Layout } from './layout-rules.ts'
import { layoutInWords } from './layout-words.ts'

export interface Letter {
  name: string
  layout: Layout
  date: Day
  taxYear: number
  accountsLeftOut: number
}

/**
 * What goes with the file to the county: how many lines, parcels and accounts, their sums, the smallest and the greatest
 * line, the file's hash. The layout stands below as it was that day: it may be changed or deleted later.
 */
export function coverLetter({ totals, text: content }: CountyFile, letter: Letter): string {
  const { name, layout, date, taxYear, accountsLeftOut } = letter
  const lines: [string, string][] = [
    ['File', name],
    ['SHA-256', createHash('sha256').update(content).digest('hex')],
    ['Layout', layout.name],
    ['Made', formatDay(date)],
    ['Tax year', String(taxYear)],
    ['Lines', String(totals.count)],
    ['Parcels', String(totals.parcels)],
    ['Accounts', String(totals.accounts)],
    ['Certified', text(totals.amount)],
    ['Fees', text(totals.fee)],
    ['Total', text(totals.total)],
    ['Smallest', text(totals.min)],
    ['Greatest', text(totals.max)],
    ['Accounts left out', String(accountsLeftOut)],
  ]
  const figures = lines.map(([label, value]) => `${`${label}:`.padEnd(20)}${value}\n`)
  return [...figures, '\nThe layout\n', ...layoutInWords(layout).map((line) => `${line}\n`)].join('')
}
