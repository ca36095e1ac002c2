import { timingSafeEqual } from 'node:crypto'
import { csrfSync } from 'csrf-sync'
import type { Request } from 'express'
import { Forbidden } from '../errors.ts'
import { remembered } from './remembered.ts'

const stored = (req: Request): string | null => req.session?.csrfToken ?? null

const tokens = csrfSync({
  size: 32,
  getTokenFromState: stored,
  storeTokenInState: (req, token) => {
    if (typeof token === 'string') req.session.csrfToken = token
  },
})

/** The token of this browser, for the form's hidden field and for htmx's header. Made when it is first asked for. */
export function csrfToken(req: Request): string {
  return remembered(req).csrfToken ?? (req.session ? tokens.generateToken(req) : '')
}

function sentToken(req: Request): string {
  const field = (req.body as Record<string, unknown> | undefined)?._csrf
  return req.get('X-CSRF-Token') ?? (typeof field === 'string' ? field : '')
}

function equal(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}

/** A browser says where a form came from; what is no browser says nothing and has the token to show. */
function fromHere(req: Request): boolean {
  const site = req.get('Sec-Fetch-Site')
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  const origin = req.get('Origin')
  if (origin === undefined) return true
  return URL.canParse(origin) && new URL(origin).host === req.host
}

/** Refuses a change that did not come from one of our own pages: wrong origin, or a token that is not this session's (S-15). */
export function checkForgery(req: Request): void {
  const expected = stored(req)
  if (!fromHere(req) || expected === null || !equal(sentToken(req), expected)) throw new Forbidden('form.token')
}
