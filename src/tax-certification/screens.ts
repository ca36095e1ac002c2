import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import { type Db, rows } from '../db/db.ts'
import { Refused } from '../errors.ts'
import { formatDay } from '../ledger/calendar.ts'
import { runScreens } from '../runs/screens.ts'
import type { FeatureMaker } from '../web/deps.ts'
import { defineForm, field, type Option } from '../web/form.ts'
import { moneyText } from '../web/format.ts'
import {
  checkboxInput,
  codeInput,
  dateInput,
  numberInput,
  optional,
  optionalText,
  selectInput,
  textInput,
} from '../web/inputs.ts'
import { countyScreen } from './county-screen.ts'
import { createRecords } from './create-records.ts'
import type { CreateOptions, Include, NoticeOptions, UpdateOptions } from './forms.ts'
import { importPayments } from './import-payments.ts'
import { MINIMUM_CHECK_LABELS } from './present.ts'
import { printNotices } from './print-notices.ts'
import { updateCustomerBalances } from './update-customer-balances.ts'

const taxYear = () => field(numberInput({ min: 1900, max: 9999 }), { label: 'Tax Year', input: 'number' })

const accountUpdate = {
  assignCollectionCode: field(optional(codeInput()), { label: 'Assign Collection Code', input: 'select' }),
  replaceExistingCollectionCode: field(checkboxInput(), {
    label: 'Replace Existing Collection Code',
    input: 'checkbox',
  }),
  addAlertMessage: field(optional(textInput(200)), { label: 'Add Alert Message' }),
  updateCustomersWithExistingAlert: field(checkboxInput(), {
    label: 'Update Customers With an Existing Alert Message',
    input: 'checkbox',
  }),
  existingAlertMessages: field(selectInput(['append', 'replace']), {
    label: 'Existing Alert Messages',
    input: 'select',
    size: 'sm',
    options: [
      { value: 'append', label: 'Append To' },
      { value: 'replace', label: 'Replace' },
    ],
  }),
}
const ASIDE = { title: 'Update Customer Accounts', fields: Object.keys(accountUpdate) }

const collectionCodes = (db: Db): Promise<Option[]> =>
  rows<Option>(
    db,
    sql`select code as value, code || ' ' || name as label from collection_code order by ledger.number_order(code), code`,
  )

const given = <T extends object>(options: T): T =>
  Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined && value !== '' && value !== false),
  ) as T

const createForm = defineForm({
  date: field(dateInput(), { label: 'Date', input: 'date' }),
  taxYear: taxYear(),
  minimumCheck: field(optional(selectInput(['ignore', 'service', 'delinquent', 'prior', 'current'])), {
    label: 'Minimum balance check',
    input: 'select',
    hint: 'Empty: as set for the organization',
    options: Object.entries(MINIMUM_CHECK_LABELS).map(([value, label]) => ({ value, label })),
  }),
  ...accountUpdate,
})

const create = runScreens(createRecords, {
  form: createForm,
  lists: async (db) => ({ options: { assignCollectionCode: await collectionCodes(db) } }),
  show: (options: Partial<CreateOptions>) => ({ existingAlertMessages: 'append', ...options }),
  read: (typed) => given(typed),
  aside: ASIDE,
  fresh: ['date', 'taxYear'],
  help: 'tax-certification/help-create.njk',
})

const updateForm = defineForm({
  print: field(checkboxInput(), {
    label: 'Print',
    input: 'checkbox',
    hint: 'After GO the list of what was posted opens for printing',
  }),
  date: field(dateInput(), {
    label: 'Date',
    input: 'date',
    hint: 'Stored on every PAdj and Fee; not before the certification date',
  }),
  description: field(textInput(100), { label: 'Description', hint: '{year} becomes the year of the Date' }),
  include: field(selectInput(['unupdated', 'run', 'dates']), {
    label: 'Certifications to Include',
    input: 'radio',
    options: [
      { value: 'unupdated', label: 'Unupdated dates (not yet updated)' },
      { value: 'run', label: 'Those of a run' },
      { value: 'dates', label: 'By certification date' },
    ],
  }),
  runId: field(optional(codeInput()), { label: 'Run', input: 'select' }),
  from: field(optional(dateInput()), { label: 'From', input: 'date' }),
  to: field(optional(dateInput()), { label: 'To', input: 'date' }),
  updateAlreadyUpdated: field(checkboxInput(), {
    label: 'Update Certifications That Have Already Been Updated',
    input: 'checkbox',
    hint: 'For repair: the old PAdj and Fee are reversed and posted new. Leave clear in normal work.',
  }),
  reason: field(optionalText(500), { label: 'Reason', hint: 'Needed when certifications are updated again' }),
  ...accountUpdate,
})
type UpdateTyped = z.infer<typeof updateForm.schema>

