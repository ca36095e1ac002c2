import { sql } from 'drizzle-orm'
import type { Request, Response } from 'express'
import { noteForm } from '../customers/forms.ts'
import { addRow, choices } from '../customers/rows.ts'
import { one } from '../db/db.ts'
import { note } from '../db/tables/customers.ts'
import { NotFound } from '../errors.ts'
import { context } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import type { FormView } from '../web/form.ts'
import { param } from '../web/routes.ts'
import { goTo, view } from '../web/view.ts'
import { baseOf } from './inquiry.ts'

export async function newNote(req: Request, res: Response): Promise<void> {
  const options = await lists(req, res)
  const types = options.options.noteTypeId
  show(req, res, noteForm.show({ level: 'account', noteTypeId: types[0]?.value, messageCenter: true }, {}, options))
}

/** Adds a note; without a subject the beginning of its text becomes one [001]. */
export async function addNote(req: Request, res: Response): Promise<void> {
  const { db, actor, today } = context(res)
  const options = await lists(req, res)
  const parsed = noteForm.parse(req.body, options)
  if (!parsed.ok) return show(req, res, parsed.view, 422)
  const { level, subject, text, ...data } = parsed.data
  const number = param(req, 'number')
  const at = await one<{ customer: number; location: number }>(
    db,
    sql`select customer_id as customer, location_id as location from account where number = ${number}`,
  )
  if (!at) throw new NotFound('account')
  const place = {
    customerId: level === 'location' ? null : at.customer,
    locationId: level === 'customer' ? null : at.location,
  }
  const row = { level, ...place, ...data, subject: subject || beginning(text), text, created: today }
  await addRow(db, note, row, actor.id, {})
  flash(req, 'The note is added.')
  goTo(req, res, `${baseOf(number)}/notes`)
}

const beginning = (text: string): string => (text.split('\n')[0] ?? '').slice(0, 100)

async function lists(req: Request, res: Response) {
  const { db } = context(res)
  const found = await one(db, sql`select 1 from account where number = ${param(req, 'number')}`)
  if (!found) throw new NotFound('account')
  return { options: { noteTypeId: await choices(db, sql`note_type`) } }
}

function show(req: Request, res: Response, form: FormView, status = 200): void {
  const number = param(req, 'number')
  const base = baseOf(number)
  const crumbs = [{ label: number, href: `${base}/notes` }]
  view(req, res, 'accounts/note', { title: `Add note to ${number}`, crumbs, form, action: `${base}/notes` }, { status })
}
