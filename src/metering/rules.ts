import Big from 'big.js'
import { type Day, daysBetween } from '../ledger/calendar.ts'
import { accept, type Result, refuse } from '../ledger/result.ts'

export type ReadKind = 'actual' | 'estimated'

/** A register as it was read: a day, what the dials showed, and whether somebody saw it. */
export interface Read {
  date: Day
  reading: string
  kind: ReadKind
}

/** A meter at a place: what counts for its usage. `removeDate` null = it is there still. */
export interface Installed {
  installDate: Day | null
  installRead: string | null
  removeDate: Day | null
  dials: number | null
  multiplier: string
}

/** How a reading follows the one before: on, over the top, back below an estimate, or back without a reason. */
export type How = 'on' | 'rollover' | 'correction' | 'backward'

/** From one reading of a meter to its next. */
export interface Span {
  from: Read | null
  to: Read
  /** Difference of the readings as the register shows it, rollover counted; null without an earlier reading. */
  difference: Big | null
  /** The difference times the meter's multiplier, in usage units. */
  usage: Big | null
  days: number
  how: How
  /** The last one before the meter was taken out. */
  final: boolean
}

const NONE = new Big('0')
const TEN = new Big('10')

/** What a register of so many dials counts to before it begins again. */
export const dialRange = (dials: number): Big => TEN.pow(dials)

/**
 * What went through a meter between two readings. A reading below the last one rolled over at 10^dials where that makes
 * at most half of what the register can count; else it takes back what an estimate was too high, and after an actual
 * reading it is backward: an error, or the wrong meter. Usage is not rounded here. domain.md 5, step 2.
 */
export function difference(
  previous: Pick<Read, 'reading' | 'kind'>,
  present: string,
  dials: number | null,
): { amount: Big; how: How } {
  const plain = new Big(present).minus(previous.reading)
  if (plain.gte(NONE)) return { amount: plain, how: 'on' }
  if (dials !== null) {
    const over = plain.plus(dialRange(dials))
    if (over.gte(NONE) && over.times('2').lte(dialRange(dials))) return { amount: over, how: 'rollover' }
  }
  return { amount: plain, how: previous.kind === 'estimated' ? 'correction' : 'backward' }
}

/**
 * The readings of a meter that belong to one installation, oldest first: after the day it was put in, to the day it was
 * taken out, inclusive. A reading of the very day it was put in counts unless the meter was taken out elsewhere that day
 * (`moved`). An actual reading stands before an estimate of the same day.
 */
export function readsOf<R extends Read>(installed: Installed, reads: readonly R[], moved = false): R[] {
  const { installDate, removeDate } = installed
  const own = reads.filter(
    ({ date }) =>
      (installDate === null || (moved ? date > installDate : date >= installDate)) &&
      (removeDate === null || date <= removeDate),
  )
  const actual = new Set(own.filter(({ kind }) => kind === 'actual').map(({ date }) => date))
  return own
    .filter(({ kind, date }) => kind === 'actual' || !actual.has(date))
    .sort((a, b) => (a.date < b.date ? -1 : 1))
}

/** What the installation began with: its install read, which counts as actual. */
export const beginning = ({ installDate, installRead }: Installed): Read | null =>
  installDate === null || installRead === null ? null : { date: installDate, reading: installRead, kind: 'actual' }

/** The spans of one installation, oldest first. `reads` are all of its meter; see `readsOf`. */
export function spansOf(installed: Installed, reads: readonly Read[], moved = false): Span[] {
  let from = beginning(installed)
  return readsOf(installed, reads, moved).map((to) => {
    const span = spanOf(installed, from, to)
    from = to
    return span
  })
}

function spanOf({ dials, multiplier, removeDate }: Installed, from: Read | null, to: Read): Span {
  const final = to.date === removeDate
  if (from === null) return { from, to, difference: null, usage: null, days: 0, how: 'on', final }
  const { amount, how } = difference(from, to.reading, dials)
  const usage = amount.times(multiplier)
  return { from, to, difference: amount, usage, days: daysBetween(from.date, to.date), how, final }
}

/** The usage of a service at a place that was read on a day, of every meter behind it. */
export interface Line<S extends Span> {
  date: Day
  spans: S[]
  usage: Big | null
  days: number
  estimated: boolean
}

/**
 * Lines of one service, newest first. What a meter counted until it was taken out goes with the first reading of the
 * meter that followed it, so an exchange adds up; without one it is a line of its own.
 */
