import { and, eq, gt, sql } from 'drizzle-orm'
import type { Request, Response } from 'express'
import { recordEvent } from '../audit/service.ts'
import type { Db } from '../db/db.ts'
import { audit } from '../db/tables/audit.ts'
import { NotFound, Refused } from '../errors.ts'
import { Unreadable } from '../secrets/seal.ts'
import { type Context, context } from '../web/context.ts'
import type { Deps } from '../web/deps.ts'
import type { FormView } from '../web/form.ts'
import { refusedErrors } from '../web/refused.ts'
import type { Feature, Need } from '../web/routes.ts'
import { type ViewOptions, view } from '../web/view.ts'
import { hasFactor } from './factor.ts'
import { showForm } from './factor-forms.ts'
import { proveIdentity } from './proof.ts'

const SHOWN_SECONDS = 60
const SHOWN_IN_AN_HOUR = 10

/** The record of a protected field, as the person may see it. */
export interface ProtectedRecord {
  /** Its own number, for the audit trail: `1042`. */
  key: string
  /** What the page is about: `1042 Birch, Ann`. */
  title: string
  /** What stands on the page instead of the value; empty = nothing is stored, and there is nothing to show. */
  mask: string
  /** The page to go back to. */
  back: string
  /** The id of the customer it belongs to, so that the audit row of a private customer is private. */
  customerId?: number
}

/** A protected field that is shown with the password (S-37). Declared once by the feature it belongs to. */
export interface ProtectedField<R extends ProtectedRecord = ProtectedRecord> {
  /** 'Social Security No.' */
  label: string
  /** '/customers/:number/ssn'; the door stands at `…/show`. */
  path: string
  need: Need
  /** For the audit trail: 'customer' and 'ssn'. */
  subject: string
  field: string
  /** The record of the request. Throws NotFound for one that is absent or hidden. */
  find(req: Request, res: Response): Promise<R>
  /** The value itself. Called only when the audit row is committed. */
  read(record: R, req: Request, res: Response): Promise<string>
}

/**
 * Adds the door of a protected field to a feature: GET `…/show` asks for password, code and reason; POST `…/show` answers the
 * value, alone, for 60 seconds; GET `…/mask` takes it away again. Ten an hour for each person.
 */
export const protectedField = <R extends ProtectedRecord>(pages: Feature, deps: Deps, field: ProtectedField<R>) =>
  pages
    .get(`${field.path}/show`, field.need, async (req, res) => {
      const record = await recordOf(field, req, res)
      await door(field, record, req, res, showForm.show())
    })
    .post(`${field.path}/show`, field.need, reveal(deps, field))
    .get(`${field.path}/mask`, field.need, (req, res) => view(req, res, 'auth/show', NOTHING, { block: 'mask' }), {
      passive: true,
    })

type Named = Pick<ProtectedField, 'label' | 'subject' | 'field'>

const NOTHING = { title: 'Hidden again', state: 'hidden' }

async function recordOf<R extends ProtectedRecord>(field: ProtectedField<R>, req: Request, res: Response): Promise<R> {
  const record = await field.find(req, res)
  if (record.mask === '') throw new NotFound('value')
  return record
}

/** The dialog stands over a page that may have fields of the same names: its own have ids of their own. */
const apart = (form: FormView): FormView => ({
  fields: [],
  by: Object.fromEntries(Object.entries(form.by).map(([name, field]) => [name, { ...field, id: `show-${name}` }])),
  summary: form.summary.map((line) => ({ ...line, id: line.name === '' ? '' : `show-${line.name}` })),
})

async function door(
  field: Named,
  record: ProtectedRecord,
  req: Request,
  res: Response,
  form: FormView,
  options: ViewOptions = {},
) {
  const { db, actor } = context(res)
  const factor = await hasFactor(db, actor.id)
  const asked = { form: apart(form), factor, action: req.path }
  const data = { title: field.label, state: 'door', label: field.label, record, ...asked }
  view(req, res, 'auth/show', data, { block: 'dialog', ...options })
}

const reveal =
  <R extends ProtectedRecord>(deps: Deps, field: ProtectedField<R>) =>
  async (req: Request, res: Response) => {
    const record = await recordOf(field, req, res)
    const parsed = showForm.parse(req.body)
    if (!parsed.ok) return door(field, record, req, res, parsed.view, { status: 422 })
    const { password, code, reason } = parsed.data
    const ctx = context(res)
    try {
      await proveIdentity(deps.databases.app, ctx.actor.id, { password, code }, ctx.address)
      if (await isTooMuch(deps, ctx, field, record, reason)) return tooMuch(field, record, req, res)
    } catch (error) {
      if (!(error instanceof Refused)) return notRecorded(deps, req, res, error)
      return door(field, record, req, res, showForm.show({ reason }, refusedErrors(error)), { status: 422 })
    }
    const value = await field.read(record, req, res).catch((error: unknown) => {
      if (error instanceof Unreadable) throw new Refused('unreadable', `The value cannot be read: ${error.message}.`)
      throw error
    })
    res.set('Refresh', `${SHOWN_SECONDS}; url=${record.back}`)
    const data = { title: field.label, state: 'shown', label: field.label, record, value, seconds: SHOWN_SECONDS }
    view(req, res, 'auth/show', { ...data, hide: req.path.replace(/show$/, 'mask') }, { block: 'dialog' })
  }

/** Writes down who looks at what, and why, before anything is read; true = the hour is used up, and that is written down. */
async function isTooMuch(deps: Deps, ctx: Context, field: Named, record: ProtectedRecord, reason: string) {
  const event = {
    actor: ctx.actor.id,
    subject: field.subject,
    subjectKey: record.key,
    ...(record.customerId === undefined ? {} : { customerId: record.customerId }),
    new: { field: field.field },
    reason,
    address: ctx.address,
  }
  const seen = await ctx.db.transaction(async (tx) => {
    const inside = tx as unknown as Db
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`show ${ctx.actor.id}`}, 0))`)
    const count = await shownInAnHour(inside, ctx.actor.id)
    await recordEvent(inside, { ...event, action: count < SHOWN_IN_AN_HOUR ? 'show' : 'show refused' })
    return count
  })
  if (seen < SHOWN_IN_AN_HOUR) return false
  deps.log.warn({ user: ctx.actor.name, seen, field: field.field }, 'Somebody looks at many protected values.')
  return true
}

const shownInAnHour = (db: Db, actor: number): Promise<number> =>
  db.$count(audit, and(gt(audit.at, sql`now() - interval '1 hour'`), eq(audit.actor, actor), eq(audit.action, 'show')))

function tooMuch(field: Named, record: ProtectedRecord, req: Request, res: Response) {
  const says = `You have looked at ${SHOWN_IN_AN_HOUR} protected values within an hour; that is the most. It has been written down.`
  // htmx shows an answer of 422 where it asked, and nothing of a 429
  const status = req.get('HX-Request') === 'true' ? 422 : 429
  return door(field, record, req, res, showForm.show({}, { '': says }), { status })
}

/** No audit row, no value: nothing was shown, and the page says so. */
function notRecorded(deps: Deps, req: Request, res: Response, error: unknown): void {
  deps.log.error({ err: error, id: req.id }, 'A protected value was not shown: the audit row could not be written.')
  const detail = 'The audit trail cannot be written, so the value is not shown. Try again in a minute.'
  view(req, res, 'errors/error', { title: 'Not shown', detail, id: String(req.id) }, { status: 503 })
}
