import PdfDocument from 'pdfkit'
import { pdfBytes } from '../../files/pdf-bytes.ts'
import { type Day, formatDay } from '../../ledger/calendar.ts'
import { paperLines } from '../../runs/paper-lines.ts'
import { printable } from '../../runs/printable.ts'
import { moneyText } from '../../web/format.ts'
import type { StatementFigures } from './rules.ts'

type Doc = PDFKit.PDFDocument

/** What stands on a statement. */
export interface StatementPaper {
  town: { name: string; lines: string[] }
  message: string
  number: string
  date: Day
  account: string
  customer: string
  serviceAddress: string
  /** Name and address in the window. */
  to: string[]
  figures: StatementFigures
}

/** A copy of it for somebody else. */
export interface Duplicate {
  to: string[]
}

const LEFT = 54
const RIGHT = 558
const LINE = 14
const STUB = 640
const MOST_SERVICES = 16

/** A statement in the plain format, one letter page; with duplicates, one page for each of them instead. */
export async function statementPdf(paper: StatementPaper, duplicates: readonly Duplicate[] = []): Promise<Buffer> {
  const doc = new PdfDocument({
    size: 'LETTER',
    margin: 0,
    autoFirstPage: false,
    info: { Title: `Statement ${paper.number}`, Producer: 'Clerkwell' },
  })
  const bytes = pdfBytes(doc)
  if (duplicates.length === 0) draw(doc.addPage(), paper, '')
  for (const { to } of duplicates) draw(doc.addPage(), { ...paper, to }, `Duplicate, sent to ${to[0] ?? ''}`)
  doc.end()
  return bytes
}

function draw(doc: Doc, paper: StatementPaper, mark: string): void {
  const { town, figures } = paper
  bold(doc, 13).text(printable(town.name), LEFT, 54, { lineBreak: false })
  plain(doc, 10)
  block(doc, town.lines, LEFT, 72)
  drawDue(doc, figures)
  const to = paper.to.filter((line) => line !== '').map((line) => line.toUpperCase())
  boxed(doc, to, { x: LEFT, y: 144, width: 264, lines: 5 })
  if (mark) boxed(bold(doc, 10), [mark], { x: 330, y: 144, width: RIGHT - 330, lines: 5 })
  plain(doc, 10)
  const facts: [string, string][] = [
    ['Account', paper.account],
    ['Customer', paper.customer],
    ['Service address', paper.serviceAddress],
    ['Statement', `${paper.number}, ${formatDay(paper.date)}`],
  ]
  const left = pairs(doc, facts, LEFT, 226, 96)
  const right = sums(doc, figures, 226)
  const y = drawServices(doc, figures, Math.max(left, right) + 16)
  if (paper.message)
    doc.text(printableLines(paper.message), LEFT, y + 12, { width: RIGHT - LEFT, height: STUB - y - 24 })
  drawStub(doc, paper)
}

const printableLines = (words: string): string => words.split('\n').map(printable).join('\n')

function drawDue(doc: Doc, { amount, dueDate }: StatementFigures): void {
  doc.lineWidth(1.5).rect(408, 50, 150, 62).stroke()
  plain(doc, 9).text(`Amount due by ${formatDay(dueDate)}`, 418, 58, { lineBreak: false })
  bold(doc, 18).text(`${amount.startsWith('-') ? '-' : ''}$${moneyText(amount.replace('-', ''))}`, 418, 76, {
    lineBreak: false,
  })
  plain(doc, 10)
}

function sums(doc: Doc, figures: StatementFigures, top: number): number {
  const lines: [string, string][] = [
    ['Previous balance', figures.previous],
    ['Payments, thank you', figures.payments],
    ...(figures.adjustments === '0.00' ? [] : ([['Adjustments', figures.adjustments]] as [string, string][])),
    ['Balance forward', figures.balanceForward],
    ['Current charges', figures.charges],
    ['Amount due', figures.amount],
  ]
  let y = top
  for (const [label, amount] of lines) {
    const total = label === 'Amount due'
    if (total) bold(doc, 10)
    doc.text(label, 330, y, { lineBreak: false })
    toRight(doc, moneyText(amount), RIGHT, y)
    y += LINE
  }
  plain(doc, 10)
  return y
}

