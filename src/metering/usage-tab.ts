import { type SQL, sql } from 'drizzle-orm'
import { type AccountRow, type TabQuery, tab } from '../accounts/tab.ts'
import { type Db, one } from '../db/db.ts'
import { NotFound } from '../errors.ts'
import type { Day } from '../ledger/calendar.ts'
import { pageNumber, paging } from '../web/paging.ts'
import { type BeginningRead, beginningReads } from './beginning.ts'
import { chartOf, chartText, monthsOf, SPANS } from './chart-rules.ts'
import { type Line, linesOf, registerText, type Span, spansOf } from './rules.ts'
import { type Placed, placedAt } from './store.ts'
import { type Charged, chargeOf, minimumOf, type RateFacts, sorted, sortOf, type UsageRow } from './usage-rules.ts'

interface Raw {
  meters: Placed[]
  rates: RateFacts[]
  ownRates: Record<string, string> | null
  charged: Charged[]
  budget: boolean
  begins: BeginningRead[]
}

const STANDS = sql`not exists (select from ledger.transaction v where v.reverses_id = t.id)`

const charged = (
  until: Day | undefined,
): SQL => sql`(select coalesce(json_agg(json_build_object('type', x.type, 'date', x.date, 'service', x.code,
    'amount', x.amount, 'usage', x.usage)), '[]') from (
  select t.type, t.transaction_date as date, s.code, sum(p.amount)::text as amount, t.facts->'usage' as usage
  from ledger.transaction t join ledger.posting p on p.transaction_id = t.id and p.period = t.period and p.subledger = 'utility'
    join service s on s.id = p.service_id and s.kind = 'metered'
  where t.account_id = a.id and ((t.type = 'Bill') or (t.type = 'Adj' and t.facts ? 'usage')) and ${STANDS}
    ${until === undefined ? sql`` : sql`and t.transaction_date <= ${until}`}
  group by t.id, t.type, t.transaction_date, s.code, t.facts) x)`

const RATES = sql`(select coalesce(json_agg(json_build_object('code', r.code, 'service', s.code, 'effectiveFrom', r.effective_from,
    'minimum', r.minimum_charge::text, 'sizes', (select coalesce(json_agg(json_build_object('size', z.size, 'minimum', z.minimum_charge::text)), '[]')
      from rate_size z where z.rate_id = r.id and z.size_kind = 'meter_size'))), '[]')
  from rate r join service s on s.id = r.service_id where s.kind = 'metered' and r.code in (select x.rate from account_service x where x.account_id = a.id))`

const usageSql = ({
  asOf,
}: TabQuery): SQL => sql`json_build_object('meters', ${placedAt(sql`a.location_id`, asOf)}, 'rates', ${RATES},
  'ownRates', (select json_object_agg(s.code, coalesce(x.rate, '')) from account_service x join service s on s.id = x.service_id where x.account_id = a.id),
  'charged', ${charged(asOf)}, 'budget', (select c.budget_billing from customer c where c.id = a.customer_id),
  'begins', ${beginningReads})`

/** Account Control Panel > Usage: what the meters of the location counted and what was billed for it [001-399]. */
export const usageTab = tab<Raw>({
  path: 'usage',
  label: 'Usage',
  need: 'customers.view',
  template: 'metering/usage',
  sql: usageSql,
  present,
})

/** The same rows for one account, newest first; absent and hidden accounts answer 404 alike. `asOf` is inclusive. */
export async function usageOf(
  db: Db,
  number: string,
  { service, ...asked }: { asOf?: Day | undefined; service?: string | undefined; today: Day },
): Promise<Omit<Row, 'line'>[]> {
  const found = await one<{ raw: Raw }>(
    db,
    sql`select ${usageSql(asked as TabQuery)} as raw from account a where a.number = ${number}`,
  )
  if (!found) throw new NotFound('account')
  const all = servicesOf(found.raw.meters).flatMap((each) => rowsOf(each, found.raw))
  return sorted(service === undefined ? all : all.filter((row) => row.service === service), '-date')
}

interface MeterSpan extends Span {
  installDate: Day | null
  meter: Placed
}

interface Row extends UsageRow {
  key: string
  name: string
  estimated: boolean
  line: Line<MeterSpan>
}

const SIZE = 40

