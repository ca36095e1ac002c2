import PdfDocument from 'pdfkit'
import { mailingLines } from '../customers/mailing-rules.ts'
import { pdfBytes } from '../files/pdf-bytes.ts'
import type { Day } from '../ledger/calendar.ts'
import { type Money, money, sum, text } from '../ledger/money.ts'
import { printable } from '../runs/printable.ts'
import { moneyText } from '../web/format.ts'
import type { Address, NoticeAccount } from './notice-store.ts'

type Doc = PDFKit.PDFDocument

export interface NoticeTown {
  name: string
  lines: string[]
  date: Day
  payBy: Day | null
  hearing: Day | null
}

export interface Letter {
  account: NoticeAccount
  to: Address
  /** Whom this copy is for, and whether the owner has one of his own. */
  copy: 'customer' | 'owner'
}

const LEFT = 54
const RIGHT = 558
const SIZE = 10
const LINE = 14
// The height of the envelope's window.
const WINDOW = 70
const STUB = 632
const MOST_PERIODS = 5
const MONTHS = 'January February March April May June July August September October November December'.split(' ')

const longDay = (day: Day): string =>
  `${MONTHS[Number(day.slice(5, 7)) - 1]} ${Number(day.slice(8))}, ${day.slice(0, 4)}`
const monthOf = (day: Day): string => `${MONTHS[Number(day.slice(5, 7)) - 1]?.slice(0, 3)} ${day.slice(0, 4)}`

/**
 * Certification notices as PDF, one letter a page, text as text; a file has at most `most` pages. Answers the files in
 * order. The address stands where the window of the town's envelope is, the stub to send back at the foot.
 */
export async function printLetters(town: NoticeTown, letters: Letter[], most = 1000): Promise<Buffer[]> {
  const files: Buffer[] = []
  for (let at = 0; at < letters.length; at += most) {
    const doc = new PdfDocument({
      size: 'LETTER',
      margin: 0,
      autoFirstPage: false,
      info: { Title: 'Certification notices', Producer: 'Clerkwell' },
    })
    const bytes = pdfBytes(doc)
    for (const letter of letters.slice(at, at + most)) drawLetter(doc.addPage(), town, letter)
    doc.end()
    files.push(await bytes)
  }
  return files
}

function drawLetter(doc: Doc, town: NoticeTown, letter: Letter): void {
  const { account } = letter
  doc.font('Helvetica-Bold').fontSize(13).text(printable(town.name), LEFT, 54, { lineBreak: false })
  doc.font('Helvetica').fontSize(SIZE)
  right(doc, longDay(town.date), RIGHT, 57)
  block(doc, town.lines, LEFT, 72)
  const window = [letter.to.name, ...mailingLines(letter.to)].map((line) => line.toUpperCase())
  block(doc, window, LEFT, 144, Math.min(LINE, WINDOW / window.length))
  doc
    .font('Helvetica-Bold')
    .fontSize(13)
    .text('Notice of certification to property tax', LEFT, 216, { lineBreak: false })
  doc.font('Helvetica').fontSize(SIZE)
  let y = paragraph(doc, opening(town, account), 238)
  doc.font('Helvetica-Bold')
  y = paragraph(doc, `Account ${account.number}, service at ${account.serviceAddress}`, y)
  doc.font('Helvetica')
  y = drawTable(doc, account, y)
  y = drawSums(doc, town, account, y + 8)
  for (const words of closing(town, letter)) y = paragraph(doc, words, y)
  drawStub(doc, town, account)
}

function opening(town: NoticeTown, account: NoticeAccount): string {
  const parcel = account.parcelNumber ? ` on parcel ${account.parcelNumber}` : ''
  const until = town.payBy ? `Unless it is paid by ${longDay(town.payBy)}, the` : 'The'
  return `The utility account below is past due. ${until} amount will be certified to the county and collected with the property tax${parcel}.`
}

function closing(town: NoticeTown, { account, copy }: Letter): string[] {
  const newest = account.lines
    .map(({ period }) => period)
    .sort()
    .at(-1)
  const council = town.hearing
    ? `If you dispute this amount you may be heard by the council on ${longDay(town.hearing)}. Write to the utility office before that day.`
    : 'If you dispute this amount, write to the utility office.'
  const owner =
    copy === 'owner'
      ? 'You receive this notice as the owner of the property.'
      : 'The owner of the property has been sent a copy.'
  return [
    ...(newest
      ? [`Charges after ${monthOf(newest)} are not part of this notice and remain due on your regular bill.`]
      : []),
    account.owner ? `${council} ${owner}` : council,
  ]
}

