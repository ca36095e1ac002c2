import type { Response } from 'express'

/** A report, as a file to look at and to print. */
export function sendPdf(res: Response, name: string, bytes: Buffer): void {
  res.set('Content-Disposition', `attachment; filename="${name.replace(/[^\w.-]/g, '_')}"`)
  res.set('X-Content-Type-Options', 'nosniff')
  res.type('application/pdf').send(bytes)
}
