import { and, eq, gt, sql } from 'drizzle-orm'
import type { Request, Response } from 'express'
import { z } from 'zod'
import type { Db } from '../db/db.ts'
import { formDraft } from '../db/tables/auth.ts'
import { fieldKeys, haveKeys } from '../secrets/keys.ts'
import { isProtectedName } from '../secrets/rules.ts'
import { openField, placeOf, sealField } from '../secrets/seal.ts'
import { readForm } from '../web/body.ts'
import { context } from '../web/context.ts'
import type { Deps } from '../web/deps.ts'
import { flash } from '../web/flash.ts'
import type { Feature } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { checkForgery } from './csrf.ts'
import { safeReturnTo } from './rules.ts'

const MINUTES = 15
const LARGEST = 64 * 1024
const HERE = '/me/draft'

// what asks for a password or changes who may sign in is never kept; protected values are typed again (S-36)
const NOT_KEPT = /^\/(me|sign-in|sign-out|setup|password|organization\/users)\b|\/show$/

const draft = z.object({
  path: z.string(),
  page: z.string(),
  fields: z.record(z.string(), z.array(z.string())),
  leftOut: z.boolean(),
})
type Draft = z.infer<typeof draft>

const place = (userId: number) => placeOf('user', String(userId), 'draft')

/**
 * A form came when its session had just ended: keeps it for a quarter of an hour, sealed, for the person who had signed in
 * with this browser (S-13). Where it waits; undefined when nothing was kept.
 */
export const keepDraft = (deps: Deps) => async (req: Request, res: Response) => {
  const userId = req.session?.signedIn
  if (req.method !== 'POST' || userId === undefined || !haveKeys() || NOT_KEPT.test(req.path)) return undefined
  try {
    await readForm(req, res, false)
    checkForgery(req)
    const sent = draftOf(req)
    if (!sent) return undefined
    await keep(deps.databases.app, userId, sent)
    return HERE
  } catch (error) {
    // the way to the sign-in page matters more than what was typed
    deps.log.warn({ err: error }, 'A form of an ended session was not kept.')
    return undefined
  }
}

function draftOf(req: Request): Draft | undefined {
  const sent = Object.entries(req.body as Record<string, string | string[]>).filter(([name]) => name !== '_csrf')
  const kept = sent.filter(([name]) => !isProtectedName(name))
  const shown = URL.parse(req.get('HX-Current-URL') ?? req.get('Referer') ?? '')
  const made: Draft = {
    path: req.originalUrl,
    page: safeReturnTo(shown ? shown.pathname + shown.search : '/'),
    fields: Object.fromEntries(kept.map(([name, value]) => [name, [value].flat()])),
    leftOut: kept.length < sent.length,
  }
  return kept.length > 0 && JSON.stringify(made).length <= LARGEST ? made : undefined
}

async function keep(db: Db, userId: number, made: Draft): Promise<void> {
  const sealed = sealField(fieldKeys(), place(userId), JSON.stringify(made))
  const values = { sealed, expiresAt: sql`now() + make_interval(mins => ${MINUTES})` }
  await db
    .insert(formDraft)
    .values({ userId, ...values })
    .onConflictDoUpdate({ target: formDraft.userId, set: values })
}

async function find(db: Db, userId: number): Promise<Draft | undefined> {
  const [row] = await db
    .select()
    .from(formDraft)
    .where(and(eq(formDraft.userId, userId), gt(formDraft.expiresAt, sql`now()`)))
  return row && draft.parse(JSON.parse(openField(fieldKeys(), place(userId), row.sealed)))
}

/** What was typed when the session ended: to be sent after all, or thrown away. */
export const draftPages = (pages: Feature, deps: Deps): Feature =>
  pages.get(HERE, 'signed-in', show(deps)).post(`${HERE}/discarding`, 'signed-in', discard(deps))

const show = (deps: Deps) => async (req: Request, res: Response) => {
  const found = await find(deps.databases.app, context(res).actor.id)
  if (!found || safeReturnTo(found.path) !== found.path) return goTo(req, res, '/')
  const fields = Object.entries(found.fields).map(([name, values]) => ({ name, label: inWords(name), values }))
  const data = { title: 'What you were sending', ...found, fields }
  view(req, res, 'auth/draft', { ...data, shown: fields.filter(isShown), minutes: MINUTES })
}

/** `serviceAddress` → `Service address`. */
const inWords = (name: string): string => {
  const words = name.replace(/[-_.]/g, ' ').replace(/([a-z])([A-Z\d])/g, '$1 $2')
  return words.charAt(0).toUpperCase() + words.slice(1).toLowerCase()
}

const isShown = ({ name, values }: { name: string; values: string[] }) =>
  !['seen', 'version', 'key', 'requestKey', 'requestId'].includes(name) && values.some((value) => value !== '')

const discard = (deps: Deps) => async (req: Request, res: Response) => {
  await deps.databases.app.delete(formDraft).where(eq(formDraft.userId, context(res).actor.id))
  flash(req, 'What you had typed is thrown away.')
  goTo(req, res, '/')
}
