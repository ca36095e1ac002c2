import type { Response } from 'express'

/** A report: shown in the browser (Preview), or saved to be printed. */
export function sendPdf(res: Response, name: string, bytes: Buffer, save = false): void {
  res.set('Content-Disposition', `${save ? 'attachment' : 'inline'}; filename="${name.replace(/[^\w.-]/g, '_')}"`)
  res.set('X-Content-Type-Options', 'nosniff')
  res.type('application/pdf').send(bytes)
}
