import { Conflict, Refused } from '../errors.ts'

/** The errors of a form for what the service refused: by field where it says so, else in the summary. Others go on. */
export function refusedErrors(error: unknown): Record<string, string> {
  if (!(error instanceof Refused)) throw error
  const { detail } = error
  return detail && typeof detail === 'object' ? (detail as Record<string, string>) : { '': error.message }
}

/** How a form answers a save that did not go: 409 where somebody else was quicker, 422 with what was refused. Others go on. */
export const failedSave = (error: unknown): [status: 409 | 422, errors: Record<string, string>] =>
  error instanceof Conflict ? [409, { '': error.message }] : [422, refusedErrors(error)]

/** What a program sent and is refused, by its fields: the first is said, all of them are the detail. '' = no field. */
export function refusedInput(errors: Record<string, string>): Refused {
  const [[name, text] = ['', '']] = Object.entries(errors)
  return new Refused('input', name === '' ? text : `${name}: ${text}`, errors)
}

/** The same for what a form says of it; `outer` = how the fields are called outside. */
export const refusedForm = (
  { summary }: { summary: readonly { name: string; text: string }[] },
  outer: (name: string) => string = (name) => name,
): Refused => refusedInput(Object.fromEntries(summary.map(({ name, text }) => [outer(name), text])))
