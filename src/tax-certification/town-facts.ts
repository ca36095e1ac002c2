import { sql } from 'drizzle-orm'
import { type Db, one } from '../db/db.ts'
import { Refused } from '../errors.ts'
import { type Day, formatDay, periodOf } from '../ledger/calendar.ts'
import type { GlSetting } from '../ledger/other-side.ts'
import { type Settings, settings } from '../organization/settings.ts'

export interface TownService {
  id: number
  code: string
  name: string
  sort: number
  subject: boolean
  periods: number
  /** GL account's id. */
  receivableGl: number | null
}

/** What a certification run asks of the town as a whole. */
export interface TownFacts {
  settings: Settings
  services: TownService[]
  byId: Map<number, TownService>
  periods: Day[]
  closed: Day[]
  /** GL number → id. */
  gl: Record<string, number>
}

type Raw = Pick<TownFacts, 'services' | 'periods' | 'closed' | 'gl'>

export async function townFacts(db: Db): Promise<TownFacts> {
  const reading = one<{ facts: Raw }>(
    db,
    sql`select jsonb_build_object(
    'services', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'code', code, 'name', name, 'sort', sort,
      'subject', subject_to_certification, 'periods', certification_periods, 'receivableGl', receivable_gl) order by sort, code), '[]')
      from service where id <> 0),
    'periods', (select coalesce(jsonb_agg(end_date order by end_date), '[]') from ledger.period where end_date <> 'infinity'),
    'closed', (select coalesce(jsonb_agg(end_date order by end_date), '[]') from ledger.period where end_date <> 'infinity' and closed_at is not null),
    'gl', (select coalesce(jsonb_object_agg(number, id), '{}') from gl_account)) as facts`,
  )
  const [row, set] = await Promise.all([reading, settings(db)])
  if (!row) throw new Error('no town')
  const byId = new Map(row.facts.services.map((service) => [service.id, service]))
  return { ...row.facts, byId, settings: set }
}

const SETTINGS = {
  cash_gl: 'cashGl',
  certification_receivable_gl: 'certificationReceivableGl',
  certification_fee_gl: 'certificationFeeGl',
} as const

type Needed = keyof typeof SETTINGS & GlSetting

/** The id of a GL account that a setting names, or undefined when it is not set. */
export function glId(town: Pick<TownFacts, 'settings' | 'gl'>, setting: Needed): number | undefined {
  return town.gl[town.settings[SETTINGS[setting]] ?? '']
}

/** The same where it is needed: refuses by name what is not set. */
export function needGl(town: Pick<TownFacts, 'settings' | 'gl'>, setting: Needed): number {
  const id = glId(town, setting)
  if (id !== undefined) return id
  throw new Refused(
    'setting_missing',
    `The setting ${setting} names no GL account. Set it under Organization > Organization.`,
    {
      [setting]: 'This GL account is needed.',
    },
  )
}

/** The receivable of a service; refuses a service without one. */
export function receivableOf(service: TownService): number {
  if (service.receivableGl !== null) return service.receivableGl
  throw new Refused('setting_missing', `The service ${service.code} has no receivable GL account (receivable_gl).`)
}

/** The period a date posts in; refuses one that is closed. */
export function openPeriod(town: Pick<TownFacts, 'periods' | 'closed'>, date: Day): Day {
  const period = periodOf(date, town.periods)
  if (!town.closed.includes(period)) return period
  const sentence = `The period ending ${formatDay(period)} is closed. Choose a date in an open period.`
  throw new Refused('period_closed', sentence, { date: sentence })
}
