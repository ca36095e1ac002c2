import PdfDocument from 'pdfkit'
import { pdfBytes } from '../files/pdf-bytes.ts'
import { formatDay } from '../ledger/calendar.ts'
import { printable } from '../runs/printable.ts'
import { moneyText } from '../web/format.ts'
import type { ReceiptRow } from './store.ts'

export interface ReceiptPaper {
  /** The letterhead by the names of its settings. */
  town: Record<string, string>
  receipt: ReceiptRow
}

/** The lines of a receipt: words, and the amount beside them. */
function linesOf({ town, receipt }: ReceiptPaper): { words: string; amount?: string }[] {
  const place = [town.city, town.state, town.zip].filter(Boolean).join(' ')
  return [
    ...[town.name, town.address_line_1, town.address_line_2, place, town.phone]
      .filter(Boolean)
      .map((words) => ({ words: words ?? '' })),
    { words: '' },
    { words: `Receipt ${receipt.number} of ${formatDay(receipt.date)}`, amount: receipt.total },
    ...receipt.lines.flatMap((line) => [
      { words: '' },
      { words: `${line.name}, account ${line.account}, ${line.address}` },
      ...stateOf(line).map((words) => ({ words })),
      ...line.shares.map(({ service, amount }) => ({ words: `  ${service || 'On account'}`, amount })),
      { words: line.description, amount: line.amount },
    ]),
    { words: '' },
    ...receipt.tenders.map(({ name, method, amount, reference }) => ({
      words: [name ?? method, reference ?? ''].filter(Boolean).join(' '),
      amount,
    })),
    { words: '' },
    { words: 'Thank you.' },
  ]
}

function stateOf({ reversedBy, reversedType, unposted }: ReceiptRow['lines'][number]): string[] {
  if (reversedBy) return [reversedType === 'NSF' ? 'NSF: returned by the bank' : `Void: reversed by ${reversedBy}`]
  return unposted === 'void' ? ['Void'] : []
}

const WIDTH = 60

/** The receipt as plain text, amounts at the right. */
export function receiptText(paper: ReceiptPaper): string {
  const line = ({ words, amount }: { words: string; amount?: string }) => {
    const shown = amount === undefined ? '' : moneyText(amount)
    return shown === '' ? words : `${`${words} `.padEnd(WIDTH - shown.length)}${shown}`
  }
  return `${linesOf(paper).map(line).join('\n')}\n`
}

/** The receipt as PDF. */
export function receiptPdf(paper: ReceiptPaper): Promise<Buffer> {
  const doc = new PdfDocument({
    size: 'LETTER',
    margin: 54,
    info: { Title: `Receipt ${paper.receipt.number}`, Producer: 'Clerkwell' },
  })
  const bytes = pdfBytes(doc)
  doc.font('Helvetica').fontSize(10)
  let y = 54
  for (const { words, amount } of linesOf(paper)) {
    if (y > 730) {
      doc.addPage()
      y = 54
    }
    doc.text(printable(words), 54, y, { lineBreak: false })
    const shown = amount === undefined ? '' : moneyText(amount)
    doc.text(shown, 558 - doc.widthOfString(shown), y, { lineBreak: false })
    y += 15
  }
  doc.end()
  return bytes
}
