import type { Request, Response } from 'express'
import { NotFound } from '../errors.ts'
import { moneyOf, ZERO } from '../ledger/money.ts'
import type { Values } from '../tables/merge.ts'
import { context } from '../web/context.ts'
import type { FormView } from '../web/form.ts'
import { view } from '../web/view.ts'
import { type Draft, type Example, workedExample } from './example.ts'
import { type AllocationData, allocationForm } from './forms.ts'
import { availableFor, closePicker, isListName, LISTS, type PickerState } from './picker.ts'
import type { AllocationLists } from './rules.ts'
import { type SettingName, settings } from './settings.ts'
import { type ServiceRow, serviceList } from './store.ts'
import { ROOT, tabFrame } from './tab.ts'

export const PATH = `${ROOT}/payment-allocation`
/** The settings of the tab. */
export const NAMES = [
  'firstPriorityMethod',
  'secondPriorityMethod',
  'thirdPriorityMethod',
  'payPastDueFirst',
  'overpaymentMethod',
] as const satisfies SettingName[]

/** The fields of the worked example, which anybody may try. */
const TRIED = ['amount', 'account']

/** The tab as somebody has it before them: stored or not, with the picker, the example and what was shown first. */
export interface Screen {
  picker: PickerState
  typed: Pick<AllocationData, (typeof NAMES)[number]>
  ticks: { available: string[]; chosen: string[] }
  amount: string
  account: string
  seen: Values
}

/** The screen as it was sent, whatever of it can be read. */
export async function screenOf(body: object, res: Response): Promise<Screen> {
  const stored = await settings(context(res).db)
  const sent = body as Record<string, unknown>
  const text = (name: string) => (typeof sent[name] === 'string' ? (sent[name] as string) : '')
  const lists = Object.fromEntries(LISTS.map((list) => [list, codes(text(list))])) as AllocationLists
  const open = text('open')
  const ticked = (name: string) => [sent[name] ?? []].flat().map(String)
  const past = sent.payPastDueFirst
  return {
    picker: { lists, open: isListName(open) ? open : '', picked: codes(text('picked')) },
    typed: {
      firstPriorityMethod: oneOf(text('firstPriorityMethod'), ['percentage', 'listed'], stored.firstPriorityMethod),
      secondPriorityMethod: oneOf(text('secondPriorityMethod'), ['percentage', 'listed'], stored.secondPriorityMethod),
      thirdPriorityMethod: oneOf(text('thirdPriorityMethod'), ['percentage', 'listed'], stored.thirdPriorityMethod),
      payPastDueFirst: past === true || past === 'on',
      overpaymentMethod: oneOf(
        text('overpaymentMethod'),
        ['listed', 'history', 'all_except', 'open_credit'],
        stored.overpaymentMethod,
      ),
    },
    ticks: { available: ticked('available'), chosen: ticked('chosen') },
    amount: text('amount'),
    account: text('account'),
    seen: seenOf(text('seen')),
  }
}

const oneOf = <T extends string>(text: string, values: readonly T[], otherwise: T): T =>
  values.find((value) => value === text) ?? otherwise

function codes(written: string): string[] {
  try {
    const read: unknown = JSON.parse(written)
    return Array.isArray(read) ? [...new Set(read.map(String))] : []
  } catch {
    return []
  }
}

function seenOf(written: string): Values {
  try {
    return JSON.parse(written) as Values
  } catch {
    return {}
  }
}

interface Rendering {
  errors?: FormView
  theirs?: string[]
  status?: number
}

export async function render(
  req: Request,
  res: Response,
  screen: Screen,
  { errors, theirs = [], status = 200 }: Rendering = {},
): Promise<void> {
  const { db } = context(res)
  const [frame, services, example] = await Promise.all([
    tabFrame(res, 'Payment Allocation'),
    serviceList(db),
    exampleOf(res, screen),
  ])
  const { lists, open, picked } = screen.picker
  const values = {
    ...screen.typed,
    amount: screen.amount,
    account: screen.account,
    open,
    seen: JSON.stringify(screen.seen),
    picked: JSON.stringify(picked),
  }
  const failed = Object.fromEntries((errors?.summary ?? []).map(({ name, text }) => [name, text]))
  const readonly = frame.mayEdit ? [] : Object.keys(allocationForm.shape).filter((name) => !TRIED.includes(name))
  const form = allocationForm.show({ ...values, ...written(lists) }, { ...failed, ...example.errors }, { readonly })
  for (const name of NAMES) if (form.by[name]) form.by[name].required = false
  const unsaved = LISTS.some((list) => written(closePicker(screen.picker).lists)[list] !== screen.seen[list])
  const data = {
    ...frame,
    action: PATH,
    form,
    unsaved,
    theirs,
    services: lines(lists, services),
    picker: pickerOf(screen, services),
    example: example.shown,
  }
  view(req, res, 'organization/payment-allocation', data, { status, block: 'tab' })
}

export const written = (lists: AllocationLists): Values =>
  Object.fromEntries(LISTS.map((list) => [list, JSON.stringify(lists[list])]))

/** Each list as one line: '1 Penalty, 2 Water'. */
function lines(lists: AllocationLists, services: readonly ServiceRow[]): Record<string, string> {
  const name = (code: string) => services.find((service) => service.code === code)?.name ?? code
  const line = (list: readonly string[]) => list.map((code, at) => `${at + 1} ${name(code)}`).join(', ')
  return Object.fromEntries(
    LISTS.map((list) => [list, line(lists[list]) || (list === 'third' ? 'Everything not listed above' : 'None')]),
  )
}

function pickerOf({ picker, ticks }: Screen, services: readonly ServiceRow[]) {
  const name = (code: string) => services.find((service) => service.code === code)?.name ?? code
  return {
    open: picker.open,
    available: picker.open === '' ? [] : availableFor(picker, services),
    picked: picker.picked.map((code) => ({ code, name: name(code), ticked: ticks.chosen.includes(code) })),
  }
}

/** The example under the screen as it stands; an amount or account that cannot be read says so at its field. */
async function exampleOf(
  res: Response,
  { picker, typed, amount, account }: Screen,
): Promise<{ shown?: Example; errors?: Record<string, string> }> {
  const { db, today, may } = context(res)
  const paid = moneyOf(amount)
  if (!paid.ok && amount !== '') return { errors: { amount: 'Write an amount like 20.00.' } }
  if (!may('customers.view') || !paid.ok || paid.value.lte(ZERO)) return {}
  const draft: Draft = {
    lists: closePicker(picker).lists,
    methods: { first: typed.firstPriorityMethod, second: typed.secondPriorityMethod, third: typed.thirdPriorityMethod },
    payPastDueFirst: typed.payPastDueFirst,
    overpaymentMethod: typed.overpaymentMethod,
  }
  try {
    const shown = await workedExample(db, draft, { amount: paid.value, account, date: today })
    return shown ? { shown } : {}
  } catch (error) {
    if (!(error instanceof NotFound)) throw error
    return { errors: { account: 'There is no such account.' } }
  }
}