const update = runScreens(updateCustomerBalances, {
  form: updateForm,
  heading: 'Transaction Options',
  lists: async (db) => ({ options: { assignCollectionCode: await collectionCodes(db), runId: await createRuns(db) } }),
  show: showUpdate,
  read: readUpdate,
  aside: ASIDE,
  fresh: ['date', 'include', 'updateAlreadyUpdated', 'reason'],
  help: 'tax-certification/help-update.njk',
})

function showUpdate({ include, ...options }: Partial<UpdateOptions>): object {
  const chosen = include ?? { unupdated: true }
  const common = { existingAlertMessages: 'append', ...options }
  if ('runId' in chosen) return { ...common, include: 'run', runId: String(chosen.runId) }
  if ('from' in chosen) return { ...common, include: 'dates', ...chosen }
  return { ...common, include: 'unupdated' }
}

function readUpdate({ include, runId, from, to, ...typed }: UpdateTyped): unknown {
  return { ...given(typed), include: includeOf(include, runId, from, to) }
}

function includeOf(chosen: 'unupdated' | 'run' | 'dates', runId?: string, from?: string, to?: string): Include {
  if (chosen === 'unupdated') return { unupdated: true }
  if (chosen === 'run') {
    if (runId) return { runId }
    throw new Refused('run_missing', 'Choose the run.', { runId: 'Choose the run.' })
  }
  if (from && to) return { from, to }
  const missing = from ? 'to' : 'from'
  throw new Refused('dates_missing', 'Write both dates.', { [missing]: 'Write both dates.' })
}

async function createRuns(db: Db): Promise<Option[]> {
  const found = await rows<{ run: string; date: string; accounts: number; total: string }>(
    db,
    sql`select coalesce(c.run_number, c.run_id::text) as run, max(c.date)::text as date, count(distinct c.account_id)::int as accounts, sum(l.certified)::text as total
    from ledger.certification c join (select certification_id, sum(certified) as certified from ledger.certification_line group by 1) l on l.certification_id = c.id
    where c.withdrawn_at is null group by c.run_id, c.run_number order by c.run_id desc limit 50`,
  )
  return found.map(({ run, date, accounts, total }) => ({
    value: run,
    label: `Run ${run}, ${formatDay(date)}, ${accounts} account${accounts === 1 ? '' : 's'}, ${moneyText(total)}`,
  }))
}

const noticeForm = defineForm({
  date: field(dateInput(), { label: 'Notice date', input: 'date' }),
  taxYear: taxYear(),
  runId: field(optional(codeInput()), {
    label: 'Run',
    input: 'select',
    hint: 'Empty: all certifications of the tax year',
  }),
  payBy: field(optional(dateInput()), { label: 'Pay by', input: 'date' }),
  hearing: field(optional(dateInput()), { label: 'Hearing', input: 'date' }),
  reprint: field(checkboxInput(), { label: 'Print again those that were sent a notice', input: 'checkbox' }),
})

const notices = runScreens(printNotices, {
  form: noticeForm,
  lists: async (db) => ({ options: { runId: await createRuns(db) } }),
  show: (options: Partial<NoticeOptions>) => options,
  read: (typed) => given(typed),
  fresh: ['date', 'taxYear', 'payBy', 'hearing', 'reprint', 'runId'],
})

const payments = runScreens(importPayments, {
  form: defineForm({}),
  show: () => ({}),
  read: (_typed, { file, before }) =>
    file
      ? { fileName: file.name.slice(0, 200), content: file.bytes.toString('utf8') }
      : { fileName: before?.fileName, content: before?.content },
  heading: 'File of the county',
  file: {
    name: 'file',
    label: 'File',
    accept: '.csv,text/csv,text/plain',
    hint: 'Comma separated with a header line: Account or Parcel, Tax Year, Amount, Date, Check Number, Source ID.',
  },
  fresh: ['fileName', 'content'],
})

/** The screens of the batch routines of this menu. */
export const certificationScreens: readonly FeatureMaker[] = [create, notices, update, countyScreen, payments]
