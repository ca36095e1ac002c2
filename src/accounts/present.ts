import { inArrangement, withoutArranged } from '../arrangements/standing-rules.ts'
import { autoPaymentMark } from '../auto-payment/mark.ts'
import type { Day } from '../ledger/calendar.ts'
import { money, sum, ZERO } from '../ledger/money.ts'
import { mapLink } from '../locations/rules.ts'
import { meterDigits } from '../metering/card.ts'
import { checksAccepted } from '../payments/nsf-rules.ts'
import type { AccountRow } from './store.ts'
import type { Tab, TabQuery } from './tab.ts'

export interface Tag {
  kind: '' | 'ok' | 'warn' | 'bad' | 'info'
  icon: string
  /** What the text is the state of: 'Balance', of 'Balance – Current'. Empty for most. */
  of: string
  text: string
}

/** The status icons of the Customer card, each in its words too ([001] Table 1). */
export function customerTags(account: AccountRow, noChecksAfter: number, day: Day): Tag[] {
  const { customer, marks } = account
  const status = account.accountStatus
  return [
    balanceTag(account, day),
    mark(
      status.code === 'SHUTOFF' ? 'bad' : '',
      status.code === 'SHUTOFF' ? 'acct-shutoff' : 'acct-current',
      status.name,
      'Account Status',
    ),
    ...when(inArrangement(marks.arrangement, day), mark('info', 'arrangement', 'On Arrangement')),
    ...when(customer.bankrupt, mark('warn', 'bankruptcy', 'Bankruptcy')),
    ...when(!customer.public, mark('warn', 'private', 'Private')),
    ...when(noChecks(account, noChecksAfter), mark('warn', 'no-checks', 'No Checks')),
    ...when(customer.doNotAcceptPayments, mark('bad', 'no-payments', 'No Payments')),
    ...(marks.autoPayment ? [mark('', 'autopay', autoPaymentMark(marks.autoPayment))] : []),
    ...when(customer.badDebt, mark('bad', 'bad-debt', 'Bad Debt')),
    ...when(customer.sentToCollections, mark('bad', 'collections', 'Collections')),
    ...when(customer.budgetBilling, mark('', 'budget-bill', 'Budget Billing')),
    ...when(customer.emailNotices, mark('', 'email-bill', 'Email Bills')),
    ...when(marks.webAccess && customer.webUser, mark('', 'web-user', 'Web User')),
    ...when(!customer.active, mark('', 'x', 'Not active')),
    ...(customer.collectionCode ? [mark('info', 'info', customer.collectionCode.name)] : []),
    ...conditionTags(account, (level) => level !== 'location'),
  ]
}

/** Whether what is unpaid is enough for a shutoff, without what a current plan arranges (product.md 3.4, domain.md A6). */
export function dueForShutoff({ services, marks }: AccountRow, day: Day): boolean {
  const { minimum, upTo } = marks.shutoff
  if (minimum === null || upTo === null) return false
  const buckets = services.flatMap(({ code, periods }) =>
    periods.map(({ period, unpaid }) => ({ service: code, period, unpaid: money(unpaid) })),
  )
  const old = withoutArranged(buckets, marks.arrangement, day).filter(({ period }) => period <= upTo)
  const unpaid = sum(old.map((bucket) => bucket.unpaid))
  return unpaid.gt(ZERO) && unpaid.gte(minimum)
}

function balanceTag(account: AccountRow, day: Day): Tag {
  if (account.pastDue === '0.00') return mark('ok', 'bal-current', 'Current', 'Balance')
  return dueForShutoff(account, day)
    ? mark('bad', 'bal-shutoff', 'Shutoff', 'Balance')
    : mark('bad', 'bal-pastdue', 'Past Due', 'Balance')
}

/** The icons of the Location card ([001] Table 2), with special conditions of the location. */
export function locationTags(account: AccountRow): Tag[] {
  const { location, marks, certifications } = account
  return [
    ...when(marks.openOrders > 0, mark('info', 'service-order', 'Open Service Order')),
    ...when(location.onLien, mark('warn', 'lien', 'On Lien')),
    ...certifications.flatMap(({ balance, taxYear }) =>
      when(balance !== '0.00', mark('warn', 'lien', `On tax roll ${taxYear}`)),
    ),
    ...when(location.rental, mark('', 'person', 'Rental')),
    ...when(location.outOfTown, mark('', 'pin', 'Out of town')),
    ...conditionTags(account, (level) => level === 'location'),
  ]
}

/** Conditions whose code has an icon [001-015, 001-048]: once, though account and customer may both have it. */
const conditionTags = ({ marks }: AccountRow, of: (level: string) => boolean): Tag[] => {
  const tags = marks.conditions.flatMap(({ level, icon, name }) =>
    icon !== null && of(level) ? [mark('info', icon, name)] : [],
  )
  return [...new Map(tags.map((tag) => [`${tag.icon} ${tag.text}`, tag])).values()]
}

/** Checks are no longer taken after so many returned ones in twelve months; 0 = always taken. */
export const noChecks = (account: Pick<AccountRow, 'nsf12'>, after: number): boolean =>
  !checksAccepted(account.nsf12, after)

const mark = (kind: Tag['kind'], icon: string, text: string, of = ''): Tag => ({ kind, icon, of, text })
const when = (holds: boolean, tag: Tag): Tag[] => (holds ? [tag] : [])

/** What the top of the account's page gets. */
export function accountData(
  account: AccountRow,
  { noChecksAfter, counts }: { noChecksAfter: number; counts: readonly number[] },
  offered: readonly Tab[],
  current: Tab,
  asked: TabQuery,
) {
  const counted = (each: Tab, place: number) =>
    typeof each.count === 'function' ? each.count(account, asked.asOf ?? asked.today) : (counts[place] ?? 0)
  const shown = offered.flatMap((each, place) =>
    each.shown?.(account) === false ? [] : { each, count: counted(each, place) },
  )
  const link = ({ each, count }: { each: Tab; count: number }) => ({
    label: each.label,
    href: hrefOf(each, asked),
    current: each === current || (current.inside === each.path && each.inside === undefined),
    count,
  })
  return {
    account,
    base: asked.base,
    at: asked.at,
    asOf: asked.asOf ?? '',
    tags: customerTags(account, noChecksAfter, asked.asOf ?? asked.today),
    placeTags: locationTags(account),
    digits: account.marks.meter ? meterDigits(account.marks.meter) : '',
    map: mapLink(account.marks.mapSite, placeText(account)),
    serviceNames: account.services.flatMap((each) => (each.onAccount ? each.name : [])).join(', '),
    late: account.pastDue !== '0.00',
    shutoff: dueForShutoff(account, asked.asOf ?? asked.today),
    severalAccounts: !money(account.customerBalance).eq(account.balance),
    certified: account.certifications.filter((each) => each.notUpdated !== '0.00'),
    tabs: shown.filter(({ each }) => each.inside === undefined).map(link),
    innerTabs: shown.filter(({ each }) => each.inside !== undefined).map(link),
    can: {
      pay: asked.may('payments.take') && asked.asOf === undefined,
      edit: asked.may('customers.edit'),
      note: asked.may('notes.edit'),
    },
  }
}

const placeText = ({ location }: AccountRow): string =>
  [location.serviceAddress, location.town].filter(Boolean).join(', ')

/** The as-of day goes along from tab to tab. */
const hrefOf = (tab: Tab, { at, asOf }: TabQuery): string =>
  `${at}${tab.path ? `/${tab.path}` : ''}${asOf ? `?asOf=${asOf}` : ''}`