export function linesOf<S extends Span & { installDate: Day | null }>(spans: readonly S[]): Line<S>[] {
  const byDay = new Map<Day, S[]>()
  for (const span of spans) {
    const day = span.final ? (followedOn(span, spans) ?? span.to.date) : span.to.date
    byDay.set(day, [...(byDay.get(day) ?? []), span])
  }
  return [...byDay]
    .sort(([a], [b]) => (a < b ? 1 : -1))
    .map(([date, own]) => ({
      date,
      spans: own,
      usage: totalUsage(own),
      days: own.reduce((most, { days }) => Math.max(most, days), 0),
      estimated: own.some(({ to }) => to.kind === 'estimated'),
    }))
}

function followedOn<S extends Span & { installDate: Day | null }>(taken: S, spans: readonly S[]): Day | undefined {
  return spans
    .filter(({ installDate, to }) => installDate !== null && installDate >= taken.to.date && to.date > taken.to.date)
    .map(({ to }) => to.date)
    .sort()[0]
}

/** Null where nothing can be reckoned: the first reading of a meter without an install read. */
export function totalUsage(spans: readonly Pick<Span, 'usage'>[]): Big | null {
  const known = spans.flatMap(({ usage }) => (usage === null ? [] : [usage]))
  return known.length === 0 ? null : known.reduce((total, usage) => total.plus(usage), NONE)
}

/** Whether the newest of a meter's readings is of this day and says this. */
export const isLastRead = (reads: readonly Pick<Read, 'date' | 'reading'>[], date: Day, reading: string): boolean =>
  reads.every((each) => each.date <= date) &&
  reads.some((each) => each.date === date && new Big(each.reading).eq(reading))

/** Whether a register of so many dials can show this; unknown dials show everything. */
export const fitsDials = (reading: string, dials: number | null): boolean =>
  dials === null || new Big(reading).lt(dialRange(dials))

export type Warning = 'rollover' | 'correction' | 'high' | 'low' | 'zero'

export interface Checked {
  difference: Big | null
  usage: Big | null
  days: number
  warnings: Warning[]
}

/** Half as much again, or half of, what the meter used a day until now is worth a second look. */
const HIGH = '1.5'
const LOW = '0.5'
const SPANS_BEHIND = 12

/**
 * A new reading against those before. Refuses one that is not after the last (`not_after`), that the dials cannot show
 * (`too_long`), and one below an actual reading that is no rollover (`below_last`). Warnings may be accepted.
 */
export function checkRead(installed: Installed, history: readonly Read[], typed: Read, moved = false): Result<Checked> {
  const before = spansOf(installed, history, moved)
  const last = before.at(-1)?.to ?? beginning(installed)
  if (installed.installDate !== null && typed.date < installed.installDate)
    return refuse('before_installation', { date: installed.installDate })
  if (!fitsDials(typed.reading, installed.dials)) return refuse('too_long', { dials: String(installed.dials) })
  if (last === null) return accept({ difference: null, usage: null, days: 0, warnings: [] })
  const sameDay = typed.date === last.date && before.length > 0
  if (typed.date < last.date || sameDay) return refuse('not_after', { date: last.date, reading: last.reading })
  const span = spanOf(installed, last, typed)
  if (span.how === 'backward') return refuse('below_last', { date: last.date, reading: last.reading })
  return accept({ ...span, warnings: warningsOf(span, before.slice(-SPANS_BEHIND)) })
}

function warningsOf(span: Span, before: readonly Span[]): Warning[] {
  const turned: Warning[] = span.how === 'rollover' || span.how === 'correction' ? [span.how] : []
  const usual = { usage: totalUsage(before.filter(({ days }) => days > 0)), days: daysOf(before) }
  if (usual.usage === null || span.usage === null || span.days === 0 || !usual.usage.gt(NONE)) return turned
  // compared crosswise: a third has no end
  const [now, until] = [span.usage.times(String(usual.days)), usual.usage.times(String(span.days))]
  if (now.eq(NONE)) return [...turned, 'zero']
  if (now.gt(until.times(HIGH))) return [...turned, 'high']
  return now.lt(until.times(LOW)) && span.how !== 'correction' ? [...turned, 'low'] : turned
}

const daysOf = (spans: readonly Span[]): number =>
  spans.reduce((total, { usage, days }) => (usage === null ? total : total + days), 0)

/** A reading as the register shows it: leading zeros up to its dials, decimals behind. */
export function registerText(reading: string, dials: number | null): string {
  const [whole = '', decimals] = new Big(reading).toFixed().split('.')
  const padded = whole.startsWith('-') ? whole : whole.padStart(dials ?? 1, '0')
  return decimals === undefined ? padded : `${padded}.${decimals}`
}
