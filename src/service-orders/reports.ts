import { type Day, formatDay } from '../ledger/calendar.ts'
import { listPaper, oneFile } from '../runs/list-paper.ts'
import type { Paper } from '../runs/register-paper.ts'
import type { Order } from './tab.ts'

/** Where the orders of a report are. */
export interface ReportPlace {
  town: string
  location: string
  serviceAddress: string
  /** Who lives there, as far as it is one account's report. */
  account: string
  today: Day
}

const shownDay = (day: Day | null): string => (day === null ? '' : formatDay(day))

const headed = ({ town, today, location, serviceAddress, account }: ReportPlace, title: string): Paper =>
  listPaper({ town, title, today }, [
    ['Location', `${location} ${serviceAddress}`],
    ...(account ? [['Account', account] as [string, string]] : []),
  ])

/** The form of one order, with room for what was found and a signature [001-441]. */
export function orderPdf(place: ReportPlace, order: Order): Promise<Buffer> {
  const paper = headed(place, `Service order ${order.number}`)
  for (const [label, value] of [
    ['Category', order.category],
    ['Code', order.code],
    ['Description', order.description],
    ['Date requested', shownDay(order.requested)],
    ['Due date', shownDay(order.due)],
    ['Urgent', order.urgent ? 'Yes' : 'No'],
    ['Assigned to', order.assignedTo ?? ''],
  ] as const) {
    paper.pair(label, value)
  }
  paper.gap()
  if (order.instructions) paper.paragraph(order.instructions)
  paper.gap()
  paper.pair('Completed', shownDay(order.completed) || '____________________')
  paper.pair('Result', order.result ?? '____________________________________________________________')
  paper.pair('Signature', '____________________')
  return oneFile(paper)
}

/** Orders of a location or an account, a line each; with what was done where `history` is asked [001-440, 001-442]. */
export function ordersPdf(
  place: ReportPlace,
  title: string,
  orders: readonly Order[],
  history: boolean,
): Promise<Buffer> {
  const paper = headed(place, title)
  paper.heading([], 'No., requested, due, description, completed')
  for (const order of orders) {
    const due = order.due ? `due ${shownDay(order.due)}` : ''
    const done = order.completed ? `completed ${shownDay(order.completed)}` : 'open'
    paper.row([order.number, shownDay(order.requested), due, order.description, done].filter(Boolean).join('  '), [])
    if (history && order.result) paper.paragraph(order.result)
  }
  paper.total(`${orders.length} service orders`, [])
  return oneFile(paper)
}
