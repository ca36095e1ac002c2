import { sql } from 'drizzle-orm'
import type { Request, Response } from 'express'
import { rows } from '../db/db.ts'
import { NotFound } from '../errors.ts'
import { context } from '../web/context.ts'
import { view } from '../web/view.ts'

const COLUMNS = ['city', 'state', 'country', 'county']

/** What is in use for a field that is typed or picked [001-107, 001-108, 001-110, 001-111]: options for its list. */
export async function placesPage(req: Request, res: Response): Promise<void> {
  const column = COLUMNS.find((each) => each === req.query.of)
  if (!column) throw new NotFound('page')
  const found = await rows<{ value: string }>(
    context(res).db,
    sql`select ${sql.raw(column)} as value from customer where ${sql.raw(column)} <> '' group by 1 order by count(*) desc, 1 limit 100`,
  )
  view(req, res, 'customers/places', { title: 'In use', values: found.map(({ value }) => value) }, { block: 'main' })
}
