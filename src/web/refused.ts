import { Refused } from '../errors.ts'

/** The errors of a form for what the service refused: by field where it says so, else in the summary. Others go on. */
export function refusedErrors(error: unknown): Record<string, string> {
  if (!(error instanceof Refused)) throw error
  const { detail } = error
  return detail && typeof detail === 'object' ? (detail as Record<string, string>) : { '': error.message }
}
