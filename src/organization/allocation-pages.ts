import type { Request, Response } from 'express'
import { NotFound } from '../errors.ts'
import { money } from '../ledger/money.ts'
import type { Values } from '../tables/merge.ts'
import { context } from '../web/context.ts'
import type { FormData, FormView } from '../web/form.ts'
import { refusedErrors } from '../web/refused.ts'
import { goTo, view } from '../web/view.ts'
import { type Draft, type Example, workedExample } from './example.ts'
import { allocationForm } from './forms.ts'
import { availableFor, closePicker, isListName, isPickerAction, LISTS, type PickerState, pickerStep } from './picker.ts'
import type { AllocationLists } from './rules.ts'
import { type SettingName, settings, writeSetting } from './settings.ts'
import { allocationLists, type ServiceRow, serviceList } from './store.ts'
import { ROOT, saveChanges, tabFrame, writtenState } from './tab.ts'

const PATH = `${ROOT}/payment-allocation`
const NAMES = [
  'firstPriorityMethod',
  'secondPriorityMethod',
  'thirdPriorityMethod',
  'payPastDueFirst',
  'overpaymentMethod',
] as const satisfies SettingName[]

type Typed = FormData<typeof allocationForm>
interface Screen {
  picker: PickerState
  typed: Pick<Typed, (typeof NAMES)[number]>
  ticks: { available: string[]; chosen: string[] }
  amount: string
  account: string
  seen: Values
}

/** Organization > Organization > Payment Allocation [004]. */
export async function showAllocation(req: Request, res: Response): Promise<void> {
  const { db } = context(res)
  const [stored, lists] = await Promise.all([settings(db), allocationLists(db)])
  await render(req, res, {
    picker: { lists, open: '', picked: [] },
    typed: stored,
    ticks: { available: [], chosen: [] },
    amount: '20.00',
    account: '',
    seen: writtenState(stored, NAMES, lists),
  })
}

/** Every button of the tab: the picker's change what the screen shows; Save, which has no name, stores it. */
export async function applyAllocation(req: Request, res: Response): Promise<void> {
  const parsed = allocationForm.parse(req.body)
  if (!parsed.ok)
    return render(req, res, await screenOf(req.body as Record<string, string>, res), {
      errors: parsed.view,
      status: 422,
    })
  const screen = await screenOf(parsed.data as unknown as Record<string, string>, res)
  const action = parsed.data.do
  if (isPickerAction(action))
    return render(req, res, { ...screen, picker: pickerStep(screen.picker, action, screen.ticks) })
  if (action === 'example') return render(req, res, screen)
  await save(req, res, { ...screen, picker: closePicker(screen.picker) }, parsed.data)
}

async function save(req: Request, res: Response, screen: Screen, data: Typed): Promise<void> {
  const { db } = context(res)
  const [stored, lists] = await Promise.all([settings(db), allocationLists(db)])
  const methods = NAMES.map((name) => [name, writeSetting(name, data[name] as never)])
  const typed = Object.fromEntries([
    ...methods,
    ...LISTS.map((list) => [list, JSON.stringify(screen.picker.lists[list])]),
  ])
  try {
    const changed = await saveChanges(req, res, { stored: writtenState(stored, NAMES, lists), typed, seen: data.seen })
    if (!changed) return goTo(req, res, PATH)
    const seen = writtenState(stored, NAMES, lists)
    const merged = await screenOf(
      { ...changed.values, payPastDueFirst: changed.values.payPastDueFirst === 'yes' ? 'on' : '' },
      res,
    )
    await render(
      req,
      res,
      { ...merged, amount: screen.amount, account: screen.account, seen },
      { theirs: changed.theirs, status: 409 },
    )
  } catch (error) {
    await render(req, res, screen, { errors: allocationForm.show({}, refusedErrors(error)), status: 422 })
  }
}

/** The screen as it was sent, whatever of it can be read. */
async function screenOf(sent: Record<string, unknown>, res: Response): Promise<Screen> {
  const stored = await settings(context(res).db)
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
    amount: typeof sent.amount === 'object' && sent.amount !== null ? String(sent.amount) : text('amount'),
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

async function render(
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
  const readonly = frame.mayEdit ? [] : Object.keys(allocationForm.shape)
  const form = allocationForm.show({ ...values, ...written(lists) }, { ...failed, ...example.errors }, { readonly })
  const data = {
    ...frame,
    action: PATH,
    form,
    theirs,
    services: lines(lists, services),
    picker: pickerOf(screen, services),
    example: example.shown,
  }
  view(req, res, 'organization/payment-allocation', data, { status, block: 'tab' })
}

const written = (lists: AllocationLists): Values =>
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
  if (!may('customers.view') || !/^\d{1,7}(\.\d{1,2})?$/.test(amount) || Number(amount) === 0) return {}
  const draft: Draft = {
    lists: closePicker(picker).lists,
    methods: { first: typed.firstPriorityMethod, second: typed.secondPriorityMethod, third: typed.thirdPriorityMethod },
    payPastDueFirst: typed.payPastDueFirst,
    overpaymentMethod: typed.overpaymentMethod,
  }
  try {
    const shown = await workedExample(db, draft, { amount: money(amount), account, date: today })
    return shown ? { shown } : {}
  } catch (error) {
    if (!(error instanceof NotFound)) throw error
    return { errors: { account: 'There is no such account.' } }
  }
}