/** Services down, periods across; older periods than the last few stand together. */
function drawTable(doc: Doc, account: NoticeAccount, top: number): number {
  const periods = [...new Set(account.lines.map(({ period }) => period))].sort()
  const shown = periods.slice(-MOST_PERIODS)
  const earlier = periods.length > shown.length
  const services = [...new Set(account.lines.map(({ service }) => service))]
  const cells = (lines: NoticeAccount['lines']) => [
    ...(earlier ? [total(lines.filter(({ period }) => !shown.includes(period)))] : []),
    ...shown.map((period) => total(lines.filter((line) => line.period === period))),
    total(lines),
  ]
  const heads = [...(earlier ? ['Earlier'] : []), ...shown.map(monthOf), 'Certified']
  let y = row(doc, 'Service', heads, top)
  rule(doc, LEFT, y - 2, 1)
  const step = services.length > 12 ? LINE - 3 : LINE
  for (const service of services) {
    row(doc, service, cells(account.lines.filter((line) => line.service === service)), y + 2)
    y += step
  }
  rule(doc, LEFT, y + 1, 0.7)
  doc.font('Helvetica-Bold')
  y = row(doc, 'Certified amount', cells(account.lines), y + 4)
  doc.font('Helvetica')
  rule(doc, LEFT + 120, y - 1, 0.7)
  rule(doc, LEFT + 120, y + 1, 0.7)
  return y + 6
}

const total = (lines: { amount: Money }[]): string => moneyText(text(sum(lines.map(({ amount }) => amount))))

const toPay = (account: NoticeAccount): Money => money(sum(account.lines.map(({ amount }) => amount)).plus(account.fee))

function drawSums(doc: Doc, town: NoticeTown, account: NoticeAccount, top: number): number {
  const pairs: [string, string][] = [
    ['Certified amount', total(account.lines)],
    ['Certification fee', moneyText(text(account.fee))],
    [town.payBy ? `Pay by ${longDay(town.payBy)}` : 'Together', moneyText(text(toPay(account)))],
  ]
  let y = top
  for (const [place, [label, amount]] of pairs.entries()) {
    if (place === pairs.length - 1) doc.font('Helvetica-Bold')
    doc.text(label, LEFT, y, { lineBreak: false })
    right(doc, amount, LEFT + 260, y)
    y += LINE
  }
  doc.font('Helvetica')
  return y + 8
}

function drawStub(doc: Doc, town: NoticeTown, account: NoticeAccount): void {
  doc.moveTo(LEFT, STUB).lineTo(RIGHT, STUB).lineWidth(0.7).dash(3, { space: 3 }).stroke().undash()
  doc
    .fontSize(8)
    .text('Detach and return this part with your payment', LEFT, STUB + 4, { lineBreak: false })
    .fontSize(SIZE)
  block(
    doc,
    [town.name, ...town.lines].map((line) => line.toUpperCase()),
    LEFT,
    STUB + 36,
  )
  const pairs: [string, string][] = [
    ['Account', account.number],
    [town.payBy ? `Pay by ${longDay(town.payBy)}` : 'To pay', `$${moneyText(text(toPay(account)))}`],
    ['Amount enclosed', '$ ______________'],
  ]
  for (const [place, [label, value]] of pairs.entries()) {
    doc.text(printable(label), 330, STUB + 36 + place * 18, { lineBreak: false })
    right(doc, value, RIGHT, STUB + 36 + place * 18)
  }
}

function block(doc: Doc, lines: string[], x: number, top: number, step = LINE): void {
  for (const [place, line] of lines.entries()) doc.text(printable(line), x, top + place * step, { lineBreak: false })
}

function paragraph(doc: Doc, words: string, top: number): number {
  doc.text(printable(words), LEFT, top, { width: RIGHT - LEFT, lineGap: 2 })
  return doc.y + 8
}

function row(doc: Doc, head: string, cells: string[], y: number): number {
  const width = (RIGHT - LEFT - 120) / cells.length
  doc.text(printable(head).slice(0, 24), LEFT, y, { lineBreak: false })
  for (const [place, cell] of cells.entries()) right(doc, cell, LEFT + 120 + (place + 1) * width, y)
  return y + LINE + 2
}

function right(doc: Doc, words: string, x: number, y: number): void {
  const shown = printable(words)
  doc.text(shown, x - doc.widthOfString(shown), y, { lineBreak: false })
}

function rule(doc: Doc, x: number, y: number, width: number): void {
  doc.moveTo(x, y).lineTo(RIGHT, y).lineWidth(width).stroke()
}
