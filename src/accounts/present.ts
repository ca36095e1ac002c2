import { money } from '../ledger/money.ts'
import type { AccountRow } from './store.ts'
import type { Tab, TabQuery } from './tab.ts'

export interface Tag {
  kind: '' | 'ok' | 'warn' | 'bad' | 'info'
  icon: string
  text: string
}

/** The status icons of the Customer card, each a word too ([001] Table 1). */
export function customerTags(account: AccountRow, noChecksAfter: number): Tag[] {
  const { customer } = account
  const late = account.pastDue !== '0.00'
  const shut = account.accountStatus.code === 'SHUTOFF'
  return [
    late ? mark('bad', 'bal-pastdue', 'Past due') : mark('ok', 'bal-current', 'Balance current'),
    shut
      ? mark('bad', 'acct-shutoff', account.accountStatus.name)
      : mark('', 'acct-current', account.accountStatus.name),
    ...when(!customer.public, mark('warn', 'private', 'Private')),
    ...when(customer.bankrupt, mark('warn', 'bankruptcy', 'Bankruptcy')),
    ...when(customer.doNotAcceptPayments, mark('bad', 'no-payments', 'No payments')),
    ...when(noChecks(account, noChecksAfter), mark('warn', 'no-checks', 'No checks')),
    ...when(customer.emailNotices, mark('', 'email-bill', 'Email bills')),
    ...when(!customer.active, mark('', 'x', 'Not active')),
    ...(customer.collectionCode ? [mark('info', 'collections', customer.collectionCode.name)] : []),
  ]
}

/** Checks are no longer taken after so many returned ones in twelve months; 0 = always taken. */
export const noChecks = (account: Pick<AccountRow, 'nsf12'>, after: number): boolean =>
  after > 0 && account.nsf12 >= after

const mark = (kind: Tag['kind'], icon: string, text: string): Tag => ({ kind, icon, text })
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
    typeof each.count === 'function' ? each.count(account) : (counts[place] ?? 0)
  const shown = offered.flatMap((each, place) =>
    each.shown?.(account) === false ? [] : { each, count: counted(each, place) },
  )
  const link = ({ each, count }: { each: Tab; count: number }) => ({
    label: each.label,
    href: addressOf(each, asked),
    current: each === current || (current.inside === each.path && each.inside === undefined),
    count,
  })
  return {
    account,
    base: asked.base,
    at: asked.at,
    asOf: asked.asOf ?? '',
    tags: customerTags(account, noChecksAfter),
    serviceNames: account.services.flatMap((each) => (each.onAccount ? each.name : [])).join(', '),
    late: account.pastDue !== '0.00',
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

/** The as-of day goes along from tab to tab. */
const addressOf = (tab: Tab, { at, asOf }: TabQuery): string =>
  `${at}${tab.path ? `/${tab.path}` : ''}${asOf ? `?asOf=${asOf}` : ''}`
