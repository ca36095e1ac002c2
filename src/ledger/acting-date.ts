import { Refused } from '../errors.ts'
import { type Day, formatDay } from './calendar.ts'
import { accept, type Result, refuse } from './result.ts'

/**
 * The day on which a posted transaction may be reversed, returned, moved or adjusted: not before its own date and not
 * after today, both inclusive. One dated after today is acted on at its own date alone.
 */
export function actingDate(asked: Day, original: Day, today: Day): Result<Day> {
  if (asked < original) return refuse('date_before_original', { original })
  const last = today > original ? today : original
  return asked > last ? refuse('date_after_today', { last }) : accept(asked)
}

/** Refuses, at `date`, a day that `actingDate` refuses. */
export function demandActingDate(asked: Day, original: Day, today: Day): Day {
  const answer = actingDate(asked, original, today)
  if (answer.ok) return answer.value
  const { original: first, last } = answer.detail
  const sentence = first
    ? `What this changes is dated ${formatDay(first)}: choose that day or a later one.`
    : `This cannot be dated ahead: choose ${formatDay(last ?? today)} or an earlier day.`
  throw new Refused(answer.refusal, sentence, { date: sentence })
}
