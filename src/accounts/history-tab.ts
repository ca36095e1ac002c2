import { sql } from 'drizzle-orm'
import { type Day, previousPeriod } from '../ledger/calendar.ts'
import { money, sum, text } from '../ledger/money.ts'
import { type ExplainedService, explainCertified } from '../tax-certification/explain-rules.ts'
import type { AccountRow, ServiceRow } from './store.ts'
import { type TabQuery, tab } from './tab.ts'

export interface Claim {
  service: string
  period: Day
  amount: string
  taxYear: number
}

export interface HistoryRaw {
  periods: Day[]
  claims: Claim[]
}

/** Periods of the town and buckets of the account in `a` that are certified and not updated, as of a day or now. */
export const historyJson = ({ asOf }: Pick<TabQuery, 'asOf'>) => sql`json_build_object(
  'periods', (select coalesce(json_agg(end_date order by end_date), '[]') from ledger.period where end_date <> 'infinity'),
  'claims', (select coalesce(json_agg(json_build_object('service', s.code, 'period', l.aging_period, 'taxYear', k.tax_year,
      'amount', (l.certified - l.paid_before - l.withdrawn)::text)), '[]')
    from ledger.certification k join ledger.certification_line l on l.certification_id = k.id join service s on s.id = l.service_id
    where k.account_id = a.id and k.withdrawn_at is null and l.certified - l.paid_before - l.withdrawn > 0
      and ${asOf === undefined ? sql`k.updated_date is null` : sql`k.date <= ${asOf} and (k.updated_date is null or k.updated_date > ${asOf})`}))`

/** Customer Inquiry > History: what is unpaid by period and service, what is the current portion, and why ([000]). */
export const historyTab = tab<HistoryRaw>({
  path: 'history',
  label: 'History',
  need: 'customers.view',
  template: 'accounts/history',
  sql: historyJson,
  present: (account, raw) => {
    const explained = explainServices(account, raw)
    const services = account.services.filter((service) => service.onAccount || service.balance !== '0.00')
    return {
      services,
      rows: historyPeriods(account, raw.periods).map((period) => periodRow(period, services, explained, raw.claims)),
      credits: services.map((service) => (service.credit === '0.00' ? '' : service.credit)),
      creditTotal: creditTotal(account),
      explained,
      notUpdated: account.certifications.filter((each) => each.notUpdated !== '0.00'),
    }
  },
})

/** Why each period of each service was or was not certified, by the function that decides. */
export function explainServices(account: AccountRow, raw: HistoryRaw): ExplainedService[] {
  const facts = { currentPeriod: account.currentPeriod, periods: raw.periods, claims: raw.claims }
  return account.services.map((service) =>
    explainCertified(
      {
        service: service.code,
        name: service.name,
        sort: 0,
        subject: service.subject,
        periods: service.certificationPeriods,
        buckets: service.periods.map(({ period, unpaid }) => ({ period, unpaid: money(unpaid) })),
      },
      facts,
    ),
  )
}

/** Every period from the newest that matters to the oldest with something unpaid, newest first. */
export function historyPeriods(account: AccountRow, periods: Day[]): Day[] {
  const unpaid = account.services.flatMap((service) => service.periods.map((each) => each.period)).sort()
  const kept = Math.max(1, ...account.services.map((service) => service.certificationPeriods))
  const later = [...new Set(unpaid.filter((period) => period > account.currentPeriod))]
  const list: Day[] = []
  for (let period = account.currentPeriod; list.length < kept || period >= (unpaid[0] ?? '9999-12-31'); ) {
    list.push(period)
    period = previousPeriod(period, periods)
  }
  return [...later.reverse(), ...list]
}

function periodRow(period: Day, services: ServiceRow[], explained: ExplainedService[], claims: Claim[]) {
  const cells = services.map((service) => {
    const says = explained.find((each) => each.service === service.code)
    return {
      amount: service.periods.find((each) => each.period === period)?.unpaid ?? '0.00',
      current: says?.currentPortion.includes(period) ?? false,
      certified: says?.periods.find((each) => each.period === period)?.certified ?? false,
      claimed: claims.find((claim) => claim.service === service.code && claim.period === period),
    }
  })
  return { period, cells, total: text(sum(cells.map((cell) => money(cell.amount)))), says: saysOf(cells, services) }
}

type Cell = { current: boolean; certified: boolean; claimed: Claim | undefined }

/** One word for the period where its services agree, else which service is what. */
function saysOf(cells: Cell[], services: ServiceRow[]): string[] {
  const groups = new Map<string, string[]>()
  for (const [at, cell] of cells.entries()) {
    const word = wordOf(cell)
    if (word) groups.set(word, [...(groups.get(word) ?? []), services[at]?.name ?? ''])
  }
  const subject = services.filter((service) => service.subject).length
  return [...groups].map(([word, names]) =>
    names.length === subject ? word : `${names.join(', ')}: ${word.toLowerCase()}`,
  )
}

function wordOf(cell: Cell): string {
  if (cell.claimed) return `Certified ${cell.claimed.taxYear}, not yet updated`
  if (cell.current) return 'Current portion'
  return cell.certified ? 'Subject to certification' : ''
}

function creditTotal(account: AccountRow): string {
  const credits = [...account.services.map((service) => service.credit), account.openCredit]
  return text(sum(credits.map((credit) => money(credit))))
}
