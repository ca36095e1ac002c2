import { z } from 'zod'
import type { Db } from '../db/db.ts'
import { Refused } from '../errors.ts'
import { asText, type Values } from '../tables/merge.ts'
import { listRows, saveRow, valuesOf } from '../tables/service.ts'
import type { Row } from '../tables/table.ts'
import { services } from './services.ts'

const shape = z.array(z.looseObject({ code: z.string().max(20) })).max(500)

/** Changes the services that a JSON body names by their code, field by field; refuses an unknown code or field. */
export async function saveServices(db: Db, body: unknown, by: number): Promise<void> {
  const read = shape.safeParse(body)
  if (!read.success) throw refused('Send services as a list, each with its code.')
  const stored = await listRows(db, services)
  for (const change of read.data) {
    const row = stored.find((each) => each.code === change.code)
    if (!row) throw refused(`There is no service ${change.code}.`)
    await saveOne(db, row, change, by)
  }
}

async function saveOne(db: Db, row: Row, change: Record<string, unknown>, by: number): Promise<void> {
  const now = valuesOf(services, row)
  const wanted: Values = {
    ...now,
    ...Object.fromEntries(Object.entries(change).map(([name, value]) => [name, asText(value)])),
  }
  const unknown = Object.keys(wanted).find((name) => !Object.hasOwn(now, name))
  if (unknown) throw refused(`A service has no field ${unknown}.`)
  if (Object.keys(now).every((name) => wanted[name] === now[name])) return
  const typed = Object.entries(wanted).filter(([name, value]) => value !== '' || typeof row[name] !== 'boolean')
  const parsed = services.form.parse(Object.fromEntries(typed))
  if (!parsed.ok) throw refused(`${row.code}: ${parsed.view.summary[0]?.text ?? 'This does not fit.'}`)
  await saveRow(db, services, { id: row.id, data: parsed.data, by })
}

const refused = (says: string): Refused => new Refused('service_refused', says, { services: says })
