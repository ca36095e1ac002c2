import { sql } from 'drizzle-orm'
import { type Db, rows } from '../db/db.ts'
import type { Day } from '../ledger/calendar.ts'
import type { GlSetting } from '../ledger/other-side.ts'
import type { AllocationLists } from '../organization/rules.ts'
import { SetUpRows } from './set-up-rows.ts'

export interface ServiceInfo {
  id: number
  code: string
  receivableGl: string | null
  revenueGl: string | null
}

export interface AccountInfo {
  id: number
  number: string
}

/** The town as it will be: what is there already and what the set-up files bring. The ledger's lines are read against it. */
export interface Picture {
  actor: number
  today: Day
  /** Table → code or number (or the file's whole key) → id. */
  ids: Map<string, Map<string, number>>
  gl: Map<string, { id: number; type: string }>
  services: Map<string, ServiceInfo>
  /** Payment method → GL number, null = the organization's cash. */
  methods: Map<string, string | null>
  /** Setting → value and the line that set it (0 = it was there). */
  settings: Map<string, { value: string; line: number }>
  customers: Map<string, { status: string }>
  accounts: Map<string, AccountInfo>
  /** The lists of payment_allocation.csv, and the line of each service's last place in them. */
  allocation: { lists: AllocationLists; lines: Map<string, number> }
  /** Where the file gives a service or a payment method its GL account. */
  places: Map<string, { file: string; line: number; column: string }>
  /** Listed periods, and whether the file marks them closed. */
  periods: Map<Day, boolean>
  rows: SetUpRows
}

/** The organization's GL accounts as the rules of the other side ask for them. */
export const glSettings = (picture: Pick<Picture, 'settings'>): Partial<Record<GlSetting, string>> =>
  Object.fromEntries(
    [...picture.settings]
      .filter(([name, { value }]) => name.endsWith('_gl') && value !== '')
      .map(([name, { value }]) => [name, value]),
  )

/** The empty town that the folder comes to: users, settings and set-up rows may be there. */
export async function startPicture(db: Db, actor: number, today: Day): Promise<Picture> {
  const gl = await rows<{ id: number; number: string; type: string }>(db, sql`select id, number, type from gl_account`)
  const numbers = new Map(gl.map((row) => [row.id, row.number]))
  const services = await rows<{ id: number; code: string; receivable: number | null; revenue: number | null }>(
    db,
    sql`select id, code, receivable_gl as receivable, revenue_gl as revenue from service where id <> 0`,
  )
  const methods = await rows<{ code: string; gl: number | null }>(db, sql`select code, gl_id as gl from payment_method`)
  const settings = await rows<{ name: string; value: string }>(db, sql`select name, value from setting`)
  const periods = await rows<{ end: Day; closed: boolean }>(
    db,
    sql`select end_date::text as end, closed_at is not null as closed from ledger.period where end_date <> 'infinity' order by 1`,
  )
  const numberOf = (id: number | null) => (id === null ? null : (numbers.get(id) ?? null))
  return {
    actor,
    today,
    ids: new Map(),
    gl: new Map(gl.map((row) => [row.number, { id: row.id, type: row.type }])),
    services: new Map(
      services.map(({ id, code, receivable, revenue }) => [
        code,
        { id, code, receivableGl: numberOf(receivable), revenueGl: numberOf(revenue) },
      ]),
    ),
    methods: new Map(methods.map((row) => [row.code, numberOf(row.gl)])),
    settings: new Map(settings.map((row) => [row.name, { value: row.value, line: 0 }])),
    customers: new Map(),
    accounts: new Map(),
    allocation: { lists: { first: [], second: [], third: [], overpayment: [], exclude: [] }, lines: new Map() },
    places: new Map(),
    periods: new Map(periods.map((row) => [row.end, row.closed])),
    rows: new SetUpRows(),
  }
}