function present({ activityStatus }: AccountRow, raw: Raw, asked: TabQuery) {
  const services = servicesOf(raw.meters)
  const service = services.find(({ code }) => code === asked.query.service)?.code ?? ''
  const all = services.flatMap((each) => rowsOf(each, raw))
  const sort = sortOf(asked.query.sort)
  const rows = sorted(
    all.filter((row) => service === '' || row.service === service),
    sort,
  )
  const pages = paging(`${asked.at}/usage`, asked.query, pageNumber(asked.query.page), rows.length, SIZE)
  const shown = rows.slice((pages.page - 1) * SIZE, pages.page * SIZE)
  const selected = rows.find(({ key }) => key === asked.query.row) ?? shown[0]
  const months = asked.query.months === '25' ? 25 : SPANS[0]
  const { row: _row, page: _page, asOf: _asOf, ...kept } = asked.query
  return {
    services,
    service,
    sort,
    months,
    rows: shown.map((row) => ({ ...row, selected: row.key === selected?.key })),
    count: rows.length,
    links: linksOf(`${asked.at}/usage`, { ...kept, ...(asked.asOf ? { asOf: asked.asOf } : {}) }),
    detail: selected ? detailOf(selected) : null,
    chart: selected ? chartFor(selected, all, months) : null,
    waits: activityStatus === 'Waiting',
    begins: raw.begins.map(({ reading, dials, ...read }) => ({ ...read, shows: registerText(reading, dials) })),
    mayRead: asked.may('meters.edit') && asked.asOf === undefined,
    paging: pages,
  }
}

/** Addresses of the tab with all else kept: a sort ends in `sort=`, a row in `row=`, a width of the chart in `months=`. */
function linksOf(base: string, kept: Record<string, string | undefined>) {
  const link = (last: string, ...without: string[]) => {
    const pairs = Object.entries(kept).filter(([name, value]) => value && name !== last && !without.includes(name))
    return `${base}?${new URLSearchParams([...(pairs as [string, string][]), [last, '']])}`
  }
  return { sort: link('sort'), row: link('row'), months: link('months') }
}

const servicesOf = (meters: readonly Placed[]) => [
  ...new Map(meters.map(({ service, serviceName }) => [service, { code: service, name: serviceName }])).values(),
]

function rowsOf({ code, name }: { code: string; name: string }, raw: Raw): Row[] {
  const meters = raw.meters.filter((each) => each.service === code)
  const spans = meters.flatMap((meter) =>
    spansOf(meter, meter.reads, meter.moved).map((span) => ({ ...span, installDate: meter.installDate, meter })),
  )
  const lines = linesOf(spans)
  return lines.map((line, at) => {
    const charge = chargeOf(code, line.date, lines[at - 1]?.date, raw.charged)
    const rate = charge.rate ?? raw.ownRates?.[code] ?? ''
    const size = line.spans[0]?.meter.size ?? null
    const minimum = charge.minimum ?? minimumOf(raw.rates, { service: code, rate, day: line.date, size })
    return {
      key: `${code}:${line.date}`,
      date: line.date,
      service: code,
      name,
      rate,
      actual: line.usage?.toFixed() ?? '',
      billed: charge.billed ?? '',
      adjusted: charge.adjusted ?? '',
      budget: raw.budget,
      minimum: minimum ?? '',
      charge: charge.total ?? '',
      estimated: line.estimated,
      line,
    }
  })
}

const HOW = {
  on: '',
  rollover: 'the dials went over the top',
  correction: 'takes back an estimate',
  backward: 'below the last reading',
}

function detailOf({ date, line }: Row) {
  return {
    date,
    meters: line.spans.map(({ meter, from, to, difference, usage, days, how, final }) => ({
      number: meter.number,
      size: meter.size ?? '',
      set: meter.installDate ?? '',
      removed: meter.removeDate ?? '',
      status: meter.removeDate === null ? 'Active' : 'Removed',
      previous: from ? { shows: registerText(from.reading, meter.dials), date: from.date, kind: from.kind } : null,
      present: { shows: registerText(to.reading, meter.dials), date: to.date, kind: to.kind, final },
      difference: difference?.toFixed() ?? '',
      multiplier: meter.multiplier,
      usage: usage?.toFixed() ?? '',
      unit: unitOf(meter.unit),
      days,
      daily: usage === null || days === 0 ? '' : usage.div(String(days)).round(1).toFixed(),
      how: HOW[how],
    })),
  }
}

const UNITS: Record<string, string> = { gallon: 'gallons', 'cubic foot': 'cubic feet', cubic_foot: 'cubic feet' }
const unitOf = (unit: string | null): string => (unit === null ? 'units' : (UNITS[unit] ?? unit))

function chartFor({ service, name, line }: Row, all: readonly Row[], count: number) {
  const lines = all.filter((row) => row.service === service).map((row) => row.line)
  const last = lines[0]?.date ?? ''
  const months = monthsOf(lines, last, count)
  const unit = unitOf(line.spans[0]?.meter.unit ?? null)
  const picture = chartOf(months)
  return {
    ...picture,
    heading: `${name}, ${picture.thousands ? 'thousand ' : ''}${unit}`,
    unit,
    text: chartText(name, unit, months),
    table: months.map(({ month, used, before }) => ({
      month,
      used: used?.toFixed() ?? '',
      before: before?.toFixed() ?? '',
    })),
  }
}
