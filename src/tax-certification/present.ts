import { formatDay } from '../ledger/calendar.ts'
import type { AccountUpdateOptions } from './account-updates.ts'
import { type CreatedFacts, explainCreatedTests } from './explain-rules.ts'
import type { CountyOptions, CreateOptions, ImportOptions, NoticeOptions, UpdateOptions } from './forms.ts'
import { DEFAULT_DESCRIPTION, description } from './update-rules.ts'

type Said = { label: string; value: string }[]

export const MINIMUM_CHECK_LABELS = {
  ignore: 'Ignore the minimum',
  service: 'Delinquent balance by service',
  delinquent: 'Total delinquent balance',
  prior: 'Prior account balance',
  current: 'Current account balance',
} as const

/** The options of a run in the words of its screen. */
export function describeCreated(options: CreateOptions): Said {
  const { date, taxYear, minimumCheck } = options
  const check = minimumCheck ? MINIMUM_CHECK_LABELS[minimumCheck] : 'As set for the organization'
  return [
    { label: 'Date', value: formatDay(date) },
    { label: 'Tax year', value: String(taxYear) },
    { label: 'Minimum balance check', value: check },
  ]
}

export function describeAccountUpdate(options: AccountUpdateOptions): Said {
  const { assignCollectionCode: code, addAlertMessage: alert } = options
  const replaces = options.replaceExistingCollectionCode ? ', replacing an existing code' : ', only where there is none'
  const existing =
    options.existingAlertMessages === 'replace' ? ', replacing existing alerts' : ', appended to existing alerts'
  const whom = options.updateCustomersWithExistingAlert ? existing : ', only where there is none'
  return [
    ...(code ? [{ label: 'Assign Collection Code', value: `${code}${replaces}` }] : []),
    ...(alert ? [{ label: 'Add Alert Message', value: `${alert}${whom}` }] : []),
  ]
}

export function describeUpdate(options: UpdateOptions): Said {
  const { include, date } = options
  const again = options.updateAlreadyUpdated
  return [
    { label: 'Date', value: formatDay(date) },
    { label: 'Description', value: description(options.description || DEFAULT_DESCRIPTION, date) },
    { label: 'Certifications to Include', value: describeInclude(include) },
    ...(again ? [{ label: 'Update Certifications That Have Already Been Updated', value: options.reason ?? '' }] : []),
  ]
}

function describeInclude(include: UpdateOptions['include']): string {
  if ('unupdated' in include) return 'Not yet updated'
  if ('runId' in include) return `Those of run ${include.runId}`
  return `Dated ${formatDay(include.from)} to ${formatDay(include.to)}`
}

export function describeNotices(options: NoticeOptions): Said {
  return [
    { label: 'Notice date', value: formatDay(options.date) },
    { label: 'Tax year', value: String(options.taxYear) },
    ...(options.runId === undefined ? [] : [{ label: 'Certifications', value: `Those of run ${options.runId}` }]),
    ...(options.payBy ? [{ label: 'Pay by', value: formatDay(options.payBy) }] : []),
    ...(options.hearing ? [{ label: 'Hearing', value: formatDay(options.hearing) }] : []),
    ...(options.reprint ? [{ label: 'Print again', value: 'yes' }] : []),
  ]
}

export const describeCounty = (options: CountyOptions): Said => [
  { label: 'Tax year', value: String(options.taxYear) },
  { label: 'Layout', value: options.layout },
]

export const describeImport = (options: ImportOptions): Said => [{ label: 'File', value: options.fileName }]

/** How one account's certified amount and fee came about, from the facts the rule used. */
export function explainCreated(account: { facts: unknown }): string[] {
  const facts = account.facts as CreatedFacts
  return [
    ...facts.marks,
    ...facts.services.flatMap((service) => explainService(service, facts.currentPeriod)),
    ...explainCreatedTests(facts),
  ]
}

function explainService({ name, periods, buckets }: CreatedFacts['services'][number], currentPeriod: string): string[] {
  const listed = (certified: boolean) =>
    buckets
      .filter(([period, , taken]) => taken === certified && period !== 'open')
      .map(([period, unpaid]) => `${unpaid} of ${formatDay(period)}`)
      .join(', ')
  const setting = `Certification Periods ${periods}, current period ${formatDay(currentPeriod)}`
  const taken = listed(true)
  const stays = listed(false)
  return [
    ...(taken ? [`${name}: certified ${taken} (${setting})`] : []),
    ...(stays ? [`${name}: not certified ${stays}`] : []),
  ]
}

interface Line {
  service: string
  period: string
  amount: string
}

interface UpdateFacts {
  certifications: {
    certification: string
    date: string
    taxYear: number
    posted: Line[]
    paidBefore: Line[]
    fee: string
    feeTo?: string | null
    replaced: string | null
  }[]
  adjustments: { count: number; total: string } | null
}

function explainUpdatedFee({ posted, fee, feeTo }: UpdateFacts['certifications'][number]): string[] {
  const nothing = posted.length > 0 ? [] : ['Nothing is left to post']
  if (feeTo) return [...nothing, `Certification ${feeTo} of the same tax year bears the fee`]
  if (posted.length === 0 && fee === '0.00') return ['Nothing is left to post, and no fee']
  return [...nothing, `Fee ${fee}, on the certification balance`]
}

/** Which buckets a PAdj takes, and what was paid between Create and Update. */
export function explainUpdate(account: { facts: unknown }): string[] {
  const { certifications, adjustments } = account.facts as UpdateFacts
  const said = certifications.flatMap((one) => [
    `Certification ${one.certification} of ${formatDay(one.date)}, tax year ${one.taxYear}`,
    ...(one.replaced ? [`Updated ${formatDay(one.replaced)}: reversed and posted anew`] : []),
    ...one.posted.map((line) => `${line.service}: ${line.amount} of ${formatDay(line.period)}`),
    ...one.paidBefore.map(
      (line) => `${line.service}: ${line.amount} of ${formatDay(line.period)} was paid before the update`,
    ),
    ...explainUpdatedFee(one),
  ])
  if (!adjustments) return said
  return [
    ...said,
    `${adjustments.count} certification adjustments, together ${adjustments.total}, are in both books already`,
  ]
}
