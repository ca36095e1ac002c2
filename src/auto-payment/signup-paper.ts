import PdfDocument from 'pdfkit'
import { pdfBytes } from '../files/pdf-bytes.ts'
import { type Day, formatDay } from '../ledger/calendar.ts'
import { printable } from '../runs/printable.ts'

type Doc = PDFKit.PDFDocument
type Pair = [label: string, value: string]

export interface SignupPaper {
  town: { name: string; lines: string[] }
  day: Day
  /** What is known; an empty value leaves a line to write on. */
  facts: Pair[]
  bank: Pair[]
}

const LEFT = 54
const RIGHT = 558
const VALUE = 180
const LINE = 22

const TEXTS = {
  draft: {
    title: 'Authorization for automatic bank draft',
    says: (town: string) =>
      `I authorize ${town} to draw my utility payments from the bank account below, and my bank to pay them. This stays in force until I end it in writing and the utility office has had time to act. The office may send a prenote of 0.00 first.`,
    fields: [] as Pair[],
  },
  card: {
    title: 'Authorization for automatic card payment',
    says: (town: string) =>
      `I authorize ${town} to charge my utility payments to my card through its payment provider. The card itself is entered on the provider's own form and is not kept by the utility office. This stays in force until I end it in writing.`,
    fields: [['Name on the card', ''] as Pair],
  },
}

const OPTIONS = ['Pay account balance', 'Maximum amount  $', 'Fixed amount  $', 'Required amount (statement balance)']

/** Bank Draft Signup or Credit Card Signup as PDF: filled with what is known, to be completed and signed [001-146 to 001-149]. */
export function authorization(kind: 'draft' | 'card', paper: SignupPaper): Promise<Buffer> {
  const words = TEXTS[kind]
  const doc = new PdfDocument({ size: 'LETTER', margin: 0, info: { Title: words.title, Producer: 'Clerkwell' } })
  const bytes = pdfBytes(doc)
  head(doc, paper)
  doc.font('Helvetica-Bold').fontSize(14).text(words.title, LEFT, 130, { lineBreak: false })
  doc.font('Helvetica').fontSize(10)
  let y = pairs(doc, paper.facts, 162)
  doc.text(printable(words.says(paper.town.name || 'the utility')), LEFT, y + 6, { width: RIGHT - LEFT })
  y = pairs(doc, kind === 'draft' ? paper.bank : words.fields, doc.y + 14)
  y = boxes(doc, [...OPTIONS, 'Notify me in advance of the amount'], y + 6)
  pairs(
    doc,
    [
      ['Signature', ''],
      ['Date', ''],
    ],
    y + 24,
  )
  doc.end()
  return bytes
}

function head(doc: Doc, { town, day }: SignupPaper): void {
  doc.font('Helvetica-Bold').fontSize(13).text(printable(town.name), LEFT, 48, { lineBreak: false })
  doc.font('Helvetica').fontSize(10)
  doc.text(formatDay(day), RIGHT - 60, 50, { lineBreak: false })
  for (const [at, line] of town.lines.entries()) doc.text(printable(line), LEFT, 66 + at * 13, { lineBreak: false })
}

function pairs(doc: Doc, list: readonly Pair[], top: number): number {
  let y = top
  for (const [label, value] of list) {
    doc.text(printable(label), LEFT, y, { lineBreak: false })
    if (value) doc.text(printable(value), VALUE, y, { width: RIGHT - VALUE, height: LINE, ellipsis: true })
    else
      doc
        .lineWidth(0.7)
        .moveTo(VALUE, y + 11)
        .lineTo(RIGHT, y + 11)
        .stroke()
    y += LINE
  }
  return y
}

function boxes(doc: Doc, list: readonly string[], top: number): number {
  let y = top
  for (const label of list) {
    doc.lineWidth(0.7).rect(LEFT, y, 9, 9).stroke()
    doc.text(label, LEFT + 18, y, { lineBreak: false })
    if (label.endsWith('$'))
      doc
        .moveTo(VALUE, y + 10)
        .lineTo(VALUE + 100, y + 10)
        .stroke()
    y += 18
  }
  return y
}
