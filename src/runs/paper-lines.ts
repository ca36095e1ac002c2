import { printable } from './printable.ts'

/** Lines of at most `width`: as they were written, broken between words, and inside a word that alone is wider. */
export function paperLines(doc: PDFKit.PDFDocument, written: string, width: number): string[] {
  const fits = (line: string) => doc.widthOfString(line) <= width
  return written.split(/\r?\n/).flatMap((line) => {
    const lines: string[] = []
    let current = ''
    for (const word of printable(line.trim())
      .split(/ +/)
      .flatMap((each) => pieces(each, fits))) {
      const longer = current === '' ? word : `${current} ${word}`
      if (fits(longer)) current = longer
      else {
        lines.push(current)
        current = word
      }
    }
    return [...lines, current]
  })
}

function pieces(word: string, fits: (line: string) => boolean): string[] {
  const found: string[] = []
  let rest = word
  while (!fits(rest) && rest.length > 1) {
    let length = rest.length - 1
    while (length > 1 && !fits(rest.slice(0, length))) length -= 1
    found.push(rest.slice(0, length))
    rest = rest.slice(length)
  }
  return [...found, rest]
}
