import { type SQL, sql } from 'drizzle-orm'
import { type AccountRow, type Asking, type Tab, type TabQuery, tab } from '../accounts/tab.ts'
import type { Permission } from '../auth/permissions.ts'
import type { Day } from '../ledger/calendar.ts'
import { activeText, statusOf } from './rules.ts'

/** An inner tab of Location. Its template extends `locations/place.njk` and fills the block `inner`. */
export interface PlaceTab<Raw> {
  /** The piece of the address after `location/`; empty for the one that opens first. */
  path: string
  label: string
  need: Permission
  template: string
  sql(asked: Asking): SQL
  present(raw: Raw, asked: TabQuery, account: AccountRow): object
  count?: SQL
}

interface ServiceRow {
  code: string
  name: string
  rate: string | null
  connectDate: Day | null
  disconnectDate: Day | null
  active: boolean
  metered: boolean
}

interface NoteRow {
  subject: string
  text: string | null
  created: Day
  by: string | null
}

interface Framed<Raw> {
  own: Raw
  services: ServiceRow[]
  notes: NoteRow[]
}

const SERVICES = sql`(select coalesce(json_agg(json_build_object('code', s.code, 'name', s.name, 'rate', x.rate, 'connectDate', x.connect_date,
    'disconnectDate', x.disconnect_date, 'active', s.active, 'metered', s.kind = 'metered') order by s.sort, s.code), '[]')
  from account_service x join service s on s.id = x.service_id where x.account_id = a.id)`

const NOTES = sql`(select coalesce(json_agg(json_build_object('subject', o.subject, 'text', o.text, 'created', o.created,
    'by', (select u.name from app_user u where u.id = o.changed_by and u.id <> 0)) order by o.created desc, o.id desc), '[]')
  from note o where o.level = 'location' and o.location_id = a.location_id)`

/** A tab inside Location, with the location's Message Center beside it and its Service Details below [001-286]. */
export const placeTab = <Raw>({ path, label, need, template, ...declared }: PlaceTab<Raw>): Tab =>
  tab<Framed<Raw>>({
    path: path === '' ? 'location' : `location/${path}`,
    label,
    need,
    template,
    inside: 'location',
    sql: (asked) => sql`json_build_object('own', ${declared.sql(asked)}, 'services', ${SERVICES}, 'notes', ${NOTES})`,
    present: (account, raw, asked) => ({
      ...declared.present(raw.own, asked, account),
      mayEdit: asked.may('customers.edit') && asked.asOf === undefined,
      mayRead: asked.may('meters.edit') && asked.asOf === undefined,
      grid: raw.services.map((each) => gridRow(each, account, asked.asOf ?? asked.today)),
      placeNotes: raw.notes,
    }),
    ...(declared.count ? { count: declared.count } : {}),
  })

/** A line of the Service Grid: Rate, Stat, Date On, Balance, Active [001-324 to 001-329]. */
function gridRow(row: ServiceRow, account: AccountRow, day: Day) {
  const balance = account.services.find(({ code }) => code === row.code)?.balance ?? '0.00'
  return { ...row, balance, stat: statusOf(row, day), active: activeText(row, day) }
}
