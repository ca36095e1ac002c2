import { mailingLines, mailingPlace } from '../customers/mailing-rules.ts'
import type { Db } from '../db/db.ts'
import { type Day, formatDay } from '../ledger/calendar.ts'
import { money, sum, text } from '../ledger/money.ts'
import { type Settings, settings } from '../organization/settings.ts'
import type { Prepared, Preparing, RunKind } from '../runs/kind.ts'
import { csvCell } from '../runs/register-csv.ts'
import { lastTaxYear } from './county-store.ts'
import { type NoticeOptions, noticeOptions } from './forms.ts'
import { type Letter, type NoticeTown, printLetters } from './notice-letter.ts'
import { type NoticeAccount, noticeAccounts } from './notice-store.ts'
import { describeNotices } from './present.ts'

/**
 * Tax Certification > Print Certification Notices: a letter to the customer, and one to the owner of the property where
 * that is somebody else, with the mailing list. Posting writes the notice date on the certifications. Those that have
 * one are left out unless they are to be printed again.
 */
export const printNotices: RunKind<NoticeOptions> = {
  kind: 'tax-certification.print-notices',
  menu: 'Tax Certification',
  title: 'Print Certification Notices',
  path: '/tax-certification/print-notices',
  may: { prepare: 'certification.prepare', post: 'certification.prepare', reverse: 'certification.reverse' },
  options: noticeOptions,
  factsKind: 'version',
  columns: [
    { type: 'Certified', label: 'Certified', apart: true },
    { type: 'Fee', label: 'Fee', apart: true },
  ],
  describe: describeNotices,
  explain: ({ facts }) => (facts as { copies: string[] }).copies,
  prepare,
  defaults,
}

async function defaults(db: Db, today: Day): Promise<Partial<NoticeOptions>> {
  const set = await settings(db)
  return {
    date: set.certificationNoticeDate ?? today,
    taxYear: (await lastTaxYear(db)) ?? Number(today.slice(0, 4)),
    ...(set.certificationPayByDate ? { payBy: set.certificationPayByDate } : {}),
    ...(set.certificationHearingDate ? { hearing: set.certificationHearingDate } : {}),
  }
}

async function prepare(preparing: Preparing, options: NoticeOptions): Promise<Prepared> {
  const { db, stage } = preparing
  const runId = options.runId === undefined ? undefined : String(options.runId)
  const found = await noticeAccounts(db, {
    taxYear: options.taxYear,
    runId,
    selected: preparing.selected,
    day: options.date,
  })
  const town = townOf(await settings(db), options)
  const taken: NoticeAccount[] = []
  for (const account of found) {
    const sent = account.certifications.map(({ noticeDate }) => noticeDate)
    if (options.reprint || sent.includes(null)) taken.push(account)
    else {
      const last =
        sent
          .filter((day) => day !== null)
          .sort()
          .at(-1) ?? ''
      stage.exclude(account.id, [
        { test: 'Not yet sent a notice', value: `sent ${formatDay(last)}`, threshold: 'not yet sent', passed: false },
      ])
    }
  }
  const letters = taken.flatMap(lettersOf)
  for (const account of taken) stageAccount(preparing, account, options)
  if (letters.length > 0) await stageFiles(preparing, town, letters, options)
  const certified = sum(taken.flatMap(({ lines }) => lines.map(({ amount }) => amount)))
  return { total: text(certified), fees: text(sum(taken.map(({ fee }) => fee))) }
}

function townOf(set: Settings, options: NoticeOptions): NoticeTown {
  const place = [[set.city, set.state].filter((part) => part !== '').join(', '), set.zip]
    .filter((part) => part !== '')
    .join(' ')
  return {
    name: set.name,
    lines: [set.addressLine1, set.addressLine2, place, set.phone].filter((line) => line !== ''),
    date: options.date,
    payBy: options.payBy ?? set.certificationPayByDate,
    hearing: options.hearing ?? set.certificationHearingDate,
  }
}

function lettersOf(account: NoticeAccount): Letter[] {
  const letter: Letter = { account, to: account.customer, copy: 'customer' }
  return account.owner ? [letter, { account, to: account.owner, copy: 'owner' }] : [letter]
}

function stageAccount({ stage }: Preparing, account: NoticeAccount, options: NoticeOptions): void {
  const line = (type: string, amount: string) => ({ type, service: null, amount, taxYear: options.taxYear })
  const certified = text(sum(account.lines.map(({ amount }) => amount)))
  stage.account({
    accountId: account.id,
    fingerprint: account.version,
    before: account.balance,
    after: account.balance,
    lines: [line('Certified', certified), line('Fee', text(account.fee))],
    facts: {
      copies: lettersOf(account).map(
        ({ to, copy }) =>
          // the row is for everybody who sees the customer; the letter itself is in the file
          `Letter to the ${copy}: ${copy === 'owner' && account.ownerIsPrivate ? 'not shown' : [to.name, ...mailingLines(to)].join(', ')}`,
      ),
    },
  })
  for (const { id, ...old } of account.certifications) {
    const next = { noticeDate: options.date }
    stage.effect({ accountId: account.id, kind: 'certification', target: id, old, new: next, note: '' })
  }
}

async function stageFiles(
  { stage }: Preparing,
  town: NoticeTown,
  letters: Letter[],
  options: NoticeOptions,
): Promise<void> {
  const isPrivate = letters.some(({ account }) => account.isPrivate)
  const files = await printLetters(town, letters)
  for (const [place, bytes] of files.entries()) {
    const part = files.length === 1 ? '' : `-${place + 1}`
    stage.file(`notices-${options.taxYear}${part}.pdf`, 'application/pdf', bytes, isPrivate)
  }
  stage.file(`mailing-list-${options.taxYear}.csv`, 'text/csv', Buffer.from(mailingList(letters)), isPrivate)
}

function mailingList(letters: Letter[]): string {
  const where = ['Care of', 'Address 1', 'Address 2', 'City', 'Country']
  const head = ['Account', 'Copy', 'Name', ...where, 'Parcel', 'Certified', 'Fee', 'Total']
  const rows = letters.map(({ account, to, copy }) => {
    const certified = sum(account.lines.map(({ amount }) => amount))
    const amounts = [certified, account.fee, money(certified.plus(account.fee))].map(text)
    const address = [to.careOf, to.addressLine1, to.addressLine2, mailingPlace(to), to.country].map(
      (part) => part ?? '',
    )
    return [
      ...[account.number, copy, to.name, ...address, account.parcelNumber ?? ''].map((each) => csvCell(each)),
      ...amounts,
    ]
  })
  return [head, ...rows].map((cells) => `${cells.join(',')}\n`).join('')
}