/** What is new, by service; more than a page holds stand together. */
function drawServices(doc: Doc, { services, charges }: StatementFigures, top: number): number {
  bold(doc, 11).text('Current charges', LEFT, top, { lineBreak: false })
  let y = top + 20
  rule(doc, y - 3, 1)
  plain(doc, 10)
  const shown = services.length > MOST_SERVICES ? services.slice(0, MOST_SERVICES - 1) : services
  for (const { service, amount } of shown) y = serviceLine(doc, service, amount, y)
  if (shown.length < services.length) {
    const others = services.slice(shown.length)
    const cents = others.reduce((total, { amount }) => total + BigInt(amount.replace('.', '')), 0n)
    const text = `${cents < 0n ? '-' : ''}${String(cents < 0n ? -cents : cents).padStart(3, '0')}`
    y = serviceLine(doc, `${others.length} other services`, `${text.slice(0, -2)}.${text.slice(-2)}`, y)
  }
  if (services.length === 0) {
    doc.text('No charges since the last statement', LEFT, y, { lineBreak: false })
    y += LINE
  }
  rule(doc, y, 0.7)
  bold(doc, 10).text('Current charges', LEFT, y + 4, { lineBreak: false })
  toRight(doc, moneyText(charges), RIGHT, y + 4)
  plain(doc, 10)
  return y + LINE + 6
}

function serviceLine(doc: Doc, service: string, amount: string, y: number): number {
  doc.text(printable(service).slice(0, 60), LEFT, y, { lineBreak: false })
  toRight(doc, moneyText(amount), RIGHT, y)
  return y + LINE
}

function drawStub(doc: Doc, paper: StatementPaper): void {
  const { town, figures } = paper
  doc.moveTo(LEFT, STUB).lineTo(RIGHT, STUB).lineWidth(0.7).dash(3, { space: 3 }).stroke().undash()
  plain(doc, 8).text('Detach and return this part with your payment', LEFT, STUB + 4, { lineBreak: false })
  plain(doc, 10)
  block(
    doc,
    [town.name, ...town.lines].map((line) => line.toUpperCase()),
    LEFT,
    STUB + 36,
  )
  const facts: [string, string][] = [
    ['Account', paper.account],
    ['Statement', paper.number],
    [`Due by ${formatDay(figures.dueDate)}`, `$${moneyText(figures.amount)}`],
    ['Amount enclosed', '$ ______________'],
  ]
  for (const [place, [label, value]] of facts.entries()) {
    doc.text(label, 330, STUB + 36 + place * 18, { lineBreak: false })
    toRight(doc, value, RIGHT, STUB + 36 + place * 18)
  }
}

function pairs(doc: Doc, list: [string, string][], x: number, top: number, width: number): number {
  let y = top
  for (const [label, value] of list) {
    doc.text(label, x, y, { lineBreak: false })
    y = boxed(doc, [value], { x: x + width, y, width: 318 - x - width, lines: 2 })
  }
  return y
}

const bold = (doc: Doc, size: number): Doc => doc.font('Helvetica-Bold').fontSize(size)
const plain = (doc: Doc, size: number): Doc => doc.font('Helvetica').fontSize(size)

/** Text of size 10 broken into lines of a box; in smaller print where it is too long. Answers the y below it. */
function boxed(doc: Doc, written: string[], box: { x: number; y: number; width: number; lines: number }): number {
  const { x, y, width, lines: most } = box
  for (let size = 10; size >= 4; size -= 1) {
    const lines = written.flatMap((line) => paperLines(doc.fontSize(size), line, width))
    const step = (LINE * size) / 10
    if (lines.length * step > most * LINE && size > 4) continue
    for (const [at, line] of lines.entries()) doc.text(line, x, y + at * step, { lineBreak: false })
    doc.fontSize(10)
    return y + Math.ceil((lines.length * size) / 10) * LINE
  }
  return y
}

function block(doc: Doc, lines: string[], x: number, top: number): void {
  for (const [place, line] of lines.entries()) doc.text(printable(line), x, top + place * LINE, { lineBreak: false })
}

function toRight(doc: Doc, words: string, x: number, y: number): void {
  const shown = printable(words)
  doc.text(shown, x - doc.widthOfString(shown), y, { lineBreak: false })
}

function rule(doc: Doc, y: number, width: number): void {
  doc.moveTo(LEFT, y).lineTo(RIGHT, y).lineWidth(width).stroke()
}
