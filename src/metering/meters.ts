import { sql } from 'drizzle-orm'
import type { RecordKind } from '../customers/record.ts'
import { changeRow, removeRow, type Sentences } from '../customers/rows.ts'
import { type Db, one, rows } from '../db/db.ts'
import { meter } from '../db/tables/rates.ts'
import { Refused } from '../errors.ts'
import type { FormData, Option } from '../web/form.ts'
import { factsOf, meterForm } from './forms.ts'
import { addMeter } from './installations.ts'
import { registerText, spansOf } from './rules.ts'
import { isBilled, listMeters, meterNumbered, placesOf } from './store.ts'

const TAKEN: Sentences = { meter_number_unique: ['number', 'This meter number is taken.'] }

/** The metered services, by code. */
export const meteredServices = (db: Db): Promise<Option[]> =>
  rows<Option>(
    db,
    sql`select code as value, code || ' ' || name as label from service where kind = 'metered' order by sort, code`,
  )

/** Meter Reading > Meters: every meter of the town, in stock or installed. */
export const meters: RecordKind<FormData<typeof meterForm>> = {
  path: '/meters',
  noun: 'meter',
  table: meter,
  title: 'Meters',
  menu: 'Meter Reading > Meters',
  needs: { view: 'meters.view', edit: 'meters.edit' },
  listTemplate: 'metering/meters',
  formTemplate: 'metering/meter',
  form: () => meterForm,
  options: async ({ db }) => ({ options: { service: await meteredServices(db) } }),
  initial: async () => ({ multiplier: '1' }),
  find: async ({ db }, number) => {
    const found = await meterNumbered(db, number)
    return found && { id: found.id, number, version: found.version, values: found }
  },
  list: async ({ db }, query, limit, offset) => {
    const found = await listMeters(db, query, limit, offset)
    const shown = found.rows.map((each) => ({
      ...each,
      shows: each.reading === null ? '' : registerText(each.reading, each.dials),
    }))
    return { rows: shown, total: found.total }
  },
  add: async ({ db, actor }, { number, service, ...data }) => {
    await addMeter(db, actor.id, { number, service, ...factsOf(data) })
  },
  change: async ({ db, actor }, at, { number, service, ...data }) => {
    const now = await serviceRow(db, at.id, service)
    if (number !== now.number && (await isBilled(db, now.number)))
      throw say('number', 'A posted bill names this meter: it keeps its number.')
    await changeRow(db, meter, at, { number, serviceId: now.id, ...factsOf(data) }, actor.id, TAKEN)
  },
  remove: ({ db, actor }, at) =>
    removeRow(db, meter, at, actor.id, 'This meter was read or moved: it stays. Remove it from its location instead.'),
  more: async ({ db }, { id }) => ({ places: (await placesOf(db, id)).map(shownPlace) }),
}

const say = (field: string, sentence: string) => new Refused(field, sentence, { [field]: sentence })

/** The service's id and the meter's number. A meter that was read keeps its service: its usage was billed there. */
async function serviceRow(db: Db, meterId: number, code: string): Promise<{ id: number; number: string }> {
  const row = await one<{ id: number; number: string; same: boolean; read: boolean }>(
    db,
    sql`select s.id, m.number, s.id = m.service_id as same, exists (select from reading r where r.meter_id = m.id) as read
      from service s, meter m where s.code = ${code} and m.id = ${meterId}`,
  )
  if (!row || (row.read && !row.same)) throw say('service', 'This meter was read for its service: it keeps it.')
  return row
}

/** An installation with its readings, newest first. */
export function shownPlace<P extends Awaited<ReturnType<typeof placesOf>>[number]>(place: P) {
  const spans = spansOf(place, place.reads, place.moved)
  return {
    location: place.location,
    address: place.address,
    installDate: place.installDate,
    installRead: place.installRead === null ? '' : registerText(place.installRead, place.dials),
    removeDate: place.removeDate,
    reads: spans
      .map(({ to, usage, days }) => ({
        date: to.date,
        shows: registerText(to.reading, place.dials),
        kind: to.kind,
        usage: usage?.toFixed() ?? '',
        days,
      }))
      .reverse(),
  }
}
