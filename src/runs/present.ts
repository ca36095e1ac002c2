import { formatDay, isDay } from '../ledger/calendar.ts'
import { money, sum, text, ZERO } from '../ledger/money.ts'
import { momentText, moneyText } from '../web/format.ts'
import { describeCriteria } from './criteria-match-rules.ts'
import { parseCriteria } from './criteria-rules.ts'
import type { RunColumn, RunKind } from './kind.ts'
import type { AgainAccount, RunTotals } from './preview-store.ts'
import { REVERSAL_KIND } from './reversal-step.ts'
import type { PreviewLine } from './stage.ts'
import type { LastPreview, RunAccount, RunRow } from './store.ts'

export interface Term {
  label: string
  value: string
}

/** The columns of a run: of those its kind names, the ones that stand in it; then every other type that does. */
export function columnsOf(kind: RunKind | undefined, totals: RunTotals): Required<RunColumn>[] {
  const found = new Set(totals.types.map(({ type }) => type))
  const named = (kind?.columns ?? []).filter(({ type }) => found.has(type))
  const others = [...found].filter((type) => !named.some((column) => column.type === type))
  return [...named, ...others.map((type) => ({ type, label: type }))].map((column) => ({ apart: false, ...column }))
}

/** The amount of each column: empty where the account has no line of the type. */
export function cellsOf(lines: PreviewLine[], columns: RunColumn[]): string[] {
  return columns.map(({ type }) => {
    const mine = lines.filter((line) => line.type === type)
    return mine.length === 0 ? '' : text(sum(mine.map((line) => money(line.amount))))
  })
}

/** The run's table: head, rows and totals, the columns that do not change the balance behind it. */
export function presentTable(kind: RunKind | undefined, totals: RunTotals, accounts: RunAccount[]) {
  const columns = columnsOf(kind, totals)
  const inside = columns.filter((column) => !column.apart)
  const apart = columns.filter((column) => column.apart)
  const whole = (list: RunColumn[]) =>
    list.map(({ type }) => totals.types.find((t) => t.type === type)?.amount ?? '0.00')
  return {
    inside,
    apart,
    beforeLabel: inside.length > 0 ? 'Balance now' : 'Balance',
    rows: accounts.map((account) => ({
      ...account,
      marks: marksOf(account.facts),
      insideCells: cellsOf(account.lines, inside),
      apartCells: cellsOf(account.lines, apart),
    })),
    totals: { before: totals.before, after: totals.after, inside: whole(inside), apart: whole(apart) },
    count: totals.accounts,
    marked: accounts.filter((account) => marksOf(account.facts).length > 0).length,
  }
}

const SHOWN_AGAIN = 50

/** The accounts that alone were prepared again: their amounts in the preview before and now, in words. */
export function presentAgain(kind: RunKind | undefined, accounts: AgainAccount[]) {
  const labels = new Map((kind?.columns ?? []).map(({ type, label }) => [type, label]))
  const said = (lines: PreviewLine[]) => {
    const types = [...new Set(lines.map(({ type }) => type))]
    const amounts = cellsOf(
      lines,
      types.map((type) => ({ type, label: type })),
    )
    return types.map((type, at) => `${labels.get(type) ?? type} ${moneyText(amounts[at] ?? '0.00')}`).join('; ')
  }
  const each = accounts.map(({ number, was, now }) => {
    return { number, was: said(was), now: now === null ? 'No longer on it' : said(now) }
  })
  return { rows: each.slice(0, SHOWN_AGAIN), more: Math.max(0, each.length - SHOWN_AGAIN) }
}

/** What a clerk should look at first: `marks` in the facts that the kind kept with the account. */
function marksOf(facts: unknown): string[] {
  const marks = (facts as { marks?: unknown } | null)?.marks
  return Array.isArray(marks) ? marks.map(String) : []
}

/** A run's options in words. */
export function optionTerms(kind: RunKind | undefined, options: unknown): Term[] {
  if (kind?.describe) return kind.describe(options)
  return plainTerms('', options)
}

function plainTerms(name: string, value: unknown): Term[] {
  if (value === null || value === undefined || value === '') return []
  if (typeof value === 'object' && !Array.isArray(value)) {
    return Object.entries(value).flatMap(([key, inner]) =>
      plainTerms(name ? `${name}, ${inWords(key).toLowerCase()}` : inWords(key), inner),
    )
  }
  return [{ label: name, value: plainValue(value) }]
}

