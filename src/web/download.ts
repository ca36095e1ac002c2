import type { Response } from 'express'

/** A report as a file to save, look at and print; of its name letters, digits, points and hyphens stay. */
export function sendPdf(res: Response, name: string, bytes: Buffer): void {
  res.set('X-Content-Type-Options', 'nosniff')
  res
    .attachment(name.replace(/[^\w.-]/g, '_'))
    .type('application/pdf')
    .send(bytes)
}
