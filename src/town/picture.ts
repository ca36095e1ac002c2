import { sql } from 'drizzle-orm'
import { type Db, one, rows } from '../db/db.ts'
import type { Day } from '../ledger/calendar.ts'
import type { GlSetting } from '../ledger/other-side.ts'
import type { AllocationLists } from '../organization/rules.ts'
import type { ReadLayout } from './check-layouts.ts'
import { Documents } from './documents.ts'
import type { ActiveAlert, NumberedAlert } from './files/alerts.ts'
import type { ReadArrangement } from './files/arrangements.ts'
import type { Known } from './history/reversals.ts'
import { SetUpRows } from './set-up-rows.ts'

/** Rows of the set-up files stand before these lines of staging. */
const LATE_LINES = 100_000_000

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
  /** Layouts of the county file by code. */
  layouts: Map<string, ReadLayout>
  rows: SetUpRows
  /** Rows of files that are read behind the history: they go into staging as they come. */
  late: SetUpRows
  /** Finds a transaction of the history by its number, once that is read. */
  find: (number: string) => Known | undefined
  /** Alert messages of customers.csv by customer, and the rows of customer_alerts.csv. */
  activeAlerts: Map<number, ActiveAlert[]>
  numberedAlerts: NumberedAlert[]
  /** Payment plans by id. */
  arrangements: Map<number, ReadArrangement>
  /** The rows of runs.csv by number, and ids that runs of this town have. */
  runs: Map<string, { line: number; reverses: string; values: Record<string, unknown> }>
  takenRuns: Set<number>
  documents: Documents
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
  const runs = await rows<{ id: number }>(db, sql`select id::int as id from ledger.run`)
  const files = await one<{ last: number }>(db, sql`select coalesce(max(id), 0)::int as last from file`)
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
    layouts: new Map(),
    rows: new SetUpRows(),
    late: new SetUpRows(LATE_LINES),
    find: () => undefined,
    activeAlerts: new Map(),
    numberedAlerts: [],
    arrangements: new Map(),
    runs: new Map(),
    takenRuns: new Set(runs.map(({ id }) => id)),
    documents: new Documents(files?.last ?? 0),
  }
}
