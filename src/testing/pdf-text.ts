import { inflateSync } from 'node:zlib'

/** The text of a PDF by pdfkit: the strings of its inflated content streams, a line each. */
export function pdfText(pdf: Buffer): string {
  const streams = [...pdf.toString('latin1').matchAll(/stream\n([\s\S]*?)\nendstream/g)].map((found) =>
    Buffer.from(found[1] ?? '', 'latin1'),
  )
  return streams
    .map(inflated)
    .join('\n')
    .replace(/\[([^\]]*)\] TJ/g, (_, parts: string) =>
      [...parts.matchAll(/<([0-9a-f]*)>/g)].map((hex) => Buffer.from(hex[1] ?? '', 'hex').toString('latin1')).join(''),
    )
}

function inflated(stream: Buffer): string {
  try {
    return inflateSync(stream).toString('latin1')
  } catch {
    return ''
  }
}
