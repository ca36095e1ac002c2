import type { Request } from 'express'
import { remembered } from '../auth/remembered.ts'

export interface Flash {
  kind: 'ok' | 'info' | 'warn' | 'bad'
  text: string
}

/** Says something on the next page: "Saved. Shutoff minimum balance is now 75.00." Stays until it is dismissed. */
export function flash(req: Request, text: string, kind: Flash['kind'] = 'ok'): void {
  if (req.session) req.session.flash = [...(req.session.flash ?? []), { kind, text }]
}

/** Takes what is to be said; it is said once. */
export function takeFlash(req: Request): Flash[] {
  const said = remembered(req).flash ?? []
  if (said.length > 0) delete req.session.flash
  return said
}
