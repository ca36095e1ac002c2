import { sql } from 'drizzle-orm'
import type { Request, Response } from 'express'
import { tabPage } from '../accounts/inquiry.ts'
import { locationForm } from '../customers/forms.ts'
import { locations } from '../customers/locations.ts'
import { whoChanged } from '../customers/rows.ts'
import { one } from '../db/db.ts'
import { location } from '../db/tables/customers.ts'
import { Conflict, NotFound } from '../errors.ts'
import { PANEL } from '../panel/tabs.ts'
import { context } from '../web/context.ts'
import type { FeatureMaker } from '../web/deps.ts'
import { flash } from '../web/flash.ts'
import { refusedErrors } from '../web/refused.ts'
import { feature, param } from '../web/routes.ts'
import { tellChanges } from '../web/seen.ts'
import { goTo } from '../web/view.ts'
import { detailsTab, PLACE, PLACE_LISTS, type PlaceFacts, type PlaceLists } from './details-tab.ts'

/** Save of the Location tab. */
export const pages: FeatureMaker = () => {
  const made = feature('location-details')
  made.post('/panel/:number/location', 'customers.edit', (req, res) => save(req, res))
  return made
}

interface Asked {
  place: PlaceFacts
  lists: PlaceLists
}

async function askedOf(req: Request, res: Response): Promise<Asked> {
  const found = await one<Asked>(
    context(res).db,
    sql`select ${PLACE} as place, ${PLACE_LISTS} as lists from account a where a.number = ${param(req, 'number')}`,
  )
  if (!found) throw new NotFound('account')
  return found
}

async function save(req: Request, res: Response): Promise<void> {
  const asked = await askedOf(req, res)
  const options = { options: { ...asked.lists } }
  const again = (data: object, status: number) => tabPage(PANEL, detailsTab, { data, status })(req, res)
  const parsed = locationForm.parse(req.body, options)
  if (!parsed.ok) return again({ placeForm: parsed.view }, 422)
  try {
    await locations.change(context(res), { id: asked.place.id, version: parsed.data.version ?? 0 }, parsed.data)
    flash(req, `Saved. Location ${parsed.data.number}.`)
    goTo(req, res, `/panel/${encodeURIComponent(param(req, 'number'))}/location`)
  } catch (error) {
    if (error instanceof Conflict) return again(await told(req, res), 409)
    return again({ placeForm: locationForm.show(req.body as object, refusedErrors(error), options) }, 422)
  }
}

/** Somebody else was quicker: their changes, field by field, and the form to go on with. */
async function told(req: Request, res: Response): Promise<object> {
  const { place, lists } = await askedOf(req, res)
  const { form, theirs } = tellChanges(locationForm, req.body, place.values, { options: { ...lists } })
  return { placeForm: form, theirs, whoElse: await whoChanged(context(res).db, location, place.id) }
}
