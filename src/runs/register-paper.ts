import PdfDocument from 'pdfkit'
import { pdfBytes } from '../files/pdf-bytes.ts'
import { moneyText } from '../web/format.ts'
import { paperLines } from './paper-lines.ts'
import { printable } from './printable.ts'

type Doc = PDFKit.PDFDocument

const PAGE = { width: 792, height: 612, margin: 36 }
const LEFT = PAGE.margin
const RIGHT = PAGE.width - PAGE.margin
const BOTTOM = PAGE.height - PAGE.margin - 12
const LINE = 11
const SIZE = 8
const AMOUNT = 68
const THIN = 0.7

/** Landscape letter pages with a head and a page number; text runs down them, amounts stand in columns at the right. */
export class Paper {
  readonly #town: string
  readonly #title: string
  readonly #most: number
  readonly #files: Promise<Buffer>[] = []
  #doc: Doc | undefined
  #pages = 0
  #y = 0
  #heading: { title: string; heads: string[] } | undefined

  /** A file has at most `most` pages; the next one goes on counting. */
  constructor(town: string, title: string, most: number) {
    this.#town = town
    this.#title = title
    this.#most = most
  }

  gap(): void {
    this.#y += LINE
  }

  /** A label and what stands for it, in as many lines and pages as that takes. */
  pair(label: string, value: string): void {
    put(this.#room(1), label, LEFT, this.#y, 150)
    this.#lines(value, LEFT + 160)
  }

  /** Column heads, repeated on every page until the next ones. */
  heading(heads: string[], title: string): void {
    this.#heading = undefined
    const doc = this.#room(4)
    this.#heading = { title, heads }
    this.#drawHeading(doc)
  }

  row(text: string, cells: string[]): void {
    const doc = this.#room(2)
    put(doc, text, LEFT, this.#y, RIGHT - LEFT - cells.length * AMOUNT - 8)
    amounts(doc, cells.map(shownAmount), this.#y)
    this.#y += LINE
  }

  note(text: string): void {
    put(this.#room(1), text, LEFT + 24, this.#y, RIGHT - LEFT - 24)
    this.#y += LINE
  }

  /** What somebody wrote, all of it, in as many lines and pages as it takes. */
  paragraph(text: string): void {
    this.#lines(text, LEFT + 24)
  }

  /** A total: one rule above it, two below. */
  total(text: string, cells: string[]): void {
    const doc = this.#room(2)
    const from = RIGHT - cells.length * AMOUNT
    rule(doc, from, this.#y - 1)
    doc.font('Helvetica-Bold')
    put(doc, text, LEFT, this.#y + 1, 300)
    amounts(doc, cells.map(shownAmount), this.#y + 1)
    doc.font('Helvetica')
    rule(doc, from, this.#y + LINE)
    rule(doc, from, this.#y + LINE + 2)
    this.#y += 2 * LINE
  }

  end(): Promise<Buffer[]> {
    this.#room(1).end()
    return Promise.all(this.#files)
  }

  #lines(text: string, x: number): void {
    for (const line of paperLines(this.#room(1), text, RIGHT - x)) {
      put(this.#room(1), line, x, this.#y, RIGHT - x)
      this.#y += LINE
    }
  }

  #room(lines: number): Doc {
    return this.#doc && this.#y + lines * LINE <= BOTTOM ? this.#doc : this.#page()
  }

  #page(): Doc {
    const full = this.#pages % this.#most === 0
    if (full) this.#doc?.end()
    const doc = this.#doc && !full ? this.#doc : this.#file()
    doc.addPage({ size: [PAGE.width, PAGE.height], margin: 0 })
    this.#pages += 1
    doc.font('Helvetica-Bold').fontSize(11)
    put(doc, this.#town, LEFT, PAGE.margin, 300)
    put(doc, this.#title, LEFT + 300, PAGE.margin, 330)
    doc.font('Helvetica').fontSize(SIZE)
    right(doc, `Page ${this.#pages}`, RIGHT, PAGE.margin + 2)
    this.#y = PAGE.margin + 2 * LINE
    if (this.#heading) this.#drawHeading(doc)
    return doc
  }

  #file(): Doc {
    const doc = new PdfDocument({
      autoFirstPage: false,
      margin: 0,
      info: { Title: this.#title, Producer: 'Clerkwell' },
    })
    this.#files.push(pdfBytes(doc))
    this.#doc = doc
    return doc
  }

  #drawHeading(doc: Doc): void {
    doc.font('Helvetica-Bold')
    put(doc, this.#heading?.title ?? '', LEFT, this.#y, 300)
    amounts(doc, this.#heading?.heads ?? [], this.#y)
    doc.font('Helvetica')
    this.#y += LINE
    rule(doc, LEFT, this.#y - 2)
    this.#y += 3
  }
}

const shownAmount = (cell: string): string => (cell === '' ? '' : moneyText(cell))

/** Text that fits, cut with dots where it does not. */
function put(doc: Doc, text: string, x: number, y: number, width: number): void {
  let shown = printable(text)
  if (doc.widthOfString(shown) > width) {
    while (shown.length > 1 && doc.widthOfString(`${shown}...`) > width) shown = shown.slice(0, -1)
    shown = `${shown}...`
  }
  if (shown !== '') doc.text(shown, x, y, { lineBreak: false })
}

function right(doc: Doc, text: string, x: number, y: number): void {
  if (text !== '') doc.text(printable(text), x - doc.widthOfString(printable(text)), y, { lineBreak: false })
}

function amounts(doc: Doc, cells: string[], y: number): void {
  for (const [at, cell] of cells.entries()) right(doc, cell, RIGHT - (cells.length - 1 - at) * AMOUNT, y)
}

function rule(doc: Doc, x: number, y: number): void {
  doc.moveTo(x, y).lineTo(RIGHT, y).lineWidth(THIN).stroke()
}