function plainValue(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (Array.isArray(value)) return value.map(plainValue).join(', ')
  return typeof value === 'string' && isDay(value) ? formatDay(value) : String(value)
}

/** 'updateAlreadyUpdated' → 'Update already updated'. */
function inWords(name: string): string {
  const spaced = name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`)
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}

export function criteriaWords(criteria: unknown): string {
  const parsed = parseCriteria(criteria)
  return parsed.ok ? describeCriteria(parsed.value) : 'Not understood'
}

/** What a routine is called; runs without a screen of their own have names too. */
export function titleOf(kind: RunKind | undefined, name: string): string {
  if (kind) return kind.title
  return { [REVERSAL_KIND]: 'Reversal of a run', 'town.import': 'Import of a town' }[name] ?? name
}

const STATES: Record<RunRow['state'], { text: string; kind: string; icon: string }> = {
  preparing: { text: 'Preparing', kind: 'info', icon: 'refresh' },
  prepared: { text: 'Preview, nothing posted', kind: 'warn', icon: 'warn' },
  posting: { text: 'Posting', kind: 'info', icon: 'refresh' },
  posted: { text: 'Posted', kind: 'ok', icon: 'check' },
  reversed: { text: 'Reversed', kind: 'bad', icon: 'warn' },
  cancelled: { text: 'Cancelled, nothing posted', kind: '', icon: 'x' },
  failed: { text: 'Stopped, nothing posted', kind: 'bad', icon: 'error' },
}

/** A run as a line of a list and as the head of its page. */
export function presentRun(kind: RunKind | undefined, run: RunRow, timezone: string) {
  const at = (moment: string | null) => (moment ? momentText(moment, timezone) : '')
  return {
    id: run.id,
    number: run.number,
    title: titleOf(kind, run.kind),
    state: run.state,
    tag: STATES[run.state],
    count: run.count,
    total: run.total,
    fees: run.fees,
    hasFees: !money(run.fees).eq(ZERO),
    excluded: run.excluded,
    outside: run.outsideCriteria,
    preparedBy: run.preparedByName,
    preparedAt: at(run.preparedAt),
    postedBy: run.postedByName ?? '',
    postedAt: at(run.postedAt),
    reason: run.reason ?? '',
    failure: run.failure ?? '',
    options: optionTerms(kind, run.options),
    criteria: criteriaWords(run.criteria),
    hash: run.previewHash ?? '',
  }
}

const NAMED = 10
const some = (numbers: string[]): string =>
  numbers.length <= NAMED
    ? numbers.join(', ')
    : `${numbers.slice(0, NAMED).join(', ')} and ${numbers.length - NAMED} more`

/** What changed since the preview before this one, a sentence each; nothing when there was none. */
export function sinceLastPreview(run: RunRow, timezone: string): { at: string; changes: string[] } | undefined {
  const last = run.lastPreview
  if (!last) return undefined
  return { at: momentText(last.at, timezone), changes: [...accountChanges(last), ...amountChanges(last, run)] }
}

function accountChanges({ added = [], removed = [], changed = [] }: LastPreview): string[] {
  return [
    ...(added.length > 0 ? [`${added.length} added: ${some(added)}`] : []),
    ...(removed.length > 0 ? [`${removed.length} no longer on it: ${some(removed)}`] : []),
    ...(changed.length > 0 ? [`${changed.length} with other amounts: ${some(changed)}`] : []),
  ]
}

function amountChanges(last: LastPreview, run: RunRow): string[] {
  const differ = (was: string | null, is: string) => !money(was ?? '0').eq(money(is))
  return [
    ...(last.count === run.count ? [] : [`${last.count} accounts before, ${run.count} now`]),
    ...(differ(last.total, run.total) ? [`total ${moneyText(last.total)} before, ${moneyText(run.total)} now`] : []),
    ...(differ(last.fees, run.fees)
      ? [`fees ${moneyText(last.fees ?? '0.00')} before, ${moneyText(run.fees)} now`]
      : []),
  ]
}

/** How far preparing has come; said aloud in steps of ten percent. */
export function presentProgress(run: RunRow) {
  const percent = run.all > 0 ? Math.min(100, Math.floor((run.done * 100) / run.all)) : 0
  return {
    done: run.done,
    all: run.all,
    inPercent: run.inPercent === true,
    percent,
    said: run.all > 0 ? `${Math.floor(percent / 10) * 10} percent done` : 'Started',
  }
}
