import { sql } from 'drizzle-orm'
import type { Request, Response } from 'express'
import { tabPage } from '../accounts/inquiry.ts'
import type { Tab } from '../accounts/tab.ts'
import { addRow, changeRow, removeRow } from '../customers/rows.ts'
import { type Db, rows } from '../db/db.ts'
import { customValue } from '../db/tables/extras.ts'
import { HOLDERS, type Holder, heldAt, holderColumn, kindOf } from '../panel/holder.ts'
import { placeOf } from '../panel/record-service.ts'
import type { Place } from '../panel/records.ts'
import { PANEL } from '../panel/tabs.ts'
import { context } from '../web/context.ts'
import type { FeatureMaker } from '../web/deps.ts'
import { flash } from '../web/flash.ts'
import { feature, param } from '../web/routes.ts'
import { tellChanges } from '../web/seen.ts'
import { goTo } from '../web/view.ts'
import { customForm, type Defined, keptText } from './form.ts'
import { customerCustomFields, locationCustomFields } from './tab.ts'

const TABS: Record<Holder, Tab> = { ...customerCustomFields, location: locationCustomFields }

/** Save of the Custom Fields, of the customer, the owner and the location. */
export const pages: FeatureMaker = () => {
  const made = feature('custom-fields')
  for (const holder of HOLDERS) {
    made.post(`/panel/:number/${holder}/custom-fields`, 'customers.edit', (req, res) => save(holder, req, res))
  }
  return made
}

async function save(holder: Holder, req: Request, res: Response): Promise<void> {
  const { db, actor } = context(res)
  const place = await placeOf(db, param(req, 'number'), `${holder}/custom-fields`)
  const defined = await rows<Defined>(
    db,
    sql`select id, name, kind, choices, required from custom_field where holder = ${kindOf(holder)} order by sort, code`,
  )
  const form = customForm(defined)
  const again = (data: object, status: number) => tabPage(PANEL, TABS[holder], { data, status })(req, res)
  const parsed = form.parse(req.body)
  if (!parsed.ok) return again({ custom: parsed.view }, 422)
  const kept = await valuesOf(db, holder, place)
  const stored = Object.fromEntries(kept.map(({ field, value }) => [`f${field}`, value]))
  const { form: merged, theirs } = tellChanges(form, req.body, stored)
  if (theirs.length > 0) return again({ custom: merged, theirs }, 409)
  const typed = Object.fromEntries(defined.map(({ id, kind }) => [id, keptText(kind, parsed.data[`f${id}`])]))
  await db.transaction((tx) => keep(tx, { holder, place, kept }, typed, actor.id))
  flash(req, 'The custom fields are saved.')
  goTo(req, res, place.at)
}

interface Value {
  id: number
  version: number
  field: number
  value: string
}

const valuesOf = (db: Db, holder: Holder, place: Place): Promise<Value[]> =>
  rows<Value>(
    db,
    sql`select o.id, o.version, o.custom_field_id as field, o.value from custom_value o where ${heldAt(holder, place)}`,
  )

/** Adds, changes and takes away values; those that stay as they are are not touched, so that audit says what changed. */
async function keep(
  db: Db,
  { holder, place, kept }: { holder: Holder; place: Place; kept: readonly Value[] },
  typed: Record<string, string>,
  by: number,
): Promise<void> {
  for (const [field, value] of Object.entries(typed)) {
    const known = kept.find((each) => String(each.field) === field)
    if (known?.value === value || (!known && value === '')) continue
    if (!known)
      await addRow(db, customValue, { ...holderColumn(holder, place), customFieldId: Number(field), value }, by, {})
    else if (value === '') await removeRow(db, customValue, known, by, '')
    else await changeRow(db, customValue, known, { value }, by, {})
  }
}
